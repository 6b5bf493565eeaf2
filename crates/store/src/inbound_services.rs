//! Inbound services, how each fares, and which node runs it.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::db::value::Row;
use crate::organisation::{self, word};
use crate::params;
use postroom_model::{
    AfterFetch, Encryption, FetchProtocol, InboundService, InboundServiceId, InboundSettings, MailboxId, Origin, Time,
};

const COLUMNS: &str = "s.id, s.mailbox, s.protocol, s.server, s.port, s.encryption, s.username, s.oauth, \
     s.after_fetch, s.move_to, s.enabled, s.public_only, s.origin, s.revision";

/// How a service fares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundState {
    pub last_try_at: Option<Time>,
    pub last_success_at: Option<Time>,
    pub next_try_at: Option<Time>,
    /// Since when every try failed.
    pub failing_since: Option<Time>,
    /// In the server's own words; empty: none.
    pub error: String,
    /// What stays there and why, where that is no failure.
    pub note: String,
    pub moved: u64,
    /// When somebody was told that it fails.
    pub alerted_at: Option<Time>,
}

fn read(row: &Row<'_>) -> Result<InboundService, StoreError> {
    let oauth = row.text(7)?;
    let tokens = match oauth {
        "" => None,
        json => Some(serde_json::from_str(json).map_err(|_| StoreError::Corrupt("inbound_service.oauth"))?),
    };
    let after_fetch = match row.text(8)? {
        "delete" => AfterFetch::Delete,
        "keep" => AfterFetch::Keep,
        "move" => AfterFetch::Move(row.text(9)?.to_owned()),
        _ => return Err(StoreError::Corrupt("inbound_service.after_fetch")),
    };
    Ok(InboundService {
        id: InboundServiceId(row.int(0)?),
        mailbox: MailboxId(row.int(1)?),
        settings: InboundSettings {
            protocol: word(row, 2, FetchProtocol::parse, "inbound_service.protocol")?,
            server: row.text(3)?.to_owned(),
            port: u16::try_from(row.int(4)?).map_err(|_| StoreError::Corrupt("inbound_service.port"))?,
            encryption: word(row, 5, Encryption::parse, "inbound_service.encryption")?,
            username: row.text(6)?.to_owned(),
            tokens,
            after_fetch,
            enabled: row.bool(10)?,
        },
        public_only: row.bool(11)?,
        origin: word(row, 12, Origin::parse, "inbound_service.origin")?,
        revision: row.int(13)?,
    })
}

/// All services, or those of one mailbox, in order of their making.
pub fn all(tx: &mut Tx<'_>, mailbox: Option<MailboxId>) -> Result<Vec<InboundService>, StoreError> {
    match mailbox {
        Some(mailbox) => {
            let sql = format!("SELECT {COLUMNS} FROM inbound_service s WHERE s.mailbox = ?1 ORDER BY s.id");
            tx.rows(&sql, params![mailbox], read)
        }
        None => tx.rows(&format!("SELECT {COLUMNS} FROM inbound_service s ORDER BY s.id"), &[], read),
    }
}

pub fn get(tx: &mut Tx<'_>, id: InboundServiceId) -> Result<Option<InboundService>, StoreError> {
    tx.row(&format!("SELECT {COLUMNS} FROM inbound_service s WHERE s.id = ?1"), params![id.0], read)
}

/// What was sealed for the service; empty: no secret was given yet.
pub fn secret(tx: &mut Tx<'_>, id: InboundServiceId) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT secret FROM inbound_service WHERE id = ?1";
    tx.row(sql, params![id.0], |row| Ok(row.blob(0)?.to_vec()))
}

/// Replaces the secret, as after a token was renewed: nothing else changes, and whoever runs it goes on.
pub fn set_secret(tx: &mut Tx<'_>, id: InboundServiceId, sealed: &[u8]) -> Result<(), StoreError> {
    tx.execute("UPDATE inbound_service SET secret = ?2 WHERE id = ?1", params![id.0, sealed])?;
    Ok(())
}

