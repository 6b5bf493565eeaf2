//! Looking into the queue.

use super::{QueueId, QueueOrigin};
use crate::content::ContentId;
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::organisation::word;
use crate::{Row, Value, params};
use postroom_model::{DeliveryState, EmailId, MailboxId, Time};

/// A message in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    pub id: QueueId,
    pub name: String,
    pub origin: QueueOrigin,
    pub mailbox: Option<MailboxId>,
    pub person: Option<MailboxId>,
    /// None once nothing will be sent any more.
    pub content: Option<ContentId>,
    pub size: u64,
    pub envelope_from: String,
    pub from_address: String,
    pub message_id: String,
    pub utf8: bool,
    pub ret: Option<String>,
    pub envelope_id: Option<String>,
    pub note: Option<String>,
    pub created_at: Time,
    pub hold_until: Option<Time>,
    pub expires_at: Time,
    pub finished_at: Option<Time>,
}

/// One of its recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedRecipient {
    pub position: i64,
    pub address: String,
    pub original: Option<String>,
    /// Bits: 1 success, 2 failure, 4 delay. None: as the RFC says where nothing is said.
    pub notify: Option<u32>,
    pub state: DeliveryState,
    pub lane: String,
    pub attempts: u32,
    pub next_at: Option<Time>,
    pub answer: String,
    pub answered_at: Option<Time>,
    pub delay_told: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    pub at: Time,
    pub position: Option<i64>,
    pub text: String,
}

const COLUMNS: &str =
    "id, name, origin, mailbox, person, content, size, envelope_from, from_address, message_id, utf8, ret,
     envelope_id, note, created_at, hold_until, expires_at, finished_at";

fn read(row: &Row<'_>) -> Result<Queued, StoreError> {
    let text = |column| Ok::<_, StoreError>(row.opt_text(column)?.map(str::to_owned));
    Ok(Queued {
        id: QueueId(row.int(0)?),
        name: row.text(1)?.to_owned(),
        origin: word(row, 2, QueueOrigin::parse, "queue_message.origin")?,
        mailbox: row.opt_int(3)?.map(MailboxId),
        person: row.opt_int(4)?.map(MailboxId),
        content: row.opt_int(5)?.map(ContentId),
        size: row.size(6)?,
        envelope_from: row.text(7)?.to_owned(),
        from_address: row.text(8)?.to_owned(),
        message_id: row.text(9)?.to_owned(),
        utf8: row.bool(10)?,
        ret: text(11)?,
        envelope_id: text(12)?,
        note: text(13)?,
        created_at: Time(row.int(14)?),
        hold_until: row.opt_int(15)?.map(Time),
        expires_at: Time(row.int(16)?),
        finished_at: row.opt_int(17)?.map(Time),
    })
}

pub fn by_id(tx: &mut Tx<'_>, id: QueueId) -> Result<Option<Queued>, StoreError> {
    tx.row(&format!("SELECT {COLUMNS} FROM queue_message WHERE id = ?1"), params![id], read)
}

pub fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<Queued>, StoreError> {
    tx.row(&format!("SELECT {COLUMNS} FROM queue_message WHERE name = ?1"), params![name], read)
}

/// The newest message whose state an email shows.
pub fn of_email(tx: &mut Tx<'_>, mailbox: MailboxId, email: EmailId) -> Result<Option<Queued>, StoreError> {
    let sql = "SELECT MAX(message) FROM queue_copy WHERE mailbox = ?1 AND email = ?2";
    match tx.row(sql, params![mailbox, email], |row| row.opt_int(0))?.flatten() {
        Some(id) => by_id(tx, QueueId(id)),
        None => Ok(None),
    }
}

/// Which messages a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those that have a recipient in this state.
    pub state: Option<DeliveryState>,
    /// Also those that are finished.
    pub finished: bool,
    pub mailbox: Option<MailboxId>,
    /// Only those with this text in the address of a recipient.
    pub recipient: Option<String>,
    /// Only those older than this one.
    pub before: Option<QueueId>,
}

