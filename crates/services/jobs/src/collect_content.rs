//! Removes content that nothing has referred to for a day.

use crate::{PIECE, before};
use postroom_access::Access;
use postroom_store::StoreError;
use std::time::Duration;

const UNREFERENCED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) async fn run(access: &Access) -> Result<u64, StoreError> {
    let mut collected = 0;
    loop {
        let gone = access.store().collect(before(access, UNREFERENCED_FOR), PIECE).await?;
        if gone == 0 {
            return Ok(collected);
        }
        collected += gone as u64;
    }
}
