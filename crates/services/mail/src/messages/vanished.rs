//! Which messages have left a folder, for clients that come back and know an older state (RFC 7162).

use crate::OpenFolder;
use postroom_access::AccessError;
use postroom_model::{ModSeq, Right, Uid};
use postroom_store::changes;

impl OpenFolder {
    /// The UIDs that stood here at `since` and had left at `until`, ascending. None: that is longer ago than the
    /// change log reaches. Needs `message.read`.
    pub async fn vanished(&self, since: ModSeq, until: ModSeq) -> Result<Option<Vec<Uid>>, AccessError> {
        self.need(Right::MessageRead)?;
        let (mailbox, folder) = (self.mailbox(), self.id);
        Ok(self.store().read(move |tx| changes::removed(tx, mailbox, folder, since, until)).await?)
    }
}
