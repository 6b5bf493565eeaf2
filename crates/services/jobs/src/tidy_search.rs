//! Takes words of messages that are gone out of the search index, mailbox by mailbox.

use postroom_access::Access;
use postroom_model::MailboxId;
use postroom_store::StoreError;

/// A part of the index is rewritten when so many in a hundred of its emails are gone.
const GONE_PERCENT: u64 = 20;

pub(crate) async fn run(access: &Access) -> Result<u64, StoreError> {
    let mailboxes: Vec<MailboxId> = access.org().mailboxes().map(|mailbox| mailbox.id).collect();
    for mailbox in mailboxes {
        access.store().search().tidy(mailbox, GONE_PERCENT).await?;
    }
    Ok(0)
}
