//! Forgets who was answered automatically so long ago that they may be answered again.

use crate::before;
use postroom_access::Access;
use postroom_store::{Scope, StoreError, vacations};
use std::time::Duration;

const KEPT_FOR: Duration = Duration::from_secs(8 * 24 * 60 * 60);

pub(crate) async fn run(access: &Access) -> Result<u64, StoreError> {
    let oldest = before(access, KEPT_FOR);
    access.store().write(Scope::Free, move |tx| vacations::prune(tx, oldest)).await
}
