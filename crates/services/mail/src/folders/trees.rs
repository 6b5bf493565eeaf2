//! The folders of mailboxes that have been looked at, so that entering one reads nothing.

use super::Tree;
use postroom_model::MailboxId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Trees, each with the count of changes of its mailbox's folders that it was read at.
#[derive(Default)]
pub(crate) struct Trees {
    known: Mutex<HashMap<MailboxId, (u64, Arc<Tree>)>>,
}

/// More are not kept; what is asked for then is read again.
const MOST: usize = 1024;

impl Trees {
    /// The tree, if it was read when the folders had changed so often.
    pub(crate) fn get(&self, mailbox: MailboxId, changes: u64) -> Option<Arc<Tree>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&mailbox).filter(|(then, _)| *then == changes).map(|(_, tree)| tree.clone())
    }

    pub(crate) fn keep(&self, mailbox: MailboxId, changes: u64, tree: Tree) -> Arc<Tree> {
        let tree = Arc::new(tree);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&mailbox) {
            known.clear();
        }
        // Somebody else may have read a newer one meanwhile.
        if known.get(&mailbox).is_none_or(|(then, _)| *then <= changes) {
            known.insert(mailbox, (changes, tree.clone()));
        }
        tree
    }
}
