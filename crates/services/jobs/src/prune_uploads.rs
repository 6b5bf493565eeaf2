//! Forgets uploads that no message has used within a day (RFC 8620 section 6).

use crate::{PIECE, before};
use postroom_access::Access;
use postroom_store::{Scope, StoreError, uploads};
use std::time::Duration;

const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) async fn run(access: &Access) -> Result<u64, StoreError> {
    let (oldest, now, mut total) = (before(access, KEPT_FOR), access.clock().now(), 0);
    loop {
        let gone = access.store().write(Scope::Free, move |tx| uploads::prune(tx, oldest, now, PIECE)).await?;
        total += gone;
        if gone < u64::from(PIECE) {
            return Ok(total);
        }
    }
}
