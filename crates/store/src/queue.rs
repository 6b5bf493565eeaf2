//! The queue: messages on their way to other servers, with their recipients, what happened to them, and the copies
//! that show it. Start reading at [`add`]; attempts are in [`attempts`].

pub mod attempts;
mod read;

pub use read::{
    Filter, LogRow, Queued, QueuedRecipient, by_id, by_name, copies, list, log, of_email, recipients, totals,
};

use crate::content::{self, ContentId, NewContent};
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{DeliveryState, EmailId, MailboxId, Time};

/// Names a message in the queue, inside the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueueId(pub i64);

impl From<QueueId> for crate::Value<'_> {
    fn from(id: QueueId) -> Self {
        Self::Int(id.0)
    }
}

/// Where a message in the queue comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOrigin {
    /// Somebody sent it.
    Person,
    /// A report about another message (RFC 3464); nothing is ever reported about it.
    Report,
    /// Passed on for a mailbox.
    Forward,
}

impl QueueOrigin {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Report => "report",
            Self::Forward => "forward",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Person, Self::Report, Self::Forward].into_iter().find(|origin| origin.as_str() == raw)
    }
}

/// A message that is put into the queue.
#[derive(Clone, Copy, Debug)]
pub struct NewQueued<'a> {
    pub name: &'a str,
    pub origin: QueueOrigin,
    pub mailbox: Option<MailboxId>,
    pub person: Option<MailboxId>,
    pub content: &'a NewContent,
    pub envelope_from: &'a str,
    pub from_address: &'a str,
    pub message_id: &'a str,
    pub utf8: bool,
    pub ret: Option<&'a str>,
    pub envelope_id: Option<&'a str>,
    pub note: Option<&'a str>,
    pub at: Time,
    pub hold_until: Option<Time>,
    pub expires_at: Time,
}

/// One of its recipients.
#[derive(Clone, Copy, Debug)]
pub struct NewQueuedRecipient<'a> {
    pub address: &'a str,
    pub original: Option<&'a str>,
    pub notify: Option<u32>,
    pub state: DeliveryState,
    pub lane: &'a str,
    pub answer: &'a str,
}

/// Puts a message into the queue. Recipients that wait are due at once.
pub fn add(tx: &mut Tx<'_>, new: &NewQueued<'_>, recipients: &[NewQueuedRecipient<'_>]) -> Result<QueueId, StoreError> {
    let content = content::insert(tx, new.content)?;
    let id = tx.row(
        "INSERT INTO queue_message (name, origin, mailbox, person, content, size, envelope_from, from_address, message_id,
                                    utf8, ret, envelope_id, note, created_at, hold_until, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) RETURNING id",
        params![
            new.name,
            new.origin.as_str(),
            new.mailbox,
            new.person,
            content.0,
            new.content.size(),
            new.envelope_from,
            new.from_address,
            new.message_id,
            new.utf8,
            new.ret,
            new.envelope_id,
            new.note,
            new.at,
            new.hold_until,
            new.expires_at
        ],
        |row| row.int(0),
    )?;
    let id = QueueId(id.ok_or(StoreError::Corrupt("the id of a queued message"))?);
    for (position, recipient) in (0i64..).zip(recipients) {
        let next = (recipient.state == DeliveryState::Waiting).then_some(new.at);
        let answered = (!recipient.answer.is_empty()).then_some(new.at);
        tx.execute(
            "INSERT INTO queue_recipient (message, position, address, original, notify, state, lane, attempts, next_at,
                                          answer, answered_at, delay_told)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10, 0)",
            params![
                id,
                position,
                recipient.address,
                recipient.original,
                recipient.notify,
                recipient.state.as_str(),
                recipient.lane,
                next,
                recipient.answer,
                answered
            ],
        )?;
    }
    tx.touch_queue();
    Ok(id)
}

/// Keeps others from changing the message until the transaction ends: whoever serves its last recipient finishes it.
pub fn lock(tx: &mut Tx<'_>, id: QueueId) -> Result<(), StoreError> {
    if tx.is_postgresql() {
        tx.row("SELECT id FROM queue_message WHERE id = ?1 FOR UPDATE", params![id], |_| Ok(()))?;
    }
    Ok(())
}

/// Writes what happened. `position`: to which recipient.
pub fn note(tx: &mut Tx<'_>, id: QueueId, at: Time, position: Option<i64>, text: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO queue_log (message, at, position, text) VALUES (?1, ?2, ?3, ?4)",
        params![id, at, position, text],
    )?;
    Ok(())
}

