//! Forgets copies in Sent Items that a client can no longer mean when it appends the same message.

use crate::before;
use postroom_access::Access;
use postroom_store::{Scope, StoreError, sent_copies};
use std::time::Duration;

const REMEMBERED_FOR: Duration = Duration::from_secs(60 * 60);

pub(crate) async fn run(access: &Access) -> Result<u64, StoreError> {
    let oldest = before(access, REMEMBERED_FOR);
    access.store().write(Scope::Free, move |tx| sent_copies::prune(tx, oldest)).await
}
