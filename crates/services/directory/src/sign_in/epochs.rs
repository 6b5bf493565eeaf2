//! For every user, since which version of the organisation the credentials are as they are, and whether the password
//! alone opens anything.

use arc_swap::ArcSwap;
use postroom_model::MailboxId;
use postroom_store::{Store, StoreError, credentials, second_factors};
use std::collections::{HashMap, HashSet};
use tokio::sync::Mutex;

pub(crate) struct Epochs {
    known: ArcSwap<Known>,
    /// One reload at a time, so that an older answer never replaces a newer one.
    reloading: Mutex<()>,
}

struct Known {
    version: u64,
    of: HashMap<MailboxId, i64>,
    second_factors: HashSet<MailboxId>,
}

/// What is known of the credentials of one user.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) epoch: i64,
    pub(crate) second_factor: bool,
}

impl Known {
    async fn read(store: &Store) -> Result<Self, StoreError> {
        let read = store.read(|tx| Ok((credentials::epochs(tx)?, second_factors::holders(tx)?)));
        let ((version, of), second_factors) = read.await?;
        Ok(Self { version, of, second_factors })
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

    /// Of a user, not older than `version` of the organisation. None: no such user.
    pub(crate) async fn of(
        &self,
        store: &Store,
        person: MailboxId,
        version: u64,
    ) -> Result<Option<Standing>, StoreError> {
        if self.known.load().version < version {
            self.catch_up(store, version).await?;
        }
        let known = self.known.load();
        let second_factor = known.second_factors.contains(&person);
        Ok(known.of.get(&person).map(|epoch| Standing { epoch: *epoch, second_factor }))
    }

    async fn catch_up(&self, store: &Store, version: u64) -> Result<(), StoreError> {
        let _one_at_a_time = self.reloading.lock().await;
        if self.known.load().version < version {
            self.known.store(std::sync::Arc::new(Known::read(store).await?));
        }
        Ok(())
    }
}