/// A service without a secret yet.
pub fn create(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    settings: &InboundSettings,
    public_only: bool,
    origin: Origin,
    at: Time,
) -> Result<InboundServiceId, StoreError> {
    let (oauth, move_to) = texts(settings)?;
    // Ids are never given twice: what is sealed for one service opens for no later one.
    let id = crate::settings::next_number(tx, "inbound_service_number")?;
    tx.execute(
        "INSERT INTO inbound_service (id, mailbox, protocol, server, port, encryption, username, oauth, secret,
             after_fetch, move_to, enabled, public_only, origin, revision, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1, ?15)",
        params![
            id,
            mailbox,
            settings.protocol.as_str(),
            &settings.server,
            u32::from(settings.port),
            settings.encryption.as_str(),
            &settings.username,
            &oauth,
            &[][..] as &[u8],
            settings.after_fetch.as_str(),
            &move_to,
            settings.enabled,
            public_only,
            origin.as_str(),
            at
        ],
    )?;
    tx.execute("INSERT INTO inbound_state (service) VALUES (?1)", params![id])?;
    // Whoever fetches is told by the change of the organisation.
    organisation::changed(tx)?;
    Ok(InboundServiceId(id))
}

/// Changes the settings, except for what it is known by: protocol, server and username stay.
pub fn update(
    tx: &mut Tx<'_>,
    id: InboundServiceId,
    settings: &InboundSettings,
    public_only: bool,
    origin: Origin,
) -> Result<(), StoreError> {
    let (oauth, move_to) = texts(settings)?;
    tx.execute(
        "UPDATE inbound_service SET port = ?2, encryption = ?3, oauth = ?4, after_fetch = ?5, move_to = ?6,
             enabled = ?7, public_only = ?8, origin = ?9, revision = revision + 1 WHERE id = ?1",
        params![
            id.0,
            u32::from(settings.port),
            settings.encryption.as_str(),
            &oauth,
            settings.after_fetch.as_str(),
            &move_to,
            settings.enabled,
            public_only,
            origin.as_str()
        ],
    )?;
    try_soon(tx, id)
}

fn texts(settings: &InboundSettings) -> Result<(String, String), StoreError> {
    let oauth = match &settings.tokens {
        Some(tokens) => serde_json::to_string(tokens).map_err(|_| StoreError::Corrupt("inbound_service.oauth"))?,
        None => String::new(),
    };
    let move_to = match &settings.after_fetch {
        AfterFetch::Move(folder) => folder.clone(),
        AfterFetch::Delete | AfterFetch::Keep => String::new(),
    };
    Ok((oauth, move_to))
}

/// Has it tried at once, and whoever runs it begin anew.
pub fn try_soon(tx: &mut Tx<'_>, id: InboundServiceId) -> Result<(), StoreError> {
    tx.execute("UPDATE inbound_state SET next_try_at = NULL WHERE service = ?1", params![id.0])?;
    tx.execute("UPDATE inbound_service SET revision = revision + 1 WHERE id = ?1", params![id.0])?;
    organisation::changed(tx)
}

/// Removes a service with everything remembered of it; the mail that it brought stays.
pub fn remove(tx: &mut Tx<'_>, service: &InboundService) -> Result<(), StoreError> {
    let (mailbox, id) = (service.mailbox, service.id.0);
    tx.execute("DELETE FROM inbound_key WHERE mailbox = ?1 AND service = ?2", params![mailbox, id])?;
    tx.execute("DELETE FROM inbound_state WHERE service = ?1", params![id])?;
    tx.execute("DELETE FROM inbound_service WHERE id = ?1", params![id])?;
    organisation::changed(tx)
}

