//! The mailboxes themselves; what is in them is in the other modules.
//!
//! The name is given once and never changed: there is no statement for it. Start reading at [`create`] and
//! [`convert`].

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::organisation::{self, word};
use crate::{
    Row, addresses, annotations, credentials, folders, grants, inbound_services, params, roles, settings,
    subscribed_names,
};
use postroom_model::mailbox::label_from;
use postroom_model::{Mailbox, MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy, Time};

/// What a mailbox is made of. Its addresses are given by [`addresses::set`].
#[derive(Clone, Debug)]
pub struct NewMailbox {
    pub kind: MailboxKind,
    pub name: MailboxName,
    pub display_name: String,
    pub sent_copy: SentCopy,
    pub seen: SeenMode,
    pub quota: Option<u64>,
    pub privilege: Privilege,
}

const COLUMNS: &str = "id, kind, name, display_name, label, sent_copy, seen, quota, privilege, state_epoch";

fn read(row: &Row<'_>) -> Result<Mailbox, StoreError> {
    Ok(Mailbox {
        id: MailboxId(row.int(0)?),
        kind: word(row, 1, MailboxKind::parse, "the kind of a mailbox")?,
        name: MailboxName::parse(row.text(2)?).map_err(|_| StoreError::Corrupt("the name of a mailbox"))?,
        display_name: row.text(3)?.to_owned(),
        label: row.text(4)?.to_owned(),
        addresses: Vec::new(),
        sent_copy: word(row, 5, SentCopy::parse, "the sent copy policy of a mailbox")?,
        seen: word(row, 6, SeenMode::parse, "the seen mode of a mailbox")?,
        quota: row.opt_int(7)?.and_then(|quota| u64::try_from(quota).ok()),
        privilege: word(row, 8, Privilege::parse, "the privilege of a mailbox")?,
        state_epoch: row.int(9)?,
    })
}

/// All mailboxes in order of id, without their addresses.
pub(crate) fn all(tx: &mut Tx<'_>) -> Result<Vec<Mailbox>, StoreError> {
    tx.rows(&format!("SELECT {COLUMNS} FROM mailbox ORDER BY id"), &[], read)
}

