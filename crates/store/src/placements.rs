//! Placements: which emails stand in which folder, under which UID.

use crate::changes::Log;
use crate::content::ContentId;
use crate::db::error::StoreError;
use crate::db::tx::{Tx, in_list, padded_chunks};
use crate::{Row, Value, emails, folders, params};
use postroom_model::{ChangeKind, EmailId, Flags, FolderId, MailboxId, ModSeq, ThreadId, Time, Uid};

/// A placement with what every list of messages shows of its email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub uid: Uid,
    pub email: EmailId,
    pub thread: ThreadId,
    pub content: ContentId,
    /// Keywords of the email, and `\Deleted` of the placement.
    pub flags: Flags,
    /// Keywords of people's own, sorted, separated by blanks.
    pub keywords: String,
    pub modseq: ModSeq,
    pub size: u64,
    pub received_at: Time,
    pub saved_at: Time,
}

/// The beginning of every query: placements with their emails. `person`: whose own `\Seen` it is, in mailboxes where
/// that is personal; without a row of their own it is what the email bears.
fn select(person: Option<MailboxId>) -> String {
    let (flags, seen_modseq, join) = match person {
        None => ("e.flags", "0".to_owned(), String::new()),
        Some(person) => (
            "e.flags - (e.flags & 1) + COALESCE(s.seen, e.flags & 1)",
            "COALESCE(s.modseq, 0)".to_owned(),
            // A number of ours, not text of anybody's.
            format!(" LEFT JOIN seen s ON s.mailbox = p.mailbox AND s.person = {person} AND s.email = p.email"),
        ),
    };
    format!(
        "SELECT p.uid, p.email, e.thread, e.content, {flags}, p.deleted, e.keywords, e.modseq, p.modseq, e.size,
                e.received_at, p.saved_at, CAST({seen_modseq} AS BIGINT)
         FROM placement p JOIN email e ON e.mailbox = p.mailbox AND e.id = p.email{join}"
    )
}

fn read(row: &Row<'_>) -> Result<Placement, StoreError> {
    let deleted = if row.bool(5)? { Flags::DELETED } else { Flags::NONE };
    Ok(Placement {
        uid: row.uint(0)?,
        email: EmailId(row.int(1)?),
        thread: ThreadId(row.int(2)?),
        content: ContentId(row.int(3)?),
        flags: Flags(row.uint(4)?).union(deleted),
        keywords: row.text(6)?.to_owned(),
        modseq: ModSeq(row.int(7)?.max(row.int(8)?).max(row.int(12)?)),
        size: row.size(9)?,
        received_at: Time(row.int(10)?),
        saved_at: Time(row.int(11)?),
    })
}

/// A page of a folder in order of UID, after `after`. `person`: whose `\Seen`, where it is personal.
pub fn page(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    folder: FolderId,
    person: Option<MailboxId>,
    after: Uid,
    limit: u32,
) -> Result<Vec<Placement>, StoreError> {
    let sql =
        format!("{} WHERE p.mailbox = ?1 AND p.folder = ?2 AND p.uid > ?3 ORDER BY p.uid LIMIT ?4", select(person));
    tx.rows(&sql, params![mailbox, folder, after, limit], read)
}

/// The placements of some emails in one folder, in any order.
pub fn of_emails(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    folder: FolderId,
    person: Option<MailboxId>,
    ids: &[EmailId],
) -> Result<Vec<Placement>, StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    among(tx, mailbox, folder, person, "p.email", &ids)
}

/// The placements under some UIDs of a folder, in any order. UIDs that are not there are left out.
pub fn of_uids(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    folder: FolderId,
    person: Option<MailboxId>,
    uids: &[Uid],
) -> Result<Vec<Placement>, StoreError> {
    let uids: Vec<i64> = uids.iter().map(|uid| i64::from(*uid)).collect();
    among(tx, mailbox, folder, person, "p.uid", &uids)
}

fn among(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    folder: FolderId,
    person: Option<MailboxId>,
    column: &str,
    values: &[i64],
) -> Result<Vec<Placement>, StoreError> {
    let mut found = Vec::with_capacity(values.len());
    for chunk in padded_chunks(values) {
        let sql = format!(
            "{} WHERE p.mailbox = ?1 AND p.folder = ?2 AND {column} IN ({})",
            select(person),
            in_list(2, chunk.len())
        );
        let mut values: Vec<Value<'_>> = vec![mailbox.into(), folder.into()];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        tx.for_each(&sql, &values, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
    }
    Ok(found)
}

/// The placement under a UID.
pub fn at(tx: &mut Tx<'_>, mailbox: MailboxId, folder: FolderId, uid: Uid) -> Result<Option<Placement>, StoreError> {
    let sql = format!("{} WHERE p.mailbox = ?1 AND p.folder = ?2 AND p.uid = ?3", select(None));
    tx.row(&sql, params![mailbox, folder, uid], read)
}

/// The folders that an email stands in.
pub fn folders_of(tx: &mut Tx<'_>, mailbox: MailboxId, email: EmailId) -> Result<Vec<FolderId>, StoreError> {
    let sql = "SELECT DISTINCT folder FROM placement WHERE mailbox = ?1 AND email = ?2";
    tx.rows(sql, params![mailbox, email], |row| Ok(FolderId(row.int(0)?)))
}

