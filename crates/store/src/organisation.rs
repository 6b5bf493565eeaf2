//! The facts of the organisation as one value, and their version.
//!
//! Every statement that changes them (mailboxes, addresses, domains, roles, grants, plan) calls [`changed`],
//! which counts the version up, so that every node can tell whether it knows the newest.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, addresses, domains, grants, mailboxes, roles, routes, settings, vacations};
use postroom_model::Org;

const VERSION: &str = "organisation_version";

/// Reads everything that decisions need.
pub fn load(tx: &mut Tx<'_>) -> Result<Org, StoreError> {
    let version = version(tx)?;
    let domains = domains::all(tx)?;
    let mut mailboxes = mailboxes::all(tx)?;
    let mut addresses = addresses::all(tx)?;
    for mailbox in &mut mailboxes {
        mailbox.addresses = addresses.remove(&mailbox.id).unwrap_or_default();
    }
    let roles = roles::all(tx)?;
    let grants = grants::all(tx)?;
    let plan = settings::plan(tx)?;
    let mut org = Org::new(version, domains, mailboxes, roles, grants, plan);
    org.routes = routes::all(tx)?;
    org.absent = vacations::enabled(tx)?.into_iter().collect();
    Ok(org)
}

/// Grows with every change. 0: an empty installation.
pub fn version(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let text = settings::get(tx, VERSION)?;
    text.map_or(Ok(0), |text| text.parse().map_err(|_| StoreError::Corrupt("the version of the organisation")))
}

/// Says that a fact of the organisation changed: counts the version up, and tells watchers after the commit.
pub(crate) fn changed(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    settings::next_number(tx, VERSION)?;
    tx.touch_organisation();
    Ok(())
}

/// Reads a word of a closed set, as the model's `parse` functions do.
pub(crate) fn word<T>(
    row: &Row<'_>,
    column: usize,
    parse: fn(&str) -> Option<T>,
    what: &'static str,
) -> Result<T, StoreError> {
    parse(row.text(column)?).ok_or(StoreError::Corrupt(what))
}

#[cfg(test)]
mod tests;
