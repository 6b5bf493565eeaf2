//! What commands work with: the store, the organisation in it, and the directory over both.

use crate::config::{Config, Count};
use postroom_access::Access;
use postroom_directory::{Directory, Limits, SealingError, SealingKey};
use postroom_fetch::{Fetch, FetchLimits, Network, Parts};
use postroom_inbound::Inbound;
use postroom_model::{Clock, SystemClock};
use postroom_outbound::{Outbound, Schedule};
use postroom_relay::Dkim;
use postroom_store::{Store, StoreConfig, StoreError};
use postroom_transfer::Transfer;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::PathBuf;
use std::sync::Arc;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) access: Access,
    pub(crate) directory: Directory,
    pub(crate) outbound: Outbound,
    pub(crate) dkim: Dkim,
    pub(crate) inbound: Inbound,
    pub(crate) fetch: Fetch,
    pub(crate) transfer: Transfer,
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
    #[error("[outgoing] extra_ca: {0} holds no certificate that can be read: {1}")]
    ExtraCa(PathBuf, String),
    #[error("TLS to other servers cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the folder {0} cannot be made: {1}")]
    Folder(PathBuf, std::io::Error),
}

impl Office {
    /// Creates and migrates an empty database. On SQLite only the holder of the data lock calls this.
    pub(crate) async fn open(config: &Config) -> Result<Self, OpenError> {
        let places = StoreConfig { database: config.database.clone(), blobs: config.blobs.clone() };
        let store = tokio::task::spawn_blocking(move || Store::open(&places)).await.expect("opening does not panic")?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let access = Access::start(store.clone(), clock).await?;
        let sealing = SealingKey::load(&config.secrets_key, &store).await?;
        let directory = Directory::start(access.clone(), sign_in_limits(config), sealing.clone()).await?;
        let outbound = Outbound::new(access.clone(), &config.hostname).with_schedule(schedule(config));
        let dkim = Dkim::new(access.clone(), directory.sealing().clone());
        let inbound = Inbound::new(access.clone(), &config.hostname);
        let fetch = fetch(config, &access, &inbound, sealing)?;
        let transfer = Transfer::new(access.clone());
        Ok(Self { store, access, directory, outbound, dkim, inbound, fetch, transfer })
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

fn fetch(config: &Config, access: &Access, inbound: &Inbound, sealing: SealingKey) -> Result<Fetch, OpenError> {
    let spool = config.data.join("spool");
    std::fs::create_dir_all(&spool).map_err(|error| OpenError::Folder(spool.clone(), error))?;
    let limits = &config.limits;
    Ok(Fetch::new(Parts {
        access: access.clone(),
        inbound: inbound.clone(),
        sealing,
        network: Network::new(extra_authorities(config)?, &config.outgoing.allow_networks)?,
        clock: Arc::new(SystemClock),
        chance,
        limits: FetchLimits {
            message_size: limits.message_size.0,
            patience: limits.fetch_silence.0,
            poll: limits.fetch_interval.0,
            idle: limits.fetch_idle.0,
            first_pause: limits.fetch_retry.0,
            longest_pause: limits.fetch_retry_longest.0,
            alert_after: limits.fetch_alert_after.0,
            alert_webhook: config.alert_webhook.clone(),
        },
        holder: node_name(config),
        spool,
    }))
}

/// On SQLite there is one node: after a crash it goes on where it was. On PostgreSQL each process is a node of its own.
fn node_name(config: &Config) -> String {
    if config.is_sqlite() { "this".to_owned() } else { format!("{}-{:016x}", std::process::id(), random()) }
}

fn random() -> u64 {
    let mut octets = [0; 8];
    // Without random numbers the process would have ended long before: keys are made of them.
    _ = aws_lc_rs::rand::fill(&mut octets);
    u64::from_ne_bytes(octets)
}

fn chance() -> f64 {
    f64::from(u32::try_from(random() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

fn extra_authorities(config: &Config) -> Result<Vec<CertificateDer<'static>>, OpenError> {
    let mut found = Vec::new();
    for path in config.outgoing.extra_ca.iter().map(PathBuf::from) {
        let unusable = |why: String| OpenError::ExtraCa(path.clone(), why);
        let before = found.len();
        for certificate in CertificateDer::pem_file_iter(&path).map_err(|error| unusable(error.to_string()))? {
            found.push(certificate.map_err(|error| unusable(error.to_string()))?);
        }
        if found.len() == before {
            return Err(unusable("there is none in it".to_owned()));
        }
    }
    Ok(found)
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
        ..Limits::default()
    }
}
