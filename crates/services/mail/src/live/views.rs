//! The live folders of this node: one for each folder that is open, and the last few that were.

use super::refresh::Live;
use postroom_model::{FolderId, MailboxId};
use postroom_store::{Store, StoreError};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};

#[derive(Default)]
pub(crate) struct Views {
    state: Mutex<State>,
}

/// With a person where `\Seen` is each person's own.
type Key = (MailboxId, FolderId, Option<MailboxId>);

#[derive(Default)]
struct State {
    open: HashMap<Key, Weak<Live>>,
    /// Kept alive although nobody may have them open, newest last.
    warm: VecDeque<(Key, Arc<Live>)>,
}

/// Folders that nobody has open are kept while they hold fewer messages than this together.
const WARM_MESSAGES: usize = 200_000;

impl Views {
    /// The live folder, loaded if nobody has it open. None: there is no such folder.
    pub(crate) async fn get(
        &self,
        store: &Store,
        mailbox: MailboxId,
        folder: FolderId,
        person: Option<MailboxId>,
    ) -> Result<Option<Arc<Live>>, StoreError> {
        let key = (mailbox, folder, person);
        if let Some(live) = self.known(key) {
            return Ok(Some(live));
        }
        // Two that come at once both load; one of the two is kept. That is rare and harmless.
        let Some(loaded) = Live::load(store, mailbox, folder, person).await? else { return Ok(None) };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(live) = state.open.get(&key).and_then(Weak::upgrade) {
            return Ok(Some(live));
        }
        let live = Arc::new(loaded);
        state.open.retain(|_, live| live.strong_count() > 0);
        state.open.insert(key, Arc::downgrade(&live));
        state.keep_warm(key, &live);
        Ok(Some(live))
    }

    fn known(&self, key: Key) -> Option<Arc<Live>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let live = state.open.get(&key).and_then(Weak::upgrade)?;
        state.keep_warm(key, &live);
        Some(live)
    }

    /// A folder that was deleted, or whose mailbox was.
    pub(crate) fn forget(&self, mailbox: MailboxId, folder: FolderId) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let other = |key: &Key| (key.0, key.1) != (mailbox, folder);
        state.open.retain(|key, _| other(key));
        state.warm.retain(|(key, _)| other(key));
    }
}

impl State {
    fn keep_warm(&mut self, key: Key, live: &Arc<Live>) {
        if self.warm.back().is_some_and(|(last, _)| *last == key) {
            return;
        }
        self.warm.retain(|(other, _)| *other != key);
        self.warm.push_back((key, live.clone()));
        let mut total: usize = self.warm.iter().map(|(_, live)| live.snapshot().len()).sum();
        while total > WARM_MESSAGES && self.warm.len() > 1 {
            total -= self.warm.pop_front().map_or(0, |(_, live)| live.snapshot().len());
        }
    }
}
