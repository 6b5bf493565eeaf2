//! The organisation: who is in it, who may do what, and how people sign in.
//!
//! [`Directory`] holds every use case as a method; each lives in a file named after it. Those that change
//! something go through [`change`](Directory::change), which reads the facts anew inside the transaction, checks
//! them there, writes the audit row with the change, and makes the change hold everywhere before it answers.
//! Invariant: no secret in clear is stored or logged.

mod audit;
mod change;
mod domains;
mod explain;
pub mod file;
mod folders;
mod grants;
mod list;
mod mailboxes;
mod passwords;
mod people;
mod plan;
mod roles;
pub mod routes;
pub mod scram;
mod sealing;
mod secret;
mod sign_in;

pub use audit::{AuditError, AuditFilter, AuditLine};
pub use change::NotAllowed;
pub use domains::DomainError;
pub use explain::{ExplainError, Explanation, Held, RightExplained};
pub use folders::{FolderLine, FoldersError};
pub use grants::{AclChange, GrantError, SetGrant, acl_rights};
pub use list::{DomainLine, GrantLine, MailboxLine, RoleLine};
pub use mailboxes::{
    AddressProblem, ConvertError, CreateError, Created, DeleteError, Names, NewShared, NewUser, UpdateError,
    UpdateMailbox,
};
pub use passwords::{ApplicationError, ApplicationLine, HashingError, NewApplication, PasswordError};
pub use people::PersonLine;
pub use plan::PlanError;
pub use roles::{NewRole, RoleError, UpdateRole};
pub use routes::{NewException, NewRoute, NewSmartHost, RouteError, route_secret_row};
pub use scram::{Bindings, EndPoint};
pub use sealing::{NotOpened, SealingError, SealingKey};
pub use secret::Secret;
pub use sign_in::{Entered, Limits, ScramDone, ScramOffer, ScramPending, ScramRefused, SignInError, SignedIn};

use passwords::hashing::Hashing;
use postroom_access::Access;
use postroom_model::{Clock, Org};
use postroom_store::{Store, StoreError};
use sign_in::{Epochs, Remembered, Throttle};
use std::sync::Arc;

/// Every use case of the organisation. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    inner: Arc<Inner>,
}

struct Inner {
    access: Access,
    limits: Limits,
    hashing: Hashing,
    throttle: Throttle,
    remembered: Remembered,
    epochs: Epochs,
    salts: scram::Salts,
    sealing: SealingKey,
}

impl Directory {
    /// Makes the installation's sign-in key where there is none, and a hash to verify unknown names against.
    pub async fn start(access: Access, limits: Limits, sealing: SealingKey) -> Result<Self, StoreError> {
        let salts = scram::Salts::load(access.store()).await?;
        let epochs = Epochs::load(access.store()).await?;
        let hashing = Hashing::start(&limits).await?;
        let inner = Inner {
            hashing,
            salts,
            epochs,
            throttle: Throttle::new(&limits),
            remembered: Remembered::new()?,
            access,
            limits,
            sealing,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub fn access(&self) -> &Access {
        &self.inner.access
    }

    /// The facts now.
    pub fn org(&self) -> Arc<Org> {
        self.inner.access.org()
    }

    /// The key of secrets at rest.
    pub fn sealing(&self) -> &SealingKey {
        &self.inner.sealing
    }

    fn store(&self) -> &Store {
        self.inner.access.store()
    }

    fn clock(&self) -> &dyn Clock {
        self.inner.access.clock()
    }
}

#[cfg(test)]
mod tests;
