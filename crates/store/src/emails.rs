//! Emails: filing, keywords, and taking them out for good.
//!
//! Start reading at [`file`].

use crate::changes::{About, Log};
use crate::content::{self, ContentId, NewContent};
use crate::db::error::StoreError;
use crate::db::queue::Retry;
use crate::db::tx::Tx;
use crate::{folders, params, placements, threads};
use postroom_model::{ChangeKind, EmailId, Flags, FolderId, MailboxId, ModSeq, ThreadId, Time, Uid};

/// A message to be filed. What is slow to compute has been computed.
#[derive(Clone, Debug)]
pub struct NewEmail<'a> {
    pub folder: FolderId,
    pub content: Source<'a>,
    pub received_at: Time,
    pub flags: Flags,
    /// Keywords of people's own, sorted, separated by blanks.
    pub keywords: &'a str,
}

/// The content of a new email: fresh, or stored already (a copy from another mailbox).
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    New(&'a NewContent),
    Stored(ContentId),
}

/// Where a message was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filed {
    pub email: EmailId,
    pub thread: ThreadId,
    pub uid: Uid,
    pub uidvalidity: u32,
    pub modseq: ModSeq,
}

#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the mailbox is full: {used} of {quota} octets are used")]
    Full { used: u64, quota: u64 },
    #[error("the mailbox is full: it may hold {quota} messages")]
    TooMany { quota: u64 },
    #[error("the folder does not exist")]
    NoFolder,
}

impl Retry for FileError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}

/// Files a message in a folder: content, email, placement, log, and the note for the search index.
pub fn file(tx: &mut Tx<'_>, log: &mut Log, new: &NewEmail<'_>, quota: Option<u64>) -> Result<Filed, FileError> {
    let (content, size, references) = take_up(tx, new.content)?;
    if let Some(quota) = quota.filter(|quota| log.used() + size > *quota) {
        return Err(FileError::Full { used: log.used(), quota });
    }
    if let Some(quota) = log.full_of_messages() {
        return Err(FileError::TooMany { quota });
    }
    let email = EmailId(log.next_email);
    log.next_email += 1;
    log.used += i64::try_from(size).unwrap_or(i64::MAX);
    log.messages += 1;
    let thread = threads::join(tx, log.mailbox(), &references, ThreadId(email.0))?;
    let flags = new.flags.without(Flags::DELETED);
    tx.execute(
        "INSERT INTO email (mailbox, id, thread, content, size, received_at, flags, keywords, modseq, created_modseq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
        params![log.mailbox(), email, thread, content.0, size, new.received_at, flags, new.keywords, log.modseq()],
    )?;
    let (uid, uidvalidity) = folders::next_uid(tx, log, new.folder)?.ok_or(FileError::NoFolder)?;
    let deleted = new.flags.contains(Flags::DELETED);
    placements::insert(tx, log, (new.folder, uid), (email, thread), deleted)?;
    tx.execute("INSERT INTO to_index (mailbox, email) VALUES (?1, ?2)", params![log.mailbox(), email])?;
    Ok(Filed { email, thread, uid, uidvalidity, modseq: log.modseq() })
}

/// The id, size and references of the content, which is inserted if it is new.
fn take_up(tx: &mut Tx<'_>, source: Source<'_>) -> Result<(ContentId, u64, Vec<i64>), StoreError> {
    match source {
        Source::New(new) => Ok((content::insert(tx, new)?, new.size(), new.references().to_vec())),
        Source::Stored(id) => {
            let (size, references) = content::describe(tx, id)?.ok_or(StoreError::Gone("the message"))?;
            Ok((id, size, references))
        }
    }
}

/// The well-known keywords of an email, and people's own. None: it does not exist.
pub fn keywords(tx: &mut Tx<'_>, mailbox: MailboxId, email: EmailId) -> Result<Option<(Flags, String)>, StoreError> {
    let sql = "SELECT flags, keywords FROM email WHERE mailbox = ?1 AND id = ?2";
    tx.row(sql, params![mailbox, email], |row| Ok((Flags(row.uint(0)?), row.text(1)?.to_owned())))
}

/// Replaces the keywords of an email, everywhere it stands. `\Deleted` is not one of them.
pub fn set_keywords(
    tx: &mut Tx<'_>,
    log: &mut Log,
    email: EmailId,
    flags: Flags,
    keywords: &str,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE email SET flags = ?3, keywords = ?4, modseq = ?5 WHERE mailbox = ?1 AND id = ?2",
        params![log.mailbox(), email, flags.without(Flags::DELETED), keywords, log.modseq()],
    )?;
    if changed == 0 {
        return Err(StoreError::Gone("the email"));
    }
    log.record(tx, ChangeKind::Keywords, About::email(email))
}

/// Sets or clears one person's own `\Seen` of an email, where that is personal. Nobody else sees the change.
pub fn set_personal_seen(
    tx: &mut Tx<'_>,
    log: &mut Log,
    person: MailboxId,
    email: EmailId,
    seen: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO seen (mailbox, person, email, seen, modseq) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (mailbox, person, email) DO UPDATE SET seen = ?4, modseq = ?5",
        params![log.mailbox(), person, email, seen, log.modseq()],
    )?;
    log.record(tx, ChangeKind::Seen, About { person: Some(person), ..About::email(email) })
}

/// Forgets an email that stands in no folder any more.
pub(crate) fn forget(tx: &mut Tx<'_>, log: &mut Log, email: EmailId) -> Result<(), StoreError> {
    let gone = tx.row(
        "DELETE FROM email WHERE mailbox = ?1 AND id = ?2 RETURNING content, size",
        params![log.mailbox(), email],
        |row| Ok((ContentId(row.int(0)?), row.int(1)?)),
    )?;
    if let Some((content, size)) = gone {
        log.used -= size;
        log.messages -= 1;
        content::release(tx, content, log.at())?;
        tx.execute("DELETE FROM to_index WHERE mailbox = ?1 AND email = ?2", params![log.mailbox(), email])?;
        tx.execute("DELETE FROM seen WHERE mailbox = ?1 AND email = ?2", params![log.mailbox(), email])?;
    }
    Ok(())
}
