//! Domains: what our addresses end in.

use crate::Directory;
use crate::change::{NotAllowed, use_case_errors};
use postroom_model::{Actor, Address, DomainId};
use postroom_store::{StoreError, domains};

#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    #[error("`{0}` is no domain name")]
    BadName(String),
    #[error("the domain {0} is configured already")]
    Taken(String),
    #[error("the domain {0} is not configured")]
    NotFound(String),
    #[error("{addresses} addresses end in {domain}; change them first")]
    InUse { domain: String, addresses: u64 },
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(DomainError);

/// A domain name in lower case and NFC, as addresses hold it.
pub(crate) fn parse_domain(raw: &str) -> Option<String> {
    Address::parse(&format!("postmaster@{raw}")).ok().map(|address| address.domain().to_owned())
}

impl Directory {
    pub async fn create_domain(&self, actor: Actor, name: &str) -> Result<DomainId, DomainError> {
        let name = parse_domain(name).ok_or_else(|| DomainError::BadName(name.to_owned()))?;
        self.change(actor, "domain.create", move |change| {
            change.need_admin()?;
            if change.org.has_domain(&name) {
                return Err(DomainError::Taken(name.clone()));
            }
            let id = domains::create(change.tx, &name, change.at)?;
            change.record(None, "domain.create", name.clone())?;
            Ok(id)
        })
        .await
    }

    pub async fn delete_domain(&self, actor: Actor, name: &str) -> Result<(), DomainError> {
        let name = name.to_lowercase();
        self.change(actor, "domain.delete", move |change| {
            change.need_admin()?;
            let id = change.org.domain(&name).ok_or_else(|| DomainError::NotFound(name.clone()))?.id;
            match domains::addresses_in(change.tx, id)? {
                0 => domains::remove(change.tx, id)?,
                addresses => return Err(DomainError::InUse { domain: name.clone(), addresses }),
            }
            change.record(None, "domain.delete", name.clone())?;
            Ok(())
        })
        .await
    }
}
