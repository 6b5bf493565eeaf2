//! What people have said about the addresses that they send from. Which those are is decided elsewhere.

use crate::changes::{About, Log};
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, params};
use postroom_model::{ChangeKind, MailboxId};

/// An identity of a person in one mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub id: i64,
    pub address: String,
    pub name: String,
    /// The person chose the name; otherwise it follows the mailbox.
    pub own_name: bool,
    /// JSON, or empty.
    pub reply_to: String,
    pub bcc: String,
    pub text_signature: String,
    pub html_signature: String,
}

const COLUMNS: &str = "id, address, name, own_name, reply_to, bcc, text_signature, html_signature";

fn read(row: &Row<'_>) -> Result<Identity, StoreError> {
    Ok(Identity {
        id: row.int(0)?,
        address: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        own_name: row.bool(3)?,
        reply_to: row.text(4)?.to_owned(),
        bcc: row.text(5)?.to_owned(),
        text_signature: row.text(6)?.to_owned(),
        html_signature: row.text(7)?.to_owned(),
    })
}

/// The identities of a person in a mailbox, in order of id.
pub fn of(tx: &mut Tx<'_>, mailbox: MailboxId, person: MailboxId) -> Result<Vec<Identity>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM identity WHERE mailbox = ?1 AND person = ?2 ORDER BY id");
    tx.rows(&sql, params![mailbox, person], read)
}

/// Makes one that nothing was said about yet.
pub fn create(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, address: &str, name: &str) -> Result<i64, StoreError> {
    let id = log.next_object();
    tx.execute(
        "INSERT INTO identity (mailbox, id, person, address, name, own_name, reply_to, bcc, text_signature, html_signature)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, '', '', '', '')",
        params![log.mailbox(), id, person, address, name],
    )?;
    note(tx, log, ChangeKind::IdentityCreated, person, id)?;
    Ok(id)
}

/// Writes what is said about one.
pub fn update(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, identity: &Identity) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE identity SET name = ?4, own_name = ?5, reply_to = ?6, bcc = ?7, text_signature = ?8, html_signature = ?9
         WHERE mailbox = ?1 AND id = ?2 AND person = ?3",
        params![
            log.mailbox(),
            identity.id,
            person,
            &identity.name,
            identity.own_name,
            &identity.reply_to,
            &identity.bcc,
            &identity.text_signature,
            &identity.html_signature
        ],
    )?;
    note(tx, log, ChangeKind::IdentityChanged, person, identity.id)
}

pub fn remove(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, id: i64) -> Result<(), StoreError> {
    let sql = "DELETE FROM identity WHERE mailbox = ?1 AND id = ?2 AND person = ?3";
    tx.execute(sql, params![log.mailbox(), id, person])?;
    note(tx, log, ChangeKind::IdentityRemoved, person, id)
}

fn note(tx: &mut Tx<'_>, log: &mut Log, kind: ChangeKind, person: MailboxId, id: i64) -> Result<(), StoreError> {
    log.record(tx, kind, About { person: Some(person), value: Some(id), ..About::default() })
}
