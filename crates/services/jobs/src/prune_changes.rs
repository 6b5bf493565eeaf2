//! Removes rows of the change logs that are older than their retention, mailbox by mailbox.

use crate::{PIECE, before};
use postroom_access::Access;
use postroom_model::MailboxId;
use postroom_store::{Scope, StoreError, Tx, changes};
use std::time::Duration;

pub(crate) async fn run(access: &Access, keep: Duration) -> Result<u64, StoreError> {
    let oldest = before(access, keep);
    let mailboxes: Vec<MailboxId> = access.org().mailboxes().map(|mailbox| mailbox.id).collect();
    let mut pruned = 0;
    for mailbox in mailboxes {
        loop {
            let prune = move |tx: &mut Tx<'_>| changes::prune(tx, mailbox, oldest, PIECE);
            let gone = access.store().write(Scope::Mailboxes(vec![mailbox]), prune).await?;
            pruned += gone;
            if gone < u64::from(PIECE) {
                break;
            }
        }
    }
    Ok(pruned)
}
