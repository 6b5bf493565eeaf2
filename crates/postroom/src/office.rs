//! What commands work with: the store, the organisation in it, and the directory over both.

use crate::config::{Config, Count};
use postroom_access::Access;
use postroom_directory::{Directory, Limits, SealingError, SealingKey};
use postroom_model::{Clock, SystemClock};
use postroom_outbound::{Outbound, Schedule};
use postroom_relay::Dkim;
use postroom_store::{Store, StoreConfig, StoreError};
use std::sync::Arc;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) access: Access,
    pub(crate) directory: Directory,
    pub(crate) outbound: Outbound,
    pub(crate) dkim: Dkim,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    Store(#[from] postroom_store::OpenError),
    #[error("the organisation cannot be read: {}", .0.detail())]
    Organisation(#[from] StoreError),
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error("the name servers cannot be asked: {0}")]
    Dns(String),
    #[error("[outgoing] {0}")]
    Network(#[from] postroom_relay::BadNetwork),
}

impl Office {
    /// Creates and migrates an empty database. On SQLite only the holder of the data lock calls this.
    pub(crate) async fn open(config: &Config) -> Result<Self, OpenError> {
        let places = StoreConfig { database: config.database.clone(), blobs: config.blobs.clone() };
        let store = tokio::task::spawn_blocking(move || Store::open(&places)).await.expect("opening does not panic")?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let access = Access::start(store.clone(), clock).await?;
        let sealing = SealingKey::load(&config.secrets_key, &store).await?;
        let directory = Directory::start(access.clone(), sign_in_limits(config), sealing).await?;
        let outbound = Outbound::new(access.clone(), &config.hostname).with_schedule(schedule(config));
        let dkim = Dkim::new(access.clone(), directory.sealing().clone());
        Ok(Self { store, access, directory, outbound, dkim })
    }

    /// Finishes what was accepted and closes the database.
    pub(crate) async fn close(self) {
        let store = self.store;
        // The last work of the store is done by its threads; they are waited for here.
        _ = tokio::task::spawn_blocking(move || store.close()).await;
    }
}

fn schedule(config: &Config) -> Schedule {
    let (outgoing, limits) = (&config.outgoing, &config.limits);
    Schedule {
        retries: outgoing.retries.iter().map(|span| span.0).collect(),
        give_up_after: outgoing.give_up_after.0,
        tell_delay_after: outgoing.tell_delay_after.0,
        longest_hold: limits.longest_hold.0,
        remember: limits.queue_retention.0,
    }
}

fn sign_in_limits(config: &Config) -> Limits {
    let limits = &config.limits;
    let attempts = |count: Count| u32::try_from(count.0).unwrap_or(u32::MAX);
    Limits {
        account_attempts: attempts(limits.sign_in_attempts),
        account_recovery: limits.sign_in_recovery.0,
        address_attempts: attempts(limits.sign_in_attempts_per_address),
        address_recovery: limits.sign_in_recovery_per_address.0,
        hashing_waiting: limits.sign_ins_waiting.number(),
        remembered_for: limits.sign_in_remembered.0,
        session_idle: limits.session_idle.0,
        session_lifetime: limits.session_lifetime.0,
        ..Limits::default()
    }
}