/// Messages, newest first.
pub fn list(tx: &mut Tx<'_>, filter: &Filter, limit: u32) -> Result<Vec<Queued>, StoreError> {
    let mut sql = format!("SELECT {COLUMNS} FROM queue_message m WHERE 1 = 1");
    let pattern = filter.recipient.as_ref().map(|text| format!("%{}%", escape(&text.to_lowercase())));
    let mut values: Vec<Value<'_>> = Vec::new();
    let mut add = |sql: &mut String, condition: &str, value| {
        values.push(value);
        sql.push_str(&condition.replace("?N", &format!("?{}", values.len())));
    };
    if !filter.finished && filter.state.is_none_or(|state| !state.is_final()) {
        sql.push_str(" AND m.finished_at IS NULL");
    }
    if let Some(mailbox) = filter.mailbox {
        add(&mut sql, " AND m.mailbox = ?N", mailbox.into());
    }
    if let Some(before) = filter.before {
        add(&mut sql, " AND m.id < ?N", before.into());
    }
    let state = "EXISTS (SELECT 1 FROM queue_recipient r WHERE r.message = m.id AND r.state = ?N)";
    if let Some(wanted) = filter.state {
        add(&mut sql, &format!(" AND {state}"), wanted.as_str().into());
    }
    if let Some(pattern) = &pattern {
        let found = "EXISTS (SELECT 1 FROM queue_recipient r WHERE r.message = m.id AND r.address LIKE ?N ESCAPE '!')";
        add(&mut sql, &format!(" AND {found}"), pattern.into());
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY m.id DESC LIMIT ?{}", values.len()));
    tx.rows(&sql, &values, read)
}

fn escape(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect()
}

pub(super) const RECIPIENT: &str = "r.position, r.address, r.original, r.notify, r.state, r.lane, r.attempts, r.next_at, r.answer, r.answered_at, r.delay_told";

/// Reads [`RECIPIENT`] from the first columns of a row.
pub(super) fn recipient(row: &Row<'_>) -> Result<QueuedRecipient, StoreError> {
    Ok(QueuedRecipient {
        position: row.int(0)?,
        address: row.text(1)?.to_owned(),
        original: row.opt_text(2)?.map(str::to_owned),
        notify: row.opt_int(3)?.map(|bits| u32::try_from(bits).unwrap_or(0)),
        state: word(row, 4, DeliveryState::parse, "queue_recipient.state")?,
        lane: row.text(5)?.to_owned(),
        attempts: row.uint(6)?,
        next_at: row.opt_int(7)?.map(Time),
        answer: row.text(8)?.to_owned(),
        answered_at: row.opt_int(9)?.map(Time),
        delay_told: row.bool(10)?,
    })
}

/// The recipients of a message, in the order of its envelope.
pub fn recipients(tx: &mut Tx<'_>, id: QueueId) -> Result<Vec<QueuedRecipient>, StoreError> {
    let sql = format!("SELECT {RECIPIENT} FROM queue_recipient r WHERE r.message = ?1 ORDER BY r.position");
    tx.rows(&sql, params![id], recipient)
}

/// What happened to a message, in order.
pub fn log(tx: &mut Tx<'_>, id: QueueId) -> Result<Vec<LogRow>, StoreError> {
    tx.rows("SELECT at, position, text FROM queue_log WHERE message = ?1 ORDER BY id", params![id], |row| {
        Ok(LogRow { at: Time(row.int(0)?), position: row.opt_int(1)?, text: row.text(2)?.to_owned() })
    })
}

/// The emails that show the state of a message.
pub fn copies(tx: &mut Tx<'_>, id: QueueId) -> Result<Vec<(MailboxId, EmailId)>, StoreError> {
    tx.rows("SELECT mailbox, email FROM queue_copy WHERE message = ?1 ORDER BY mailbox", params![id], |row| {
        Ok((MailboxId(row.int(0)?), EmailId(row.int(1)?)))
    })
}

/// How many recipients are in each state that is not final.
pub fn totals(tx: &mut Tx<'_>) -> Result<Vec<(DeliveryState, u64)>, StoreError> {
    let sql = "SELECT r.state, COUNT(*) FROM queue_message m JOIN queue_recipient r ON r.message = m.id
               WHERE m.finished_at IS NULL GROUP BY r.state ORDER BY r.state";
    tx.rows(sql, &[], |row| Ok((word(row, 0, DeliveryState::parse, "queue_recipient.state")?, row.size(1)?)))
}
