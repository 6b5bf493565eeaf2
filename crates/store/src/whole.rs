//! All emails of a mailbox with the places they stand in, for those who look at the mailbox as a whole.

use crate::content::ContentId;
use crate::db::error::StoreError;
use crate::db::tx::{Tx, in_list, padded_chunks};
use crate::{Row, Value, params};
use postroom_model::{EmailId, Flags, FolderId, MailboxId, ThreadId, Time, Uid};

/// An email without its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    pub email: EmailId,
    pub thread: ThreadId,
    pub content: ContentId,
    pub size: u64,
    pub received_at: Time,
    pub flags: Flags,
    /// Keywords of people's own, sorted, separated by blanks.
    pub keywords: String,
    pub has_attachment: bool,
}

/// Where an email stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub email: EmailId,
    pub folder: FolderId,
    pub uid: Uid,
    /// Marked `\Deleted`.
    pub deleted: bool,
}

/// The beginning of every query. `person`: whose own `\Seen` it is, in mailboxes where that is personal.
fn select(person: Option<MailboxId>) -> String {
    let (flags, join) = match person {
        None => ("e.flags", String::new()),
        Some(person) => (
            "e.flags - (e.flags & 1) + COALESCE(s.seen, e.flags & 1)",
            // A number of ours, not text of anybody's.
            format!(" LEFT JOIN seen s ON s.mailbox = e.mailbox AND s.person = {person} AND s.email = e.id"),
        ),
    };
    format!(
        "SELECT e.id, e.thread, e.content, e.size, e.received_at, {flags}, e.keywords, c.has_attachment
         FROM email e JOIN summary c ON c.content = e.content{join}"
    )
}

fn read(row: &Row<'_>) -> Result<Brief, StoreError> {
    Ok(Brief {
        email: EmailId(row.int(0)?),
        thread: ThreadId(row.int(1)?),
        content: ContentId(row.int(2)?),
        size: row.size(3)?,
        received_at: Time(row.int(4)?),
        flags: Flags(row.uint(5)?),
        keywords: row.text(6)?.to_owned(),
        has_attachment: row.bool(7)?,
    })
}

/// A page of the emails of a mailbox in order of id, after `after`.
pub fn page(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: Option<MailboxId>,
    after: EmailId,
    limit: u32,
) -> Result<Vec<Brief>, StoreError> {
    let sql = format!("{} WHERE e.mailbox = ?1 AND e.id > ?2 ORDER BY e.id LIMIT ?3", select(person));
    tx.rows(&sql, params![mailbox, after, limit], read)
}

/// Where the emails with ids after `after` up to `last` stand, in order of email.
pub fn places(tx: &mut Tx<'_>, mailbox: MailboxId, after: EmailId, last: EmailId) -> Result<Vec<Place>, StoreError> {
    let sql = "SELECT email, folder, uid, deleted FROM placement
         WHERE mailbox = ?1 AND email > ?2 AND email <= ?3 ORDER BY email, folder, uid";
    tx.rows(sql, params![mailbox, after, last], read_place)
}

fn read_place(row: &Row<'_>) -> Result<Place, StoreError> {
    let (email, folder) = (EmailId(row.int(0)?), FolderId(row.int(1)?));
    Ok(Place { email, folder, uid: row.uint(2)?, deleted: row.bool(3)? })
}

/// Some emails, in any order; those that are gone are missing.
pub fn emails(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: Option<MailboxId>,
    ids: &[EmailId],
) -> Result<Vec<Brief>, StoreError> {
    let select = format!("{} WHERE e.mailbox = ?1 AND e.id", select(person));
    among(tx, mailbox, &select, ids, read)
}

/// Where some emails stand, in any order.
pub fn places_of(tx: &mut Tx<'_>, mailbox: MailboxId, ids: &[EmailId]) -> Result<Vec<Place>, StoreError> {
    among(
        tx,
        mailbox,
        "SELECT email, folder, uid, deleted FROM placement WHERE mailbox = ?1 AND email",
        ids,
        read_place,
    )
}

fn among<T>(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    select: &str,
    ids: &[EmailId],
    map: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in padded_chunks(&ids) {
        let sql = format!("{select} IN ({})", in_list(1, chunk.len()));
        let mut values: Vec<Value<'_>> = vec![mailbox.into()];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        tx.for_each(&sql, &values, |row| {
            found.push(map(row)?);
            Ok(())
        })?;
    }
    Ok(found)
}
