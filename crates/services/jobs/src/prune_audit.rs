//! Removes rows of the record of acts that are older than its retention.

use crate::{PIECE, before};
use postroom_access::Access;
use postroom_store::{Scope, StoreError, audit};
use std::time::Duration;

pub(crate) async fn run(access: &Access, keep: Duration) -> Result<u64, StoreError> {
    let oldest = before(access, keep);
    let mut pruned = 0;
    loop {
        let gone = access.store().write(Scope::Free, move |tx| audit::prune(tx, oldest, PIECE)).await?;
        pruned += gone;
        if gone < u64::from(PIECE) {
            return Ok(pruned);
        }
    }
}
