//! Removes what is left of browser sessions that ended.

use crate::PIECE;
use postroom_access::Access;
use postroom_store::{Scope, StoreError, web_sessions};

pub(crate) async fn run(access: &Access) -> Result<u64, StoreError> {
    let now = access.clock().now();
    let mut pruned = 0;
    loop {
        let gone = access.store().write(Scope::Free, move |tx| web_sessions::prune(tx, now, PIECE)).await?;
        pruned += gone;
        if gone < u64::from(PIECE) {
            return Ok(pruned);
        }
    }
}
