//! For every user, since which version of the organisation the credentials are as they are.

use arc_swap::ArcSwap;
use postroom_model::MailboxId;
use postroom_store::{Store, StoreError, credentials};
use std::collections::HashMap;
use tokio::sync::Mutex;

pub(crate) struct Epochs {
    known: ArcSwap<Known>,
    /// One reload at a time, so that an older answer never replaces a newer one.
    reloading: Mutex<()>,
}

struct Known {
    version: u64,
    of: HashMap<MailboxId, i64>,
}

impl Known {
    async fn read(store: &Store) -> Result<Self, StoreError> {
        let (version, of) = store.read(credentials::epochs).await?;
        Ok(Self { version, of })
    }
}

impl Epochs {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let known = ArcSwap::from_pointee(Known::read(store).await?);
        Ok(Self { known, reloading: Mutex::new(()) })
    }

    pub(crate) async fn reload(&self, store: &Store) -> Result<(), StoreError> {
        let _one_at_a_time = self.reloading.lock().await;
        self.known.store(std::sync::Arc::new(Known::read(store).await?));
        Ok(())
    }

    /// The epoch of a user's credentials, not older than `version` of the organisation. None: no such user.
    pub(crate) async fn of(&self, store: &Store, person: MailboxId, version: u64) -> Result<Option<i64>, StoreError> {
        if self.known.load().version < version {
            self.catch_up(store, version).await?;
        }
        Ok(self.known.load().of.get(&person).copied())
    }

    async fn catch_up(&self, store: &Store, version: u64) -> Result<(), StoreError> {
        let _one_at_a_time = self.reloading.lock().await;
        if self.known.load().version < version {
            self.known.store(std::sync::Arc::new(Known::read(store).await?));
        }
        Ok(())
    }
}
