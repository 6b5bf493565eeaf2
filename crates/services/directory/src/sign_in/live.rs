//! Whether the application password, session or OAuth grant that somebody signed in with is still there.
//!
//! Taking one away is a change of the organisation, so what was found holds until its version moves on; then it is
//! looked up again.

use super::Means;
use postroom_model::Time;
use postroom_store::oauth::grants;
use postroom_store::{Store, StoreError, credentials, web_sessions};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
pub(crate) struct Live {
    checked: Mutex<HashMap<Means, Checked>>,
}

#[derive(Clone, Copy)]
struct Checked {
    version: u64,
    until: Time,
}

/// So many are remembered; beyond, all are looked up again.
const REMEMBERED: usize = 50_000;

impl Live {
    pub(crate) async fn holds(&self, store: &Store, means: Means, version: u64, now: Time) -> Result<bool, StoreError> {
        if means == Means::Password {
            // The epoch of the account says it all.
            return Ok(true);
        }
        if let Some(checked) = self.find(&means).filter(|checked| checked.version >= version) {
            return Ok(checked.until > now);
        }
        let until = store.read(move |tx| look_up(tx, means)).await?;
        self.note(means, until.map(|until| Checked { version, until }));
        Ok(until.is_some_and(|until| until > now))
    }

    fn find(&self, means: &Means) -> Option<Checked> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner).get(means).copied()
    }

    fn note(&self, means: Means, checked: Option<Checked>) {
        let mut all = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        match checked {
            Some(checked) => _ = all.insert(means, checked),
            None => _ = all.remove(&means),
        }
    }
}

/// Until when it holds; none: it is gone.
fn look_up(tx: &mut postroom_store::Tx<'_>, means: Means) -> Result<Option<Time>, StoreError> {
    match means {
        Means::Password => Ok(Some(Time(i64::MAX))),
        Means::Application(id) => {
            let expiry = credentials::application_expiry(tx, id)?;
            Ok(expiry.map(|expiry| expiry.unwrap_or(Time(i64::MAX))))
        }
        Means::Session(id) => web_sessions::expires_at(tx, id),
        Means::Token { grant, .. } => Ok(grants::find(tx, grant)?.map(|grant| grant.expires_at)),
    }
}
