//! What is known of the messages of a remote Inbox, in memory for one session. The truth is in the store.

use postroom_model::Time;
use postroom_store::inbound_keys::{self, KeyRow, KeyState, Of};
use postroom_store::{Store, StoreError};

/// A message that could not be taken is tried again after so long.
const AGAIN_MILLIS: i64 = 6 * 60 * 60 * 1000;

/// Of one scope: a UIDVALIDITY, or a session where numbers do not last.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) scope: String,
    /// Messages are known under other numbers: what is fetched is compared with them by content.
    pub(crate) renumbered: bool,
    /// UIDs, ascending.
    filed: Vec<u32>,
    /// UIDs that cannot be taken, ascending, and whether for their size alone.
    refused: Vec<(u32, bool)>,
    /// The largest message that is taken.
    limit: u64,
}

/// All rows of a scope.
pub(crate) async fn rows(store: &Store, of: Of, scope: &str) -> Result<Vec<KeyRow>, StoreError> {
    let mut rows: Vec<KeyRow> = Vec::new();
    loop {
        let (scope, after) = (scope.to_owned(), rows.last().map_or(String::new(), |row| row.key.key.clone()));
        let page = store.read(move |tx| inbound_keys::page(tx, of, &scope, &after)).await?;
        let last = page.len() < inbound_keys::PAGE as usize;
        rows.extend(page);
        if last {
            return Ok(rows);
        }
    }
}

/// Whether a message that could not be taken is left alone for now.
pub(crate) fn stays_refused(row: &KeyRow, now: Time) -> bool {
    row.state == KeyState::Refused && row.at.0.saturating_add(AGAIN_MILLIS) > now.0
}

impl Known {
    pub(crate) async fn load(store: &Store, of: Of, scope: String, limit: u64, now: Time) -> Result<Self, StoreError> {
        let mut known = Self { limit, ..Self::default() };
        for row in rows(store, of, &scope).await? {
            let Ok(uid) = row.key.key.parse() else { continue };
            match row.state {
                KeyState::Filed => known.filed.push(uid),
                KeyState::Refused if stays_refused(&row, now) => known.refused.push((uid, row.size > limit)),
                KeyState::Refused => {}
            }
        }
        known.filed.sort_unstable();
        known.refused.sort_unstable();
        let asked = scope.clone();
        known.renumbered = store.read(move |tx| inbound_keys::elsewhere(tx, of, &asked)).await? > 0;
        known.scope = scope;
        Ok(known)
    }

    pub(crate) fn is_filed(&self, uid: u32) -> bool {
        self.filed.binary_search(&uid).is_ok()
    }

    /// One that was too large is none of these any more where the limit has grown.
    pub(crate) fn is_refused(&self, uid: u32, size: u64) -> bool {
        match self.refused.binary_search_by_key(&uid, |(uid, _)| *uid) {
            Ok(at) => !self.refused[at].1 || size > self.limit,
            Err(_) => false,
        }
    }

    /// The highest UID that is here; 0: none.
    pub(crate) fn highest(&self) -> u32 {
        self.filed.last().copied().unwrap_or(0)
    }

    pub(crate) fn filed(&mut self, uid: u32) {
        if let Err(at) = self.filed.binary_search(&uid) {
            self.filed.insert(at, uid);
        }
    }

    pub(crate) fn refused(&mut self, uid: u32) {
        if let Err(at) = self.refused.binary_search_by_key(&uid, |(uid, _)| *uid) {
            self.refused.insert(at, (uid, false));
        }
    }

    /// What is known and not in `there`, which ascends.
    pub(crate) fn missing<'a>(&'a self, there: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        self.filed.iter().copied().filter(move |uid| there.binary_search(uid).is_err())
    }

    /// Takes out and gives those of which none is in `there`, which ascends.
    pub(crate) fn forget_gone(&mut self, there: &[u32]) -> Vec<u32> {
        let gone = |uid: &u32| there.binary_search(uid).is_err();
        let mut forgotten: Vec<u32> = self.filed.iter().copied().filter(gone).collect();
        forgotten.extend(self.refused.iter().map(|(uid, _)| *uid).filter(gone));
        self.filed.retain(|uid| !gone(uid));
        self.refused.retain(|(uid, _)| !gone(uid));
        forgotten
    }
}
