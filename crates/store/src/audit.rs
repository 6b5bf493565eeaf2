//! The record of who did what. Rows are only ever added, and removed by age.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, Value, params};
use postroom_model::{AuditEntry, MailboxId, Time, Who};

/// Adds a row, in the transaction of the act where there is one.
pub fn record(tx: &mut Tx<'_>, entry: &AuditEntry) -> Result<(), StoreError> {
    let (who, person) = match entry.actor.who {
        Who::Person(id) => ("person", Some(id)),
        Who::Operator => ("operator", None),
        Who::Server => ("server", None),
    };
    tx.execute(
        "INSERT INTO audit (at, mailbox, who, person, door, action, outcome, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            entry.at,
            entry.mailbox,
            who,
            person,
            entry.actor.door.as_str(),
            entry.action,
            entry.outcome.as_str(),
            &entry.detail
        ],
    )?;
    Ok(())
}

/// A row as it is read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub id: i64,
    pub at: Time,
    pub mailbox: Option<MailboxId>,
    /// `person`, `operator` or `server`.
    pub who: String,
    pub person: Option<MailboxId>,
    pub door: String,
    pub action: String,
    pub outcome: String,
    pub detail: String,
}

fn read(row: &Row<'_>) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: row.int(0)?,
        at: Time(row.int(1)?),
        mailbox: row.opt_int(2)?.map(MailboxId),
        who: row.text(3)?.to_owned(),
        person: row.opt_int(4)?.map(MailboxId),
        door: row.text(5)?.to_owned(),
        action: row.text(6)?.to_owned(),
        outcome: row.text(7)?.to_owned(),
        detail: row.text(8)?.to_owned(),
    })
}

/// The newest rows before `before` (an id; none: from the newest), of one mailbox or of all.
pub fn page(
    tx: &mut Tx<'_>,
    mailbox: Option<MailboxId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<AuditRow>, StoreError> {
    let columns = "id, at, mailbox, who, person, door, action, outcome, detail";
    let (before, limit) = (Value::from(before.unwrap_or(i64::MAX)), Value::from(limit));
    match mailbox {
        Some(mailbox) => {
            let sql = format!("SELECT {columns} FROM audit WHERE mailbox = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
            tx.rows(&sql, &[mailbox.into(), before, limit], read)
        }
        None => {
            let sql = format!("SELECT {columns} FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
            tx.rows(&sql, &[before, limit], read)
        }
    }
}

/// Removes rows older than `before`; at most `limit`. Gives how many went.
pub fn prune(tx: &mut Tx<'_>, before: Time, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        // Ids grow with time: the oldest rows are looked at, never the whole record.
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT ?2) AND at < ?1",
        params![before, limit],
    )
}
