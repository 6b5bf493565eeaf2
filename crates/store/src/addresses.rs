//! Addresses of mailboxes, in order; the first is the default address.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{domains, organisation, params};
use postroom_model::{Address, MailboxId};
use std::collections::HashMap;

/// All addresses of all mailboxes, each mailbox's in order.
pub fn all(tx: &mut Tx<'_>) -> Result<HashMap<MailboxId, Vec<Address>>, StoreError> {
    let mut found: HashMap<MailboxId, Vec<Address>> = HashMap::new();
    tx.for_each("SELECT mailbox, address FROM address ORDER BY mailbox, position", &[], |row| {
        let address = Address::parse(row.text(1)?).map_err(|_| StoreError::Corrupt("an address"))?;
        found.entry(MailboxId(row.int(0)?)).or_default().push(address);
        Ok(())
    })?;
    Ok(found)
}

/// Whose address it is.
pub fn owner(tx: &mut Tx<'_>, address: &Address) -> Result<Option<MailboxId>, StoreError> {
    let sql = "SELECT mailbox FROM address WHERE address = ?1";
    tx.row(sql, params![address.as_str()], |row| Ok(MailboxId(row.int(0)?)))
}

/// Makes the addresses of a mailbox exactly these, in this order. The caller has checked that they are free;
/// an address in a domain that is not configured is [`StoreError::Gone`].
pub fn set(tx: &mut Tx<'_>, mailbox: MailboxId, addresses: &[Address]) -> Result<(), StoreError> {
    clear(tx, mailbox)?;
    for (position, address) in addresses.iter().enumerate() {
        let domain = domains::find(tx, address.domain())?.ok_or(StoreError::Gone("the domain of an address"))?;
        tx.execute(
            "INSERT INTO address (address, mailbox, domain, position) VALUES (?1, ?2, ?3, ?4)",
            params![address.as_str(), mailbox, domain, position],
        )?;
    }
    organisation::changed(tx)
}

/// Takes all addresses from a mailbox, so that others can be given them in the same transaction.
pub fn clear(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM address WHERE mailbox = ?1", params![mailbox])?;
    organisation::changed(tx)
}
