//! What messages say about the conversations they stand in.

use crate::{ContentId, OpenFolder};
use postroom_access::AccessError;
use postroom_model::Right;
use postroom_store::{Ancestry, ancestries};
use std::collections::HashMap;

impl OpenFolder {
    /// As it was computed when the messages were filed. Needs `message.read`. Ask for a page at a time.
    pub async fn ancestries(&self, contents: Vec<ContentId>) -> Result<HashMap<ContentId, Ancestry>, AccessError> {
        self.need(Right::MessageRead)?;
        let read = self.store().read(move |tx| {
            let mut found = HashMap::with_capacity(contents.len());
            ancestries(tx, &contents, |content, ancestry| {
                found.insert(content, ancestry);
            })?;
            Ok(found)
        });
        Ok(read.await?)
    }
}
