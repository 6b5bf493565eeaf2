//! Which messages of a remote Inbox are here already. A row is written by the transaction that files the message and
//! goes when the message is known to be gone there.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{InboundServiceId, MailboxId, Time};

/// Where a row stands between filing here and removal there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Filed here; still to be removed there, unless it is kept.
    Filed,
    /// Cannot be taken: it stays there.
    Refused,
}

impl KeyState {
    fn code(self) -> i64 {
        match self {
            Self::Filed => 1,
            Self::Refused => 2,
        }
    }

    fn from_code(code: i64) -> Result<Self, StoreError> {
        match code {
            1 => Ok(Self::Filed),
            2 => Ok(Self::Refused),
            _ => Err(StoreError::Corrupt("inbound_key.state")),
        }
    }
}

/// The rows of one service are looked for here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    pub mailbox: MailboxId,
    pub service: InboundServiceId,
}

/// What a message is known by there: its scope (UIDVALIDITY) and key (UID or UIDL).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RemoteKey {
    pub scope: String,
    pub key: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    pub key: RemoteKey,
    pub hash: [u8; 16],
    pub state: KeyState,
    pub size: u64,
    pub note: String,
    pub at: Time,
}

/// At most this many rows in one page.
pub const PAGE: u32 = 5000;

/// The rows of a scope after `after` in order of key, a page of them.
pub fn page(tx: &mut Tx<'_>, of: Of, scope: &str, after: &str) -> Result<Vec<KeyRow>, StoreError> {
    tx.rows(
        "SELECT scope, key, hash, state, size, note, at FROM inbound_key
         WHERE mailbox = ?1 AND service = ?2 AND scope = ?3 AND key > ?4 ORDER BY key LIMIT ?5",
        params![of.mailbox, of.service.0, scope, after, PAGE],
        |row| {
            Ok(KeyRow {
                key: RemoteKey { scope: row.text(0)?.to_owned(), key: row.text(1)?.to_owned() },
                hash: row.blob(2)?.try_into().map_err(|_| StoreError::Corrupt("inbound_key.hash"))?,
                state: KeyState::from_code(row.int(3)?)?,
                size: row.size(4)?,
                note: row.text(5)?.to_owned(),
                at: Time(row.int(6)?),
            })
        },
    )
}

/// The state of one row.
pub fn state(tx: &mut Tx<'_>, of: Of, key: &RemoteKey) -> Result<Option<KeyState>, StoreError> {
    tx.row(
        "SELECT state FROM inbound_key WHERE mailbox = ?1 AND service = ?2 AND scope = ?3 AND key = ?4",
        params![of.mailbox, of.service.0, &key.scope, &key.key],
        |row| KeyState::from_code(row.int(0)?),
    )
}

/// Writes a row, over one that says the message could not be taken.
pub fn put(tx: &mut Tx<'_>, of: Of, row: &KeyRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO inbound_key (mailbox, service, scope, key, hash, state, size, note, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (mailbox, service, scope, key) DO UPDATE SET hash = ?5, state = ?6, size = ?7, note = ?8, at = ?9",
        params![
            of.mailbox,
            of.service.0,
            &row.key.scope,
            &row.key.key,
            &row.hash[..],
            row.state.code(),
            row.size,
            &row.note,
            row.at
        ],
    )?;
    Ok(())
}

/// The key under which the same content is known in another scope: of a message that its server numbered anew.
pub fn same_content(tx: &mut Tx<'_>, of: Of, hash: &[u8; 16], scope: &str) -> Result<Option<RemoteKey>, StoreError> {
    tx.row(
        "SELECT scope, key FROM inbound_key
         WHERE mailbox = ?1 AND service = ?2 AND hash = ?3 AND scope <> ?4 AND state = 1 LIMIT 1",
        params![of.mailbox, of.service.0, &hash[..], scope],
        |row| Ok(RemoteKey { scope: row.text(0)?.to_owned(), key: row.text(1)?.to_owned() }),
    )
}

/// How many rows other scopes than this one have.
pub fn elsewhere(tx: &mut Tx<'_>, of: Of, scope: &str) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM inbound_key WHERE mailbox = ?1 AND service = ?2 AND scope <> ?3";
    Ok(tx.row(sql, params![of.mailbox, of.service.0, scope], |row| row.size(0))?.unwrap_or(0))
}

/// Forgets the rows of other scopes: every message there is known under this one.
pub fn forget_elsewhere(tx: &mut Tx<'_>, of: Of, scope: &str) -> Result<u64, StoreError> {
    let sql = "DELETE FROM inbound_key WHERE mailbox = ?1 AND service = ?2 AND scope <> ?3";
    tx.execute(sql, params![of.mailbox, of.service.0, scope])
}

/// Gives a row another key: the same message, numbered anew by its server. Gives whether the row was there.
pub fn rename(tx: &mut Tx<'_>, of: Of, old: &RemoteKey, new: &RemoteKey) -> Result<bool, StoreError> {
    // It may have been refused under its new number before it could be read.
    tx.execute(
        "DELETE FROM inbound_key WHERE mailbox = ?1 AND service = ?2 AND scope = ?3 AND key = ?4 AND state = 2",
        params![of.mailbox, of.service.0, &new.scope, &new.key],
    )?;
    let changed = tx.execute(
        "UPDATE inbound_key SET scope = ?5, key = ?6
         WHERE mailbox = ?1 AND service = ?2 AND scope = ?3 AND key = ?4 AND state = 1",
        params![of.mailbox, of.service.0, &old.scope, &old.key, &new.scope, &new.key],
    )?;
    Ok(changed > 0)
}

/// The scope of messages that are not listed any more, until it is sure that they are not there under another name.
pub const SET_ASIDE: &str = "set aside";

pub fn set_aside(tx: &mut Tx<'_>, of: Of, keys: &[RemoteKey]) -> Result<(), StoreError> {
    for key in keys {
        let aside = RemoteKey { scope: SET_ASIDE.to_owned(), key: key.key.clone() };
        remove(tx, of, std::slice::from_ref(&aside))?;
        rename(tx, of, key, &aside)?;
    }
    remove(tx, of, keys)
}

pub fn remove(tx: &mut Tx<'_>, of: Of, keys: &[RemoteKey]) -> Result<(), StoreError> {
    for key in keys {
        tx.execute(
            "DELETE FROM inbound_key WHERE mailbox = ?1 AND service = ?2 AND scope = ?3 AND key = ?4",
            params![of.mailbox, of.service.0, &key.scope, &key.key],
        )?;
    }
    Ok(())
}

/// The messages that cannot be taken, for people to see.
pub fn refused(tx: &mut Tx<'_>, of: Of, limit: u32) -> Result<Vec<KeyRow>, StoreError> {
    let rows = tx.rows(
        "SELECT scope, key, size, note, at FROM inbound_key
         WHERE mailbox = ?1 AND service = ?2 AND state = 2 ORDER BY at, scope, key LIMIT ?3",
        params![of.mailbox, of.service.0, limit],
        |row| {
            Ok(KeyRow {
                key: RemoteKey { scope: row.text(0)?.to_owned(), key: row.text(1)?.to_owned() },
                hash: [0; 16],
                state: KeyState::Refused,
                size: row.size(2)?,
                note: row.text(3)?.to_owned(),
                at: Time(row.int(4)?),
            })
        },
    )?;
    Ok(rows)
}