/// Removes all services of a mailbox.
pub(crate) fn remove_of(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    for service in all(tx, Some(mailbox))? {
        remove(tx, &service)?;
    }
    Ok(())
}

pub fn state(tx: &mut Tx<'_>, id: InboundServiceId) -> Result<Option<InboundState>, StoreError> {
    tx.row(
        "SELECT last_try_at, last_success_at, next_try_at, failing_since, error, note, moved, alerted_at
         FROM inbound_state WHERE service = ?1",
        params![id.0],
        |row| {
            Ok(InboundState {
                last_try_at: row.opt_int(0)?.map(Time),
                last_success_at: row.opt_int(1)?.map(Time),
                next_try_at: row.opt_int(2)?.map(Time),
                failing_since: row.opt_int(3)?.map(Time),
                error: row.text(4)?.to_owned(),
                note: row.text(5)?.to_owned(),
                moved: row.size(6)?,
                alerted_at: row.opt_int(7)?.map(Time),
            })
        },
    )
}

/// A try begins.
pub fn tried(tx: &mut Tx<'_>, id: InboundServiceId, at: Time) -> Result<(), StoreError> {
    let sql = "UPDATE inbound_state SET last_try_at = ?2, next_try_at = NULL WHERE service = ?1";
    tx.execute(sql, params![id.0, at])?;
    Ok(())
}

/// Everything that could be taken was taken.
pub fn succeeded(tx: &mut Tx<'_>, id: InboundServiceId, note: &str, at: Time) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE inbound_state SET last_success_at = ?2, next_try_at = NULL, failing_since = NULL, error = '',
             note = ?3 WHERE service = ?1",
        params![id.0, at, note],
    )?;
    Ok(())
}

/// A try failed; the next one is at `next`.
pub fn failed(tx: &mut Tx<'_>, id: InboundServiceId, error: &str, at: Time, next: Time) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE inbound_state SET error = ?2, failing_since = COALESCE(failing_since, ?3), next_try_at = ?4
         WHERE service = ?1",
        params![id.0, error, at, next],
    )?;
    Ok(())
}

/// Somebody was told that it fails, or (none) that it works again.
pub fn alerted(tx: &mut Tx<'_>, id: InboundServiceId, at: Option<Time>) -> Result<(), StoreError> {
    tx.execute("UPDATE inbound_state SET alerted_at = ?2 WHERE service = ?1", params![id.0, at])?;
    Ok(())
}

/// Counts messages that were filed.
pub fn count(tx: &mut Tx<'_>, id: InboundServiceId, messages: usize) -> Result<(), StoreError> {
    tx.execute("UPDATE inbound_state SET moved = moved + ?2 WHERE service = ?1", params![id.0, messages])?;
    Ok(())
}

/// Takes a service that nobody runs, or goes on running it; gives whether `holder` has it until `until` now.
pub fn lease(tx: &mut Tx<'_>, id: InboundServiceId, holder: &str, now: Time, until: Time) -> Result<bool, StoreError> {
    let sql = "UPDATE inbound_state SET holder = ?2, held_until = ?4
         WHERE service = ?1 AND (holder = ?2 OR held_until < ?3)";
    Ok(tx.execute(sql, params![id.0, holder, now, until])? > 0)
}

/// Lets go of a service, so that another node need not wait.
pub fn release(tx: &mut Tx<'_>, id: InboundServiceId, holder: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE inbound_state SET held_until = 0 WHERE service = ?1 AND holder = ?2", params![id.0, holder])?;
    Ok(())
}

/// Whether `holder` still has it. Asked in the transaction that files.
pub fn is_held(tx: &mut Tx<'_>, id: InboundServiceId, holder: &str, now: Time) -> Result<bool, StoreError> {
    let sql = "SELECT service FROM inbound_state WHERE service = ?1 AND holder = ?2 AND held_until >= ?3";
    Ok(tx.row(sql, params![id.0, holder, now], |row| row.int(0))?.is_some())
}
