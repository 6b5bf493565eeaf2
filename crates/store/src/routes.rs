//! The ways that mail leaves by.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::organisation::word;
use crate::{Row, organisation, params};
use postroom_model::route::{Applies, Encryption, Mechanism, Route, SmartHost, Via};
use postroom_model::{DomainId, MailboxId};

const COLUMNS: &str =
    "domain, position, sender, recipient, mode, host, port, encryption, username, secret, secret_env, mechanism";

fn read(row: &Row<'_>) -> Result<Route, StoreError> {
    let text = |column| Ok::<_, StoreError>(row.opt_text(column)?.map(str::to_owned));
    let applies = match row.opt_int(0)? {
        Some(domain) => Applies::Domain(DomainId(domain)),
        None => {
            Applies::Exception { position: row.int(1)?, sender: row.opt_int(2)?.map(MailboxId), recipient: text(3)? }
        }
    };
    let via = match row.text(4)? {
        "direct" => Via::Direct,
        _ => Via::SmartHost(SmartHost {
            host: row.text(5)?.to_owned(),
            port: u16::try_from(row.int(6)?).map_err(|_| StoreError::Corrupt("route.port"))?,
            encryption: word(row, 7, Encryption::parse, "route.encryption")?,
            username: text(8)?,
            secret: row.opt_blob(9)?.map(<[u8]>::to_vec),
            secret_env: text(10)?,
            mechanism: match row.opt_text(11)? {
                Some(name) => Some(Mechanism::parse(name).ok_or(StoreError::Corrupt("route.mechanism"))?),
                None => None,
            },
        }),
    };
    Ok(Route { applies, via })
}

/// All of them: exceptions in order, then those of domains.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Route>, StoreError> {
    let order = "CASE WHEN domain IS NULL THEN 0 ELSE 1 END, position, id";
    tx.rows(&format!("SELECT {COLUMNS} FROM route ORDER BY {order}"), &[], read)
}

/// Sets the route of a domain; None: direct, without a row.
pub fn set_for_domain(tx: &mut Tx<'_>, domain: DomainId, via: Option<&Via>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM route WHERE domain = ?1", params![domain])?;
    if let Some(via) = via {
        insert(tx, Some(domain), (0, None, None), via)?;
    }
    organisation::changed(tx)
}

/// Replaces all exceptions; they are numbered from 1.
pub fn set_exceptions(
    tx: &mut Tx<'_>,
    exceptions: &[(Option<MailboxId>, Option<String>, Via)],
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM route WHERE domain IS NULL", &[])?;
    for (position, (sender, recipient, via)) in (1i64..).zip(exceptions) {
        insert(tx, None, (position, *sender, recipient.as_deref()), via)?;
    }
    organisation::changed(tx)
}

fn insert(
    tx: &mut Tx<'_>,
    domain: Option<DomainId>,
    (position, sender, recipient): (i64, Option<MailboxId>, Option<&str>),
    via: &Via,
) -> Result<(), StoreError> {
    let host = match via {
        Via::Direct => None,
        Via::SmartHost(host) => Some(host),
    };
    let mode = if host.is_some() { "smart_host" } else { "direct" };
    tx.execute(
        &format!("INSERT INTO route ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
        params![
            domain,
            position,
            sender,
            recipient,
            mode,
            host.map(|host| host.host.as_str()),
            host.map(|host| u32::from(host.port)),
            host.map(|host| host.encryption.as_str()),
            host.and_then(|host| host.username.as_deref()),
            host.and_then(|host| host.secret.as_deref()),
            host.and_then(|host| host.secret_env.as_deref()),
            host.and_then(|host| host.mechanism).map(Mechanism::as_str)
        ],
    )?;
    Ok(())
}
