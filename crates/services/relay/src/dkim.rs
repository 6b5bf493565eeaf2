//! Signatures on what leaves (RFC 6376, RFC 8463): each domain has pairs of keys, RSA with 2,048 bits and Ed25519.
//!
//! Start reading at [`Dkim::sign`]. A pair that is made while another signs only waits: its records are published
//! first, then [`Dkim::use_pair`] switches over. Private halves are sealed.

pub mod keys;
mod signing;

pub use keys::{DkimError, KeyLine};

use postroom_access::Access;
use postroom_directory::SealingKey;
use postroom_model::DomainId;
use postroom_store::{StoreError, dkim_keys};
use signing::Signer;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Keys of domains, and signing with them. Cheap to clone.
#[derive(Clone)]
pub struct Dkim {
    pub(crate) access: Access,
    pub(crate) sealing: SealingKey,
    /// By domain, with the version of the organisation in which they were read.
    open: Arc<Mutex<HashMap<DomainId, (u64, Signers)>>>,
}

type Signers = Arc<Vec<Signer>>;

impl Dkim {
    pub fn new(access: Access, sealing: SealingKey) -> Self {
        Self { access, sealing, open: Arc::default() }
    }

    /// The signature fields for a message from an address in `domain`, to be put in front of it. Empty: the domain
    /// has no keys that sign.
    pub async fn sign(&self, domain: &str, message: &[u8]) -> Result<Vec<u8>, StoreError> {
        let signers = self.signers(domain).await?;
        let mut fields = Vec::new();
        for signer in signers.iter() {
            match signer.sign(domain, message) {
                Ok(field) => fields.extend_from_slice(field.as_bytes()),
                Err(error) => tracing::error!(domain, selector = signer.selector, %error, "a message was not signed"),
            }
        }
        Ok(fields)
    }

    async fn signers(&self, domain: &str) -> Result<Signers, StoreError> {
        let (version, id) = {
            let org = self.access.org();
            let Some(domain) = org.domain(domain) else { return Ok(Arc::default()) };
            (org.version, domain.id)
        };
        let known = self.open.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some((_, signers)) = known.filter(|(known, _)| *known == version) {
            return Ok(signers);
        }
        let keys = self.access.store().read(move |tx| dkim_keys::of_domain(tx, id)).await?;
        let active = keys.iter().filter(|key| key.active);
        let signers: Signers = Arc::new(active.filter_map(|key| Signer::open(key, &self.sealing)).collect());
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (version, signers.clone()));
        Ok(signers)
    }
}

#[cfg(test)]
mod tests;
