//! The record of who did what. Rows are only ever added, and removed by age.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, Value, params};
use postroom_model::{AuditEntry, Door, MailboxId, Outcome, Time, Who};

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

/// Which rows are wanted; what is none makes no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub mailbox: Option<MailboxId>,
    pub person: Option<MailboxId>,
    pub door: Option<Door>,
    /// How the action begins: `grant` finds `grant.set` and `grant.remove`.
    pub action: Option<String>,
    pub outcome: Option<Outcome>,
    pub since: Option<Time>,
    /// Exclusive.
    pub until: Option<Time>,
}

/// The newest rows before `before` (an id; none: from the newest), of one mailbox or of all.
pub fn page(
    tx: &mut Tx<'_>,
    mailbox: Option<MailboxId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<AuditRow>, StoreError> {
    find(tx, &AuditFilter { mailbox, ..AuditFilter::default() }, before, limit)
}

/// The newest rows before `before` that the filter leaves.
pub fn find(
    tx: &mut Tx<'_>,
    filter: &AuditFilter,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<AuditRow>, StoreError> {
    let begins = filter.action.as_deref().map(begins_with);
    let conditions: [(&str, Option<Value<'_>>); 7] = [
        ("mailbox =", filter.mailbox.map(Value::from)),
        ("person =", filter.person.map(Value::from)),
        ("door =", filter.door.map(|door| door.as_str().into())),
        ("outcome =", filter.outcome.map(|outcome| outcome.as_str().into())),
        ("at >=", filter.since.map(Value::from)),
        ("at <", filter.until.map(Value::from)),
        ("action LIKE", begins.as_deref().map(Value::from)),
    ];
    let mut values = vec![Value::from(before.unwrap_or(i64::MAX))];
    let mut sql =
        "SELECT id, at, mailbox, who, person, door, action, outcome, detail FROM audit WHERE id < ?1".to_owned();
    for (condition, value) in conditions {
        let Some(value) = value else { continue };
        values.push(value);
        let escape = if condition.ends_with("LIKE") { " ESCAPE '!'" } else { "" };
        sql += &format!(" AND {condition} ?{}{escape}", values.len());
    }
    values.push(Value::from(limit));
    sql += &format!(" ORDER BY id DESC LIMIT ?{}", values.len());
    tx.rows(&sql, &values, read)
}

/// A LIKE pattern for what begins with this text.
fn begins_with(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern + "%"
}

/// Removes rows older than `before`; at most `limit`. Gives how many went.
pub fn prune(tx: &mut Tx<'_>, before: Time, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        // Ids grow with time: the oldest rows are looked at, never the whole record.
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT ?2) AND at < ?1",
        params![before, limit],
    )
}
