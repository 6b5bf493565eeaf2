//! What people have sent, as they see it afterwards; what becomes of it on its way is elsewhere.

use crate::changes::{About, Log};
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, params};
use postroom_model::{ChangeKind, EmailId, MailboxId, ThreadId, Time};

/// One message that somebody sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Ignored where one is made.
    pub id: i64,
    pub identity: i64,
    pub email: EmailId,
    pub thread: ThreadId,
    /// As the message is named in trace fields.
    pub name: String,
    /// In the words of the door that took it.
    pub envelope: String,
    pub send_at: Time,
}

fn read(row: &Row<'_>) -> Result<Submission, StoreError> {
    Ok(Submission {
        id: row.int(0)?,
        identity: row.int(1)?,
        email: EmailId(row.int(2)?),
        thread: ThreadId(row.int(3)?),
        name: row.text(4)?.to_owned(),
        envelope: row.text(5)?.to_owned(),
        send_at: Time(row.int(6)?),
    })
}

/// What a person has sent from a mailbox, in order of id.
pub fn of(tx: &mut Tx<'_>, mailbox: MailboxId, person: MailboxId) -> Result<Vec<Submission>, StoreError> {
    let sql = "SELECT id, identity, email, thread, name, envelope, send_at FROM submission
         WHERE mailbox = ?1 AND person = ?2 ORDER BY id";
    tx.rows(sql, params![mailbox, person], read)
}

/// Writes down that something was sent; gives its id.
pub fn add(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, new: &Submission) -> Result<i64, StoreError> {
    let id = log.next_object();
    tx.execute(
        "INSERT INTO submission (mailbox, id, person, identity, email, thread, name, envelope, send_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![log.mailbox(), id, person, new.identity, new.email, new.thread, &new.name, &new.envelope, new.send_at],
    )?;
    note(tx, log, ChangeKind::SubmissionCreated, person, id)?;
    Ok(id)
}

/// Forgets one; gives whether there was one.
pub fn remove(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, id: i64) -> Result<bool, StoreError> {
    let sql = "DELETE FROM submission WHERE mailbox = ?1 AND id = ?2 AND person = ?3";
    if tx.execute(sql, params![log.mailbox(), id, person])? == 0 {
        return Ok(false);
    }
    note(tx, log, ChangeKind::SubmissionRemoved, person, id)?;
    Ok(true)
}

fn note(tx: &mut Tx<'_>, log: &mut Log, kind: ChangeKind, person: MailboxId, id: i64) -> Result<(), StoreError> {
    log.record(tx, kind, About { person: Some(person), value: Some(id), ..About::default() })
}
