//! The clock and the change log of a mailbox.
//!
//! Every change of a mailbox happens between [`Log::begin`] and [`Log::end`]: begin reads the clock (which the
//! transaction has locked), `record` writes one row of the log, end writes the clock back. All rows of one `Log`
//! share one modseq.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{Change, ChangeKind, EmailId, FolderId, MailboxId, ModSeq, Time, Uid};

/// A change of one mailbox in progress.
#[derive(Debug)]
pub struct Log {
    mailbox: MailboxId,
    modseq: ModSeq,
    at: Time,
    part: i64,
    pub(crate) next_email: i64,
    pub(crate) next_folder: i64,
    pub(crate) used: i64,
    pub(crate) messages: i64,
    message_quota: Option<i64>,
}

impl Log {
    /// Reads the clock. The transaction's scope must name the mailbox.
    pub fn begin(tx: &mut Tx<'_>, mailbox: MailboxId, at: Time) -> Result<Self, StoreError> {
        let sql = "SELECT modseq, next_email, next_folder, used, messages,
             (SELECT message_quota FROM mailbox WHERE id = ?1) FROM clock WHERE mailbox = ?1";
        let clock = tx.row(sql, params![mailbox], |row| {
            Ok(Self {
                mailbox,
                modseq: ModSeq(row.int(0)? + 1),
                at,
                part: 0,
                next_email: row.int(1)?,
                next_folder: row.int(2)?,
                used: row.int(3)?,
                messages: row.int(4)?,
                message_quota: row.opt_int(5)?,
            })
        })?;
        clock.ok_or(StoreError::Gone("the mailbox"))
    }

    pub fn mailbox(&self) -> MailboxId {
        self.mailbox
    }

    /// The number of this change.
    pub fn modseq(&self) -> ModSeq {
        self.modseq
    }

    pub fn at(&self) -> Time {
        self.at
    }

    /// Octets that the mail of the mailbox takes, with what this change added so far.
    pub fn used(&self) -> u64 {
        u64::try_from(self.used).unwrap_or(0)
    }

    /// The number of emails that the mailbox may hold, if it holds that many by now.
    pub(crate) fn full_of_messages(&self) -> Option<u64> {
        let quota = self.message_quota.filter(|quota| self.messages >= *quota)?;
        Some(u64::try_from(quota).unwrap_or(0))
    }

    /// Whether anything was recorded.
    pub fn is_empty(&self) -> bool {
        self.part == 0
    }

    pub(crate) fn record(
        &mut self,
        tx: &mut Tx<'_>,
        kind: ChangeKind,
        folder: Option<FolderId>,
        email: Option<EmailId>,
        uid: Option<Uid>,
    ) -> Result<(), StoreError> {
        self.record_for(tx, kind, folder, email, uid, None)
    }

    pub(crate) fn record_for(
        &mut self,
        tx: &mut Tx<'_>,
        kind: ChangeKind,
        folder: Option<FolderId>,
        email: Option<EmailId>,
        uid: Option<Uid>,
        person: Option<MailboxId>,
    ) -> Result<(), StoreError> {
        self.part += 1;
        tx.execute(
            "INSERT INTO change (mailbox, modseq, part, kind, folder, email, uid, person, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![self.mailbox, self.modseq, self.part, kind.code(), folder, email, uid, person, self.at],
        )?;
        if let ChangeKind::FolderCreated | ChangeKind::FolderChanged | ChangeKind::FolderRemoved = kind {
            tx.touch_folders(self.mailbox);
        }
        Ok(())
    }

    /// Writes the clock back, if anything was recorded, and has watchers told after the commit.
    pub fn end(self, tx: &mut Tx<'_>) -> Result<ModSeq, StoreError> {
        if self.is_empty() {
            return Ok(ModSeq(self.modseq.0 - 1));
        }
        tx.execute(
            "UPDATE clock SET modseq = ?2, next_email = ?3, next_folder = ?4, used = ?5, messages = ?6 WHERE mailbox = ?1",
            params![self.mailbox, self.modseq, self.next_email, self.next_folder, self.used, self.messages],
        )?;
        tx.touch(self.mailbox, self.modseq);
        Ok(self.modseq)
    }
}

/// How far the mailbox's counter has come.
pub fn current(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<ModSeq, StoreError> {
    let found = tx.row("SELECT modseq FROM clock WHERE mailbox = ?1", params![mailbox], |row| row.int(0))?;
    found.map(ModSeq).ok_or(StoreError::Gone("the mailbox"))
}

/// Octets that the mail of the mailbox takes; every email counts once and in full.
pub fn used(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<u64, StoreError> {
    let found = tx.row("SELECT used FROM clock WHERE mailbox = ?1", params![mailbox], |row| row.size(0))?;
    found.ok_or(StoreError::Gone("the mailbox"))
}

/// How many emails the mailbox holds.
pub fn messages(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<u64, StoreError> {
    let found = tx.row("SELECT messages FROM clock WHERE mailbox = ?1", params![mailbox], |row| row.size(0))?;
    found.ok_or(StoreError::Gone("the mailbox"))
}

/// The rows after `since`, in order; at most `limit`, but never half of one modseq.
pub fn since(tx: &mut Tx<'_>, mailbox: MailboxId, since: ModSeq, limit: u32) -> Result<Vec<Change>, StoreError> {
    let last = tx.row(
        "SELECT MAX(modseq) FROM (SELECT modseq FROM change WHERE mailbox = ?1 AND modseq > ?2 ORDER BY modseq, part LIMIT ?3) AS page",
        params![mailbox, since, limit],
        |row| row.opt_int(0),
    )?;
    let Some(last) = last.flatten() else { return Ok(Vec::new()) };
    tx.rows(
        "SELECT modseq, kind, folder, email, uid, person FROM change
         WHERE mailbox = ?1 AND modseq > ?2 AND modseq <= ?3 ORDER BY modseq, part",
        params![mailbox, since, last],
        |row| {
            Ok(Change {
                modseq: ModSeq(row.int(0)?),
                kind: ChangeKind::from_code(row.int(1)?).ok_or(StoreError::Corrupt("change.kind"))?,
                folder: row.opt_int(2)?.map(FolderId),
                email: row.opt_int(3)?.map(EmailId),
                uid: row.opt_int(4)?.map(|uid| u32::try_from(uid).unwrap_or(0)),
                person: row.opt_int(5)?.map(MailboxId),
            })
        },
    )
}

/// Forgets rows of the log older than `before`; at most `limit`. Gives how many went.
pub fn prune(tx: &mut Tx<'_>, mailbox: MailboxId, before: Time, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        // The oldest rows are looked at, never the whole log.
        "DELETE FROM change WHERE mailbox = ?1 AND modseq IN
         (SELECT modseq FROM change WHERE mailbox = ?1 ORDER BY modseq, part LIMIT ?3) AND at < ?2",
        params![mailbox, before, limit],
    )
}