/// Remembers which email shows the state of the message in a mailbox.
pub fn set_copy(tx: &mut Tx<'_>, id: QueueId, mailbox: MailboxId, email: EmailId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO queue_copy (message, mailbox, email) VALUES (?1, ?2, ?3)
         ON CONFLICT (message, mailbox) DO UPDATE SET email = ?3",
        params![id, mailbox, email],
    )?;
    Ok(())
}

/// The message is not held any more.
pub fn unhold(tx: &mut Tx<'_>, id: QueueId) -> Result<(), StoreError> {
    tx.execute("UPDATE queue_message SET hold_until = NULL WHERE id = ?1", params![id])?;
    Ok(())
}

/// Sets one recipient's state by hand: `next` says when something happens to it by itself.
pub fn set_state(
    tx: &mut Tx<'_>,
    id: QueueId,
    position: i64,
    (state, lane): (DeliveryState, &str),
    answer: &str,
    (at, next): (Time, Option<Time>),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE queue_recipient SET state = ?3, lane = ?4, next_at = ?5, leased_by = NULL, answer = ?6, answered_at = ?7
         WHERE message = ?1 AND position = ?2",
        params![id, position, state.as_str(), lane, next, answer, at],
    )?;
    tx.touch_queue();
    Ok(())
}

/// Makes failed and waiting recipients due at once, with a new time to give up. Gives how many there were.
pub fn retry(tx: &mut Tx<'_>, id: QueueId, at: Time, expires_at: Time) -> Result<u64, StoreError> {
    let changed = tx.execute(
        "UPDATE queue_recipient SET state = 'waiting', next_at = ?2, delay_told = 0
         WHERE message = ?1 AND state IN ('failed', 'waiting')",
        params![id, at],
    )?;
    if changed > 0 {
        let sql = "UPDATE queue_message SET expires_at = ?2, finished_at = NULL WHERE id = ?1";
        tx.execute(sql, params![id, expires_at])?;
        tx.touch_queue();
    }
    Ok(changed)
}

/// Takes back what has not left: held and waiting recipients. Gives how many there were.
pub fn cancel(tx: &mut Tx<'_>, id: QueueId) -> Result<u64, StoreError> {
    let changed = tx.execute(
        "UPDATE queue_recipient SET state = 'cancelled', next_at = NULL
         WHERE message = ?1 AND state IN ('held', 'waiting')",
        params![id],
    )?;
    if changed > 0 {
        unhold(tx, id)?;
    }
    Ok(changed)
}

/// Notes that the message is finished if no recipient is left to be served. What failed may be sent again, so its
/// content is kept; content that is not needed is given up. Gives whether it is finished.
pub fn finish(tx: &mut Tx<'_>, id: QueueId, at: Time) -> Result<bool, StoreError> {
    let open = "SELECT 1 FROM queue_recipient WHERE message = ?1 AND state IN ('held', 'waiting', 'sending') LIMIT 1";
    if tx.row(open, params![id], |_| Ok(()))?.is_some() {
        return Ok(false);
    }
    tx.execute("UPDATE queue_message SET finished_at = ?2 WHERE id = ?1", params![id, at])?;
    let failed = "SELECT 1 FROM queue_recipient WHERE message = ?1 AND state = 'failed' LIMIT 1";
    if tx.row(failed, params![id], |_| Ok(()))?.is_none() {
        drop_content(tx, id, at)?;
    }
    Ok(true)
}

fn drop_content(tx: &mut Tx<'_>, id: QueueId, at: Time) -> Result<(), StoreError> {
    let sql = "SELECT content FROM queue_message WHERE id = ?1";
    let content = tx.row(sql, params![id], |row| row.opt_int(0))?.flatten();
    if let Some(content) = content {
        tx.execute("UPDATE queue_message SET content = NULL WHERE id = ?1", params![id])?;
        content::release(tx, ContentId(content), at)?;
    }
    Ok(())
}

/// Forgets messages that were finished before `before`; at most `limit`. Gives how many went.
pub fn prune(tx: &mut Tx<'_>, before: Time, at: Time, limit: u32) -> Result<u64, StoreError> {
    let sql = "SELECT id FROM queue_message WHERE finished_at < ?1 ORDER BY finished_at LIMIT ?2";
    let old = tx.rows(sql, params![before, limit], |row| Ok(QueueId(row.int(0)?)))?;
    for id in &old {
        drop_content(tx, *id, at)?;
        for table in ["queue_recipient", "queue_log", "queue_copy"] {
            tx.execute(&format!("DELETE FROM {table} WHERE message = ?1"), params![*id])?;
        }
        tx.execute("DELETE FROM queue_message WHERE id = ?1", params![*id])?;
    }
    Ok(old.len() as u64)
}

#[cfg(test)]
mod tests;
