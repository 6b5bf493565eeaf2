//! What was read of blocks lately. Blocks never change and their segments' ids never come again,
//! so that nothing here can be out of date.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Octets kept at most: every search reads all dictionaries of a mailbox, but few of the postings.
const DICTIONARIES: usize = 16 * 1024 * 1024;
const POSTINGS: usize = 12 * 1024 * 1024;

/// Each half has its own limit, so that a search for a common word does not push the dictionaries out.
pub(crate) struct Caches {
    pub(crate) terms: Cache,
    pub(crate) postings: Cache,
}

impl Default for Caches {
    fn default() -> Self {
        Self { terms: Cache::new(DICTIONARIES), postings: Cache::new(POSTINGS) }
    }
}

impl Caches {
    /// Drops what is of these segments.
    pub(crate) fn forget(&self, segments: &[i64]) {
        self.terms.forget(segments);
        self.postings.forget(segments);
    }
}

pub(crate) struct Cache {
    limit: usize,
    state: Mutex<State>,
}

/// Segment and part.
type Key = (i64, i64);

#[derive(Default)]
struct State {
    kept: HashMap<Key, (Arc<[u8]>, u64)>,
    octets: usize,
    /// Counts uses; each entry knows its last.
    uses: u64,
}

impl Cache {
    fn new(limit: usize) -> Self {
        Self { limit, state: Mutex::default() }
    }

    pub(crate) fn get(&self, key: Key) -> Option<Arc<[u8]>> {
        let state = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.uses += 1;
        let (bytes, last_use) = state.kept.get_mut(&key)?;
        *last_use = state.uses;
        Some(bytes.clone())
    }

    pub(crate) fn put(&self, key: Key, bytes: Arc<[u8]>) {
        let state = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.uses += 1;
        state.octets += bytes.len();
        if let Some((old, _)) = state.kept.insert(key, (bytes, state.uses)) {
            state.octets -= old.len();
        }
        if state.octets > self.limit {
            state.shrink();
        }
    }

    fn forget(&self, segments: &[i64]) {
        let state = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.kept.retain(|(segment, _), _| !segments.contains(segment));
        state.octets = state.kept.values().map(|(bytes, _)| bytes.len()).sum();
    }
}

impl State {
    /// Drops the half that was used longest ago: seldom and thorough, so that no order has to be kept.
    fn shrink(&mut self) {
        let mut uses: Vec<u64> = self.kept.values().map(|(_, last_use)| *last_use).collect();
        uses.sort_unstable();
        let middle = uses.get(uses.len() / 2).copied().unwrap_or(u64::MAX);
        self.kept.retain(|_, (_, last_use)| *last_use >= middle);
        self.octets = self.kept.values().map(|(bytes, _)| bytes.len()).sum();
    }
}
