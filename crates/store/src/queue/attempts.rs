//! Attempts: who works on which recipients, and what came of it.
//!
//! A claim is a lease: the recipient comes up again when its lease ends, so that the work of a process that died is
//! taken over. An answer is written only by who holds the lease. Start reading at [`claim`] and [`settle`].

use super::read::{RECIPIENT, recipient};
use super::{QueueId, Queued, QueuedRecipient, by_id, note};
use crate::Value;
use crate::db::error::StoreError;
use crate::db::tx::{Tx, in_list};
use crate::params;
use postroom_model::{DeliveryState, Time};
use std::collections::BTreeMap;

/// A message with those of its recipients that were claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub message: Queued,
    pub recipients: Vec<QueuedRecipient>,
}

/// What is claimed, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    pub by: i64,
    pub now: Time,
    pub lease_until: Time,
    /// Lanes that have enough to do.
    pub not: &'a [String],
    pub limit: u32,
}

const INTERRUPTED: &str = "an earlier attempt was cut off before its end was written down; if the other server had taken \
                           the message by then, it gets it a second time";

/// Takes recipients that are due. Two processes never take the same one.
pub fn claim(tx: &mut Tx<'_>, claim: &Claim<'_>) -> Result<Vec<Claimed>, StoreError> {
    let mut values: Vec<Value<'_>> = params![claim.now, claim.limit].to_vec();
    values.extend(claim.not.iter().map(Value::from));
    let not = match claim.not.len() {
        0 => String::new(),
        count => format!(" AND r.lane NOT IN ({})", in_list(2, count)),
    };
    let lock = if tx.is_postgresql() { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT {RECIPIENT}, r.message FROM queue_recipient r WHERE r.next_at <= ?1{not} ORDER BY r.next_at LIMIT ?2{lock}"
    );
    let found = tx.rows(&sql, &values, |row| Ok((QueueId(row.int(11)?), recipient(row)?)))?;
    let mut by_message: BTreeMap<QueueId, Vec<QueuedRecipient>> = BTreeMap::new();
    for (id, recipient) in found {
        tx.execute(
            "UPDATE queue_recipient SET state = 'sending', next_at = ?3, leased_by = ?4 WHERE message = ?1 AND position = ?2",
            params![id, recipient.position, claim.lease_until, claim.by],
        )?;
        if recipient.state == DeliveryState::Sending {
            note(tx, id, claim.now, Some(recipient.position), INTERRUPTED)?;
        }
        by_message.entry(id).or_default().push(recipient);
    }
    let mut claimed = Vec::with_capacity(by_message.len());
    for (id, mut recipients) in by_message {
        recipients.sort_by_key(|recipient| recipient.position);
        let message = by_id(tx, id)?.ok_or(StoreError::Corrupt("a queued recipient without its message"))?;
        claimed.push(Claimed { message, recipients });
    }
    Ok(claimed)
}

/// When the next recipient is due.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Time>, StoreError> {
    let sql = "SELECT MIN(next_at) FROM queue_recipient WHERE next_at IS NOT NULL";
    Ok(tx.row(sql, &[], |row| row.opt_int(0))?.flatten().map(Time))
}

/// Prolongs the leases of a process.
pub fn prolong(tx: &mut Tx<'_>, by: i64, lease_until: Time) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE queue_recipient SET next_at = ?2 WHERE leased_by = ?1 AND state = 'sending' AND next_at IS NOT NULL",
        params![by, lease_until],
    )
}

/// Ends every lease: for a process that knows that it is alone. What was under way is due at once.
pub fn end_leases(tx: &mut Tx<'_>, now: Time) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE queue_recipient SET next_at = ?1, leased_by = NULL WHERE state = 'sending' AND next_at IS NOT NULL",
        params![now],
    )
}

/// Gives a claimed recipient back untried.
pub fn give_back(tx: &mut Tx<'_>, id: QueueId, position: i64, by: i64, next: Time) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE queue_recipient SET state = 'waiting', next_at = ?4, leased_by = NULL
         WHERE message = ?1 AND position = ?2 AND leased_by = ?3 AND state = 'sending'",
        params![id, position, by, next],
    )?;
    Ok(())
}

/// What an attempt came to.
#[derive(Clone, Debug)]
pub struct Settled<'a> {
    pub position: i64,
    pub state: DeliveryState,
    /// For those that wait on.
    pub next: Option<Time>,
    pub lane: &'a str,
    pub answer: &'a str,
    pub delay_told: bool,
}

/// Writes what an attempt came to. Gives false where somebody else has the lease by now: then nothing is written.
pub fn settle(tx: &mut Tx<'_>, id: QueueId, by: i64, at: Time, settled: &Settled<'_>) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE queue_recipient SET state = ?4, next_at = ?5, leased_by = NULL, attempts = attempts + 1, answer = ?6,
                answered_at = ?7, delay_told = ?8, lane = ?9
         WHERE message = ?1 AND position = ?2 AND leased_by = ?3",
        params![
            id,
            settled.position,
            by,
            settled.state.as_str(),
            settled.next,
            settled.answer,
            at,
            settled.delay_told,
            settled.lane
        ],
    )?;
    Ok(changed > 0)
}

/// Held messages whose time has come.
pub fn due_holds(tx: &mut Tx<'_>, now: Time, limit: u32) -> Result<Vec<Queued>, StoreError> {
    let sql = "SELECT id FROM queue_message WHERE hold_until <= ?1 ORDER BY hold_until LIMIT ?2";
    let ids = tx.rows(sql, params![now, limit], |row| Ok(QueueId(row.int(0)?)))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(by_id(tx, id)?);
    }
    Ok(found)
}

/// When the next held message is to leave.
pub fn next_hold(tx: &mut Tx<'_>) -> Result<Option<Time>, StoreError> {
    let sql = "SELECT MIN(hold_until) FROM queue_message WHERE hold_until IS NOT NULL";
    Ok(tx.row(sql, &[], |row| row.opt_int(0))?.flatten().map(Time))
}
