//! The loop that takes what is due from the queue and hands it to the lanes. Start reading at [`Relay::run`].

use crate::Relay;
use crate::lanes::Job;
use postroom_model::route::choose;
use postroom_model::{Address, Time, Via};
use postroom_outbound::report::FILED;
use postroom_outbound::{Attempt, Ended, Tried};
use postroom_store::queue::attempts::{self, Claim, Claimed};
use postroom_store::queue::{Queued, QueuedRecipient};
use postroom_store::{Scope, StoreError, Tx};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a claim holds without being prolonged, and how often it is.
const LEASE: Duration = Duration::from_secs(30);
const PROLONG_EVERY: Duration = Duration::from_secs(8);

/// How many recipients are claimed at once.
const CLAIM: usize = 500;

/// The longest and shortest time between two looks into the queue.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
const SHORTEST_SLEEP: Duration = Duration::from_millis(20);

/// How often what was finished long ago is forgotten, and how much at once.
const FORGET_EVERY: Duration = Duration::from_secs(600);
const FORGET: u32 = 1000;

/// After an error of the database.
const AFTER_ERROR: Duration = Duration::from_secs(5);

/// What a process that stops waits for at most: messages that are just being sent.
const GRACE: Duration = Duration::from_secs(15);

impl Relay {
    /// Serves the queue until `stop` says so; then messages that are being sent are finished, and the rest is given
    /// back.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        if !self.inner.settings.shared {
            let now = self.now();
            let ended = self.store().write(Scope::Free, move |tx| attempts::end_leases(tx, now)).await;
            log("leases of an earlier process could not be ended", &ended);
        }
        let mut queue = self.store().watch_queue();
        let mut workers = JoinSet::new();
        let mut prolonged = tokio::time::Instant::now();
        let mut forgotten: Option<tokio::time::Instant> = None;
        while !*stop.borrow() {
            queue.mark_unchanged();
            if prolonged.elapsed() >= PROLONG_EVERY {
                prolonged = tokio::time::Instant::now();
                self.prolong().await;
            }
            if forgotten.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
                forgotten = Some(tokio::time::Instant::now());
                log("finished messages could not be forgotten", &self.inner.outbound.forget_finished(FORGET).await);
            }
            let sleep = match self.round(&mut workers, &stop).await {
                Ok(sleep) => sleep,
                Err(error) => {
                    tracing::error!(error = error.detail(), "the queue could not be served");
                    AFTER_ERROR
                }
            };
            while workers.try_join_next().is_some() {}
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = queue.changed(), if sleep > SHORTEST_SLEEP => {}
                () = self.inner.lanes.progress.notified() => {}
                () = tokio::time::sleep(sleep.min(PROLONG_EVERY)) => {}
            }
        }
        self.give_back_all().await;
        self.inner.lanes.wake_all();
        let finished = tokio::time::timeout(GRACE, async { while workers.join_next().await.is_some() {} }).await;
        if finished.is_err() {
            tracing::warn!("connections to other servers were cut: a message may arrive twice");
        }
    }

    /// One look into the queue; gives how long to wait for the next.
    async fn round(&self, workers: &mut JoinSet<()>, stop: &watch::Receiver<bool>) -> Result<Duration, StoreError> {
        self.inner.outbound.release_due().await?;
        let room = self.inner.lanes.room().min(CLAIM);
        let full = self.inner.lanes.full();
        if room == 0 {
            return Ok(LONGEST_SLEEP);
        }
        let claimed = self.claim(room, full.clone()).await?;
        let count: usize = claimed.iter().map(|claimed| claimed.recipients.len()).sum();
        for claimed in claimed {
            self.hand_out(claimed, workers, stop).await?;
        }
        if count >= room {
            return Ok(SHORTEST_SLEEP);
        }
        // What waits behind a full lane is looked at again when there is progress.
        if !full.is_empty() {
            return Ok(Duration::from_secs(1));
        }
        let next = self.store().read(|tx| Ok((attempts::next_due(tx)?, attempts::next_hold(tx)?))).await?;
        let next = [next.0, next.1].into_iter().flatten().min();
        let until = next.map_or(i64::MAX, |at| at.0.saturating_sub(self.now().0)).max(0);
        let until = Duration::from_millis(u64::try_from(until).unwrap_or(0));
        Ok(until.clamp(SHORTEST_SLEEP * 2, LONGEST_SLEEP))
    }

    async fn claim(&self, limit: usize, not: Vec<String>) -> Result<Vec<Claimed>, StoreError> {
        let (by, now) = (self.inner.lease, self.now());
        let lease_until = lease_end(now);
        // Reading first costs the writer nothing while nothing is due.
        let due = self.store().read(attempts::next_due).await?;
        if due.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let work = move |tx: &mut Tx<'_>| attempts::claim(tx, &Claim { by, now, lease_until, not: &not, limit });
        self.store().write(Scope::Free, work).await
    }

    /// Sorts the recipients of a message by the way they go.
    async fn hand_out(
        &self,
        claimed: Claimed,
        workers: &mut JoinSet<()>,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        let Claimed { message, recipients } = claimed;
        let org = self.inner.outbound.access().org();
        let mut ways: BTreeMap<String, (Via, String, Vec<QueuedRecipient>)> = BTreeMap::new();
        let mut ours = Vec::new();
        for mut recipient in recipients {
            if Address::parse(&recipient.address).is_ok_and(|address| org.recipient(&address).is_some()) {
                ours.push(recipient);
                continue;
            }
            let domain = recipient.address.rsplit('@').next().unwrap_or_default().to_lowercase();
            let via = choose(&org, message.mailbox, &message.from_address, &domain).via;
            let lane = match &via {
                Via::Direct => domain.clone(),
                Via::SmartHost(host) => host.lane(),
            };
            recipient.lane.clone_from(&lane);
            ways.entry(lane).or_insert_with(|| (via, domain, Vec::new())).2.push(recipient);
        }
        if !ours.is_empty() {
            self.file_here(message.clone(), ours).await?;
        }
        for (lane, (via, domain, recipients)) in ways {
            for some in recipients.chunks(self.inner.settings.recipients.max(1)) {
                let job = Job {
                    message: message.clone(),
                    recipients: some.to_vec(),
                    via: via.clone(),
                    domain: domain.clone(),
                };
                if self.inner.lanes.push(&lane, job) {
                    workers.spawn(self.clone().work(lane.clone(), stop.clone()));
                }
            }
        }
        Ok(())
    }

    /// Recipients whose address is ours by now.
    async fn file_here(&self, message: Queued, recipients: Vec<QueuedRecipient>) -> Result<(), StoreError> {
        let tried = recipients.into_iter().map(|recipient| Tried {
            recipient,
            ended: Ended::Ours,
            status: "2.1.5".to_owned(),
            answer: FILED.to_owned(),
            remote: None,
            reports_itself: false,
        });
        let attempt = Attempt { message, by: self.inner.lease, tried: tried.collect() };
        self.inner.outbound.settle(attempt).await
    }

    async fn prolong(&self) {
        let (by, until) = (self.inner.lease, lease_end(self.now()));
        let prolonged = self.store().write(Scope::Free, move |tx| attempts::prolong(tx, by, until)).await;
        log("leases could not be prolonged", &prolonged);
    }

    async fn give_back_all(&self) {
        for job in self.inner.lanes.drain_all() {
            self.give_back(job).await;
        }
    }

    /// Gives recipients back untried.
    pub(crate) async fn give_back(&self, job: Job) {
        let (by, now) = (self.inner.lease, self.now());
        let work = move |tx: &mut Tx<'_>| {
            let id = job.message.id;
            job.recipients.iter().try_for_each(|recipient| attempts::give_back(tx, id, recipient.position, by, now))
        };
        let given: Result<(), StoreError> = self.store().write(Scope::Free, work).await;
        log("messages could not be given back", &given);
    }

    pub(crate) fn store(&self) -> &postroom_store::Store {
        self.inner.outbound.access().store()
    }

    pub(crate) fn now(&self) -> Time {
        self.inner.outbound.access().clock().now()
    }
}

fn lease_end(now: Time) -> Time {
    now.plus_millis(i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX))
}

fn log<T>(what: &str, result: &Result<T, StoreError>) {
    if let Err(error) = result {
        tracing::error!(error = error.detail(), "{what}");
    }
}