/// The folders that any of some emails stands in, in any order; one may come more than once.
pub fn folders_of_any(tx: &mut Tx<'_>, mailbox: MailboxId, emails: &[EmailId]) -> Result<Vec<FolderId>, StoreError> {
    let ids: Vec<i64> = emails.iter().map(|id| id.0).collect();
    let mut found = Vec::new();
    for chunk in padded_chunks(&ids) {
        let sql = format!(
            "SELECT DISTINCT folder FROM placement WHERE mailbox = ?1 AND email IN ({})",
            in_list(1, chunk.len())
        );
        let mut values: Vec<Value<'_>> = vec![mailbox.into()];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        tx.for_each(&sql, &values, |row| {
            found.push(FolderId(row.int(0)?));
            Ok(())
        })?;
    }
    Ok(found)
}

/// Counts of a folder, as STATUS gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub messages: u32,
    pub unseen: u32,
    pub deleted: u32,
    /// Octets of all messages together.
    pub size: u64,
}

/// Counts of every folder of a mailbox that holds a message. `person`: whose `\Seen`, where it is personal.
pub fn counts(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: Option<MailboxId>,
) -> Result<Vec<(FolderId, Counts)>, StoreError> {
    let (seen, join) = match person {
        None => ("e.flags & 1", ""),
        Some(_) => {
            ("COALESCE(s.seen, 0)", "LEFT JOIN seen s ON s.mailbox = p.mailbox AND s.person = ?2 AND s.email = p.email")
        }
    };
    let sql = format!(
        "SELECT p.folder, COUNT(*), CAST(SUM(CASE WHEN {seen} = 0 THEN 1 ELSE 0 END) AS BIGINT),
                CAST(SUM(p.deleted) AS BIGINT), CAST(SUM(e.size) AS BIGINT)
         FROM placement p JOIN email e ON e.mailbox = p.mailbox AND e.id = p.email {join}
         WHERE p.mailbox = ?1 GROUP BY p.folder"
    );
    let mut values: Vec<Value<'_>> = vec![mailbox.into()];
    values.extend(person.map(Value::from));
    tx.rows(&sql, &values, |row| {
        let counts = Counts { messages: row.uint(1)?, unseen: row.uint(2)?, deleted: row.uint(3)?, size: row.size(4)? };
        Ok((FolderId(row.int(0)?), counts))
    })
}

/// Puts an email into a folder under a UID that [`folders::next_uid`] gave out.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    log: &mut Log,
    folder: FolderId,
    uid: Uid,
    email: EmailId,
    deleted: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO placement (mailbox, folder, uid, email, deleted, modseq, saved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![log.mailbox(), folder, uid, email, deleted, log.modseq(), log.at()],
    )?;
    log.record(tx, ChangeKind::Placed, Some(folder), Some(email), Some(uid))
}

/// One more placement of an email; gives its UID and the folder's UIDVALIDITY.
pub fn add(tx: &mut Tx<'_>, log: &mut Log, folder: FolderId, email: EmailId) -> Result<(Uid, u32), StoreError> {
    let (uid, uidvalidity) = folders::next_uid(tx, log, folder)?.ok_or(StoreError::Gone("the folder"))?;
    insert(tx, log, folder, uid, email, false)?;
    Ok((uid, uidvalidity))
}

/// Takes a message out of a folder. An email that then stands nowhere is gone for good.
/// Gives false if there was none under the UID.
pub fn remove(tx: &mut Tx<'_>, log: &mut Log, folder: FolderId, uid: Uid) -> Result<bool, StoreError> {
    let gone = tx.row(
        "DELETE FROM placement WHERE mailbox = ?1 AND folder = ?2 AND uid = ?3 RETURNING email",
        params![log.mailbox(), folder, uid],
        |row| Ok(EmailId(row.int(0)?)),
    )?;
    let Some(email) = gone else { return Ok(false) };
    log.record(tx, ChangeKind::Removed, Some(folder), Some(email), Some(uid))?;
    if folders_of(tx, log.mailbox(), email)?.is_empty() {
        emails::forget(tx, log, email)?;
    }
    Ok(true)
}

/// Moves a message to another folder of the mailbox; gives the new UID and UIDVALIDITY, or None if there is no
/// message under the UID.
pub fn relocate(
    tx: &mut Tx<'_>,
    log: &mut Log,
    from: FolderId,
    uid: Uid,
    to: FolderId,
) -> Result<Option<(Uid, u32)>, StoreError> {
    let Some(found) = at(tx, log.mailbox(), from, uid)? else { return Ok(None) };
    // Placed first, so that the email never stands nowhere.
    let placed = add(tx, log, to, found.email)?;
    remove(tx, log, from, uid)?;
    Ok(Some(placed))
}

/// Sets or clears `\Deleted`.
pub fn set_deleted(
    tx: &mut Tx<'_>,
    log: &mut Log,
    folder: FolderId,
    uid: Uid,
    deleted: bool,
) -> Result<(), StoreError> {
    let email = tx.row(
        "UPDATE placement SET deleted = ?4, modseq = ?5 WHERE mailbox = ?1 AND folder = ?2 AND uid = ?3 RETURNING email",
        params![log.mailbox(), folder, uid, deleted, log.modseq()],
        |row| Ok(EmailId(row.int(0)?)),
    )?;
    let email = email.ok_or(StoreError::Gone("the message"))?;
    log.record(tx, ChangeKind::Deleted, Some(folder), Some(email), Some(uid))
}
