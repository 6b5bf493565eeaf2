//! Why a mailbox or a verb is refused.

use postroom_model::Denied;
use postroom_store::{Retry, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no such mailbox or folder, or none that the actor may know of.
    #[error("there is no such mailbox or folder")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Retry for AccessError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}
