//! Fetching mail from accounts elsewhere: inbound services. The Inbox there is moved into a mailbox here, exactly once.
//!
//! [`Fetch::run`] keeps one [`worker`] going for each service that this node holds the lease of; a service that is
//! broken or slow delays none of the others. What makes it exact: a message and what it is known by there are filed in
//! one transaction ([`desk`]), and only then is it removed there; what is known is not fetched again. [`imap::pass`] and
//! [`pop3::pass`] are the two ways to ask. [`Fetch::test`] shows what would happen.

mod alert;
mod desk;
mod error;
mod http;
mod imap;
mod known;
mod network;
mod pop3;
mod received;
mod sign_in;
mod test;
mod wire;
mod worker;

pub use error::FetchError;
pub use network::Network;
pub use test::Tested;

use imap::session::Line;
use postroom_access::Access;
use postroom_directory::SealingKey;
use postroom_inbound::Inbound;
use postroom_model::{Clock, InboundServiceId};
use postroom_store::{Scope, Store, StoreError, Tx, inbound_services};
use sign_in::Proofs;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use worker::Worker;

/// How long a node holds a service without saying so again.
const LEASE: Duration = Duration::from_secs(30);
/// How often the list of services is compared with what runs.
const LOOK: Duration = Duration::from_secs(1);
/// How often leases are renewed; well before they end.
const RENEW: Duration = Duration::from_secs(8);

/// What fetching keeps to.
#[derive(Clone, Debug)]
pub struct FetchLimits {
    /// The largest message that is taken.
    pub message_size: u64,
    /// How long a server may be silent.
    pub patience: Duration,
    /// How often a server is asked that does not tell.
    pub poll: Duration,
    /// How long one IDLE lasts; servers end it after 30 minutes (RFC 2177).
    pub idle: Duration,
    /// How long is waited after a first failure; twice as long after each further one, but no longer than this.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// The managers are told when a service failed for so long.
    pub alert_after: Duration,
    /// Told too, where an address is given.
    pub alert_webhook: Option<String>,
}

/// What fetching needs from outside.
pub struct Parts {
    pub access: Access,
    pub inbound: Inbound,
    pub sealing: SealingKey,
    pub network: Network,
    pub clock: Arc<dyn Clock>,
    /// 0 to 1, by chance.
    pub chance: fn() -> f64,
    pub limits: FetchLimits,
    /// The name of this node.
    pub holder: String,
    /// A folder for messages on their way.
    pub spool: PathBuf,
}

/// Fetching. Cheap to clone.
#[derive(Clone)]
pub struct Fetch {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    access: Access,
    inbound: Inbound,
    network: Network,
    proofs: Proofs,
    chance: fn() -> f64,
    limits: FetchLimits,
    holder: String,
    spool: PathBuf,
    large: Arc<Semaphore>,
}

impl Inner {
    pub(crate) fn store(&self) -> &Store {
        self.access.store()
    }

    pub(crate) fn line(&self, public_only: bool) -> Line {
        Line { network: self.network.clone(), patience: self.limits.patience, spool: self.spool.clone(), public_only }
    }
}

/// A worker that runs here.
struct Running {
    revision: i64,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fetch {
    pub fn new(parts: Parts) -> Self {
        let Parts { access, inbound, sealing, network, clock, chance, limits, holder, spool } = parts;
        let proofs = Proofs { store: access.store().clone(), sealing, network: network.clone(), clock };
        let large = Arc::new(Semaphore::new(1));
        Self { inner: Arc::new(Inner { access, inbound, network, proofs, chance, limits, holder, spool, large }) }
    }

    /// Keeps every service going that no other node runs, until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut running = HashMap::new();
        let mut renewed = tokio::time::Instant::now();
        let mut changes = self.inner.access.watch();
        loop {
            let renew = renewed.elapsed() >= RENEW;
            match self.compare(&mut running, renew).await {
                Ok(()) if renew => renewed = tokio::time::Instant::now(),
                Ok(()) => {}
                Err(StoreError::Closed) => break,
                Err(error) => tracing::error!(error = error.detail(), "inbound services could not be read"),
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = changes.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        let held: Vec<InboundServiceId> = running.keys().copied().collect();
        drop(running);
        self.release(held).await;
    }

    /// Starts, restarts and stops workers, so that what runs here is what should.
    async fn compare(&self, running: &mut HashMap<InboundServiceId, Running>, renew: bool) -> Result<(), StoreError> {
        let services = self.inner.store().read(|tx| inbound_services::all(tx, None)).await?;
        let wanted = |id: &InboundServiceId| services.iter().any(|one| one.id == *id && one.settings.enabled);
        running.retain(|id, _| wanted(id));
        for service in services.into_iter().filter(|service| service.settings.enabled) {
            let current = running.get(&service.id);
            let goes_on = current.is_some_and(|one| one.revision == service.revision && !one.task.is_finished());
            if goes_on && !renew {
                continue;
            }
            let id = service.id;
            if !self.lease(id).await? {
                running.remove(&id);
                continue;
            }
            if !goes_on {
                let revision = service.revision;
                running.remove(&id);
                let task = tokio::spawn(Worker::new(self.inner.clone(), service).run());
                running.insert(id, Running { revision, task });
            }
        }
        if renew {
            self.alert().await;
        }
        Ok(())
    }

    async fn lease(&self, id: InboundServiceId) -> Result<bool, StoreError> {
        let (holder, now) = (self.inner.holder.clone(), self.inner.now());
        let until = now.plus_millis(i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX));
        let work = move |tx: &mut Tx<'_>| inbound_services::lease(tx, id, &holder, now, until);
        self.inner.store().write(Scope::Free, work).await
    }

    /// Another node need not wait for the leases to end.
    async fn release(&self, held: Vec<InboundServiceId>) {
        let holder = self.inner.holder.clone();
        let work = move |tx: &mut Tx<'_>| held.iter().try_for_each(|id| inbound_services::release(tx, *id, &holder));
        if let Err(error) = self.inner.store().write::<_, StoreError, _>(Scope::Free, work).await {
            tracing::warn!(error = error.detail(), "leases of inbound services are left to end by themselves");
        }
    }
}

#[cfg(test)]
mod tests;