/// The kind of a mailbox, if it exists.
pub fn kind(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<Option<MailboxKind>, StoreError> {
    let sql = "SELECT kind FROM mailbox WHERE id = ?1";
    tx.row(sql, params![mailbox], |row| word(row, 0, MailboxKind::parse, "the kind of a mailbox"))
}

/// Makes a mailbox with its folders. The caller has checked that the name is free.
pub fn create(tx: &mut Tx<'_>, new: &NewMailbox, at: Time) -> Result<MailboxId, StoreError> {
    let id = MailboxId(settings::next_number(tx, "last_mailbox")?);
    let label = free_label(tx, id, &new.display_name, &new.name)?;
    tx.execute(
        "INSERT INTO mailbox (id, kind, name, display_name, label, label_key, sent_copy, seen, quota, privilege, state_epoch, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)",
        params![
            id,
            new.kind.as_str(),
            new.name.as_str(),
            &new.display_name,
            &label,
            &label.to_lowercase(),
            new.sent_copy.as_str(),
            new.seen.as_str(),
            new.quota,
            new.privilege.as_str(),
            at
        ],
    )?;
    folders::create_mailbox(tx, id, at)?;
    organisation::changed(tx)?;
    Ok(id)
}

/// Changes the display name, and with it the label; ids and subscriptions stay.
pub fn rename(tx: &mut Tx<'_>, mailbox: &Mailbox, display_name: &str) -> Result<(), StoreError> {
    let label = free_label(tx, mailbox.id, display_name, &mailbox.name)?;
    let sql = "UPDATE mailbox SET display_name = ?2, label = ?3, label_key = ?4 WHERE id = ?1";
    tx.execute(sql, params![mailbox.id, display_name, &label, &label.to_lowercase()])?;
    organisation::changed(tx)
}

/// The label of a display name; where another mailbox has it, the name is added in brackets, and a number where
/// even that is taken. Compared without case, because clients on some systems keep folders in files.
fn free_label(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    display_name: &str,
    name: &MailboxName,
) -> Result<String, StoreError> {
    let wanted = label_from(display_name, name);
    let with_name = format!("{wanted} ({name})");
    let numbered = (2u32..).map(|number| format!("{wanted} ({name} {number})"));
    for label in [wanted.clone(), with_name].into_iter().chain(numbered) {
        let sql = "SELECT id FROM mailbox WHERE label_key = ?1 AND id <> ?2";
        if tx.row(sql, params![&label.to_lowercase(), mailbox], |row| row.int(0))?.is_none() {
            return Ok(label);
        }
    }
    Ok(wanted)
}

pub fn set_policies(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    sent_copy: SentCopy,
    seen: SeenMode,
    quota: Option<u64>,
) -> Result<(), StoreError> {
    let sql = "UPDATE mailbox SET sent_copy = ?2, seen = ?3, quota = ?4 WHERE id = ?1";
    tx.execute(sql, params![mailbox, sent_copy.as_str(), seen.as_str(), quota])?;
    organisation::changed(tx)
}

/// How many emails the mailbox may hold; none: no limit.
pub fn message_quota(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT message_quota FROM mailbox WHERE id = ?1";
    let quota = tx.row(sql, params![mailbox], |row| row.opt_int(0))?.flatten();
    Ok(quota.and_then(|quota| u64::try_from(quota).ok()))
}

pub fn set_message_quota(tx: &mut Tx<'_>, mailbox: MailboxId, quota: Option<u64>) -> Result<(), StoreError> {
    tx.execute("UPDATE mailbox SET message_quota = ?2 WHERE id = ?1", params![mailbox, quota])?;
    organisation::changed(tx)
}

/// A user's own privilege. The database refuses anything but `user` for other kinds.
pub fn set_privilege(tx: &mut Tx<'_>, mailbox: MailboxId, privilege: Privilege) -> Result<(), StoreError> {
    tx.execute("UPDATE mailbox SET privilege = ?2 WHERE id = ?1", params![mailbox, privilege.as_str()])?;
    organisation::changed(tx)
}

/// Makes a mailbox another kind. Ids, mail, addresses and the grants on it stay; what stops being a user loses
/// what only a person has.
pub fn convert(tx: &mut Tx<'_>, mailbox: MailboxId, kind: MailboxKind) -> Result<(), StoreError> {
    if kind != MailboxKind::User {
        drop_person(tx, mailbox)?;
    }
    tx.execute("UPDATE mailbox SET kind = ?2 WHERE id = ?1", params![mailbox, kind.as_str()])?;
    organisation::changed(tx)
}

/// Takes from a mailbox all that makes it a person: credentials, memberships, grants held, privilege.
pub fn drop_person(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    credentials::remove_all(tx, mailbox)?;
    roles::leave_all(tx, mailbox)?;
    grants::remove_held_by(tx, mailbox)?;
    set_privilege(tx, mailbox, Privilege::User)
}

/// How many emails the mailbox holds, and the octets they take.
pub fn holds(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(u64, u64), StoreError> {
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM email WHERE mailbox = ?1";
    Ok(tx.row(sql, params![mailbox], |row| Ok((row.size(0)?, row.size(1)?)))?.unwrap_or((0, 0)))
}

/// Removes a mailbox that holds no mail, with everything said about it. Its audit rows stay.
pub fn remove(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    if holds(tx, mailbox)?.0 > 0 {
        return Err(StoreError::Corrupt("a mailbox that should be empty"));
    }
    drop_person(tx, mailbox)?;
    grants::remove_on(tx, mailbox)?;
    inbound_services::remove_of(tx, mailbox)?;
    addresses::clear(tx, mailbox)?;
    credentials::remove_bound_to(tx, mailbox)?;
    annotations::remove_all(tx, mailbox)?;
    subscribed_names::remove_all(tx, mailbox)?;
    for table in [
        "placement",
        "reference",
        "change",
        "seen",
        "sent_copy",
        "to_index",
        "import_item",
        "subscription",
        "folder",
        "clock",
        "queue_copy",
    ] {
        tx.execute(&format!("DELETE FROM {table} WHERE mailbox = ?1"), params![mailbox])?;
    }
    tx.execute("DELETE FROM subscription WHERE person = ?1", params![mailbox])?;
    tx.execute("DELETE FROM seen WHERE person = ?1", params![mailbox])?;
    tx.execute("DELETE FROM sent_copy WHERE person = ?1", params![mailbox])?;
    // An exception for its mail alone means nothing without it.
    tx.execute("DELETE FROM route WHERE sender = ?1", params![mailbox])?;
    tx.execute("DELETE FROM mailbox WHERE id = ?1", params![mailbox])?;
    organisation::changed(tx)
}

#[cfg(test)]
mod tests;
