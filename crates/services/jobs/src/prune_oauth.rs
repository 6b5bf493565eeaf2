//! Removes OAuth codes, tokens and permissions that expired, and clients that nobody has let in for a day.

use crate::{PIECE, before};
use postroom_access::Access;
use postroom_store::{Scope, StoreError, oauth};
use std::time::Duration;

const UNUSED_CLIENTS: Duration = Duration::from_secs(24 * 3600);

pub(crate) async fn run(access: &Access) -> Result<u64, StoreError> {
    let (now, unused) = (access.clock().now(), before(access, UNUSED_CLIENTS));
    let mut pruned = 0;
    loop {
        let gone = access.store().write(Scope::Free, move |tx| oauth::prune(tx, now, unused, PIECE)).await?;
        pruned += gone;
        if gone < u64::from(PIECE) {
            return Ok(pruned);
        }
    }
}
