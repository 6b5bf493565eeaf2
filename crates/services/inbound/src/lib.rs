//! Mail that arrives from outside: who takes it, its trace fields, and filing it durably. Knows no protocol.
//!
//! Start reading at [`Inbound::deliver`](deliver). One message is parsed, hashed and compressed once and filed for all
//! its recipients in one transaction.

pub mod authenticity;
pub mod deliver;
pub mod fetched;
pub mod trace;

pub use authenticity::{Authenticity, DmarcPolicy};
pub use deliver::{DeliverError, Delivered, Delivery, Mode};
pub use fetched::{FetchedError, FetchedMail, Filing, Took};
pub use postroom_outbound::Recipient;
pub use trace::{Hop, Incoming};

use postroom_access::Access;
use postroom_model::{Address, Time};
use postroom_outbound::local;
use postroom_store::StoreError;
use std::sync::Arc;

/// Receiving. Cheap to clone.
#[derive(Clone)]
pub struct Inbound {
    pub(crate) access: Access,
    /// The name of this server in trace fields.
    pub(crate) hostname: Arc<str>,
    /// None: nothing is checked.
    pub(crate) authenticity: Option<Arc<Authenticity>>,
}

impl Inbound {
    pub fn new(access: Access, hostname: &str) -> Self {
        Self { access, hostname: hostname.into(), authenticity: None }
    }

    /// Checks whether mail that comes by SMTP from other machines comes from whom it says.
    pub fn with_authenticity(self, authenticity: Authenticity) -> Self {
        Self { authenticity: Some(Arc::new(authenticity)), ..self }
    }

    /// The present.
    pub fn now(&self) -> Time {
        self.access.clock().now()
    }

    /// Who takes mail for an address, and whether there is room for `size` octets (0: not known yet). An exact
    /// address wins over one without its `+detail`.
    pub async fn resolve(&self, address: &Address, size: u64) -> Result<Recipient, StoreError> {
        local::recipient(&self.access, address, size).await
    }

    /// The address that `<postmaster>` without a domain stands for.
    pub fn postmaster(&self) -> Option<Address> {
        local::postmaster(&self.access.org())
    }
}

#[cfg(test)]
mod tests;
