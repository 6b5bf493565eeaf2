//! Lanes: messages that go the same way wait in one line and share connections. A slow destination fills its own
//! lane and no other.

use crate::Settings;
use postroom_model::Via;
use postroom_store::queue::{Queued, QueuedRecipient};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

/// A message for some recipients that go the same way.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) message: Queued,
    pub(crate) recipients: Vec<QueuedRecipient>,
    pub(crate) via: Via,
    /// Of the recipients, for those that go direct.
    pub(crate) domain: String,
}

pub(crate) struct Lanes {
    open: Mutex<HashMap<String, Lane>>,
    /// Places for connections.
    pub(crate) connections: Arc<Semaphore>,
    /// Fires when there is room for more.
    pub(crate) progress: Notify,
    per_destination: usize,
    /// How far apart two messages of one lane are.
    pace: Option<Duration>,
}

struct Lane {
    waiting: VecDeque<Job>,
    /// Those that work on it, and those of them that wait for work.
    workers: usize,
    idle: usize,
    wake: Arc<Notify>,
    next_at: Option<Instant>,
}

/// A lane with so many messages gets no more for now.
const FULL: usize = 200;

/// Recipients that may be claimed and not yet settled.
const MOST_CLAIMED: usize = 4000;

impl Lanes {
    pub(crate) fn new(settings: &Settings) -> Self {
        let pace = match settings.messages_per_minute {
            0 => None,
            count => Some(Duration::from_secs(60) / count),
        };
        Self {
            open: Mutex::new(HashMap::new()),
            connections: Arc::new(Semaphore::new(settings.connections.max(1))),
            progress: Notify::new(),
            per_destination: settings.connections_per_destination.max(1),
            pace,
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job; gives true where somebody must come to work on the lane.
    pub(crate) fn push(&self, name: &str, job: Job) -> bool {
        let mut open = self.open();
        let lane = open.entry(name.to_owned()).or_insert_with(|| Lane {
            waiting: VecDeque::new(),
            workers: 0,
            idle: 0,
            wake: Arc::new(Notify::new()),
            next_at: None,
        });
        lane.waiting.push_back(job);
        if lane.idle >= lane.waiting.len() {
            lane.wake.notify_one();
            return false;
        }
        let comes = lane.workers < self.per_destination;
        lane.workers += usize::from(comes);
        lane.wake.notify_one();
        comes
    }

    /// The next job of a lane, and when it may go.
    pub(crate) fn next(&self, name: &str) -> Option<(Job, Option<Instant>)> {
        let mut open = self.open();
        let lane = open.get_mut(name)?;
        let job = lane.waiting.pop_front()?;
        if lane.waiting.len() == FULL / 2 {
            self.progress.notify_one();
        }
        let at = self.pace.map(|pace| {
            let at = lane.next_at.map_or_else(Instant::now, |at| at.max(Instant::now()));
            lane.next_at = Some(at + pace);
            at
        });
        Some((job, at))
    }

    /// Waits until there may be a job; false: not within `patience`.
    pub(crate) async fn wait(&self, name: &str, patience: Duration) -> bool {
        let wake = {
            let mut open = self.open();
            let Some(lane) = open.get_mut(name) else { return false };
            if !lane.waiting.is_empty() {
                return true;
            }
            lane.idle += 1;
            lane.wake.clone()
        };
        let woken = tokio::time::timeout(patience, wake.notified()).await.is_ok();
        if let Some(lane) = self.open().get_mut(name) {
            lane.idle = lane.idle.saturating_sub(1);
        }
        woken
    }

    /// A worker leaves, unless there is something to do: then it gives false.
    pub(crate) fn leave(&self, name: &str) -> bool {
        let mut open = self.open();
        let Some(lane) = open.get_mut(name) else { return true };
        if !lane.waiting.is_empty() {
            return false;
        }
        lane.workers = lane.workers.saturating_sub(1);
        if lane.workers == 0 && lane.next_at.is_none_or(|at| at <= Instant::now()) {
            open.remove(name);
        }
        drop(open);
        self.progress.notify_one();
        true
    }

    /// Everything that waits in a lane: there is no connection for any of it.
    pub(crate) fn drain(&self, name: &str) -> Vec<Job> {
        let drained = self.open().get_mut(name).map(|lane| lane.waiting.drain(..).collect());
        self.progress.notify_one();
        drained.unwrap_or_default()
    }

    /// Everything that waits in all lanes.
    pub(crate) fn drain_all(&self) -> Vec<Job> {
        self.open().values_mut().flat_map(|lane| lane.waiting.drain(..)).collect()
    }

    /// Wakes all who wait for work.
    pub(crate) fn wake_all(&self) {
        self.open().values().for_each(|lane| lane.wake.notify_waiters());
    }

    /// The lanes that have enough to do.
    pub(crate) fn full(&self) -> Vec<String> {
        self.open().iter().filter(|(_, lane)| lane.waiting.len() >= FULL).map(|(name, _)| name.clone()).collect()
    }

    /// How many recipients may be claimed now.
    pub(crate) fn room(&self) -> usize {
        let waiting: usize = self.open().values().flat_map(|lane| &lane.waiting).map(|job| job.recipients.len()).sum();
        MOST_CLAIMED.saturating_sub(waiting)
    }
}
