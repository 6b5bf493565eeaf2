//! Work waiting for database threads, and the group commit of writes.
//!
//! A write is a closure; a writer thread takes all that wait (on PostgreSQL: all that wait for the same
//! mailbox), runs each in its own savepoint, commits once, and only then answers them all.
//! Invariant: a write is answered after a durable commit, or with an error. Start reading at [`Batch::run`].

use super::error::StoreError;
use super::tx::Tx;
use crate::feed::{Feed, Touched};
use postroom_model::MailboxId;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, PoisonError};
use tokio::sync::oneshot;

/// What a write locks first: nothing else may change it meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The clocks of these mailboxes.
    Mailboxes(Vec<MailboxId>),
    /// Mailboxes, addresses, roles, grants, credentials.
    Organisation,
    /// Rows that no two writers fight for (audit, leases, to-do lists).
    Free,
}

impl Scope {
    pub fn mailbox(mailbox: MailboxId) -> Self {
        Self::Mailboxes(vec![mailbox])
    }
}

/// How a job ended inside its savepoint.
pub(crate) enum Ran {
    Keep,
    RollBack,
    /// The whole transaction must be run again.
    Again,
}

/// A unit of work whose types have been forgotten.
pub(crate) trait Job: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Answers whoever waits: with the result if `committed`, else with the error.
    fn finish(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Task<T, E, F> {
    work: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Task<T, E, F>
where
    T: Send,
    E: Send + From<StoreError> + Retry,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let result =
            catch_unwind(AssertUnwindSafe(|| (self.work)(tx))).unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let ran = match &result {
            Ok(_) => Ran::Keep,
            Err(error) if error.may_pass() => Ran::Again,
            Err(_) => Ran::RollBack,
        };
        self.result = Some(result);
        ran
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        // Nobody waits any more: the work is done all the same.
        let _ = self.reply.send(answer);
    }
}

/// Errors that may carry a [`StoreError`]: whether running the transaction again may help.
pub trait Retry {
    fn may_pass(&self) -> bool;
}

impl Retry for StoreError {
    fn may_pass(&self) -> bool {
        StoreError::may_pass(self)
    }
}

/// Makes a job of a closure, and the receiver of its answer.
pub(crate) fn task<T, E, F>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: Send + From<StoreError> + Retry + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Task { work, result: None, reply }), answer)
}

/// Jobs in order of arrival.
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
}

struct State {
    waiting: VecDeque<(Scope, Box<dyn Job>)>,
    closed: bool,
}

/// How many writes share one commit at most.
const LARGEST_BATCH: usize = 256;

impl Queue {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { waiting: VecDeque::new(), closed: false }), arrived: Condvar::new() }
    }

    /// Adds a job; after closing it is dropped, which its waiter sees.
    pub(crate) fn push(&self, scope: Scope, job: Box<dyn Job>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.closed {
            state.waiting.push_back((scope, job));
            self.arrived.notify_one();
        }
    }

    /// What waits is still done; then the threads end.
    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.arrived.notify_all();
    }

    /// Waits for work. `same_scope`: only jobs of the first one's scope. None: closed and empty.
    pub(crate) fn take(&self, most: Most, same_scope: bool) -> Option<Batch> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some((scope, first)) = state.waiting.pop_front() {
                let mut batch = Batch { scope, jobs: vec![first] };
                let limit = match most {
                    Most::One => 1,
                    Most::Batch => LARGEST_BATCH,
                };
                state.fill(&mut batch, limit, same_scope);
                return Some(batch);
            }
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// How many jobs a thread takes at once.
#[derive(Clone, Copy)]
pub(crate) enum Most {
    One,
    Batch,
}

impl State {
    fn fill(&mut self, batch: &mut Batch, limit: usize, same_scope: bool) {
        let mut at = 0;
        while batch.jobs.len() < limit && at < self.waiting.len() {
            if same_scope && self.waiting[at].0 != batch.scope {
                at += 1;
                continue;
            }
            if let Some((_, job)) = self.waiting.remove(at) {
                batch.jobs.push(job);
            }
        }
    }
}

/// Jobs that are committed together.
pub(crate) struct Batch {
    pub(crate) scope: Scope,
    jobs: Vec<Box<dyn Job>>,
}

/// How the transaction around a batch is begun and ended on one of the databases.
pub(crate) trait Transactions {
    fn tx(&mut self) -> Tx<'_>;
    fn begin(&mut self, scope: &Scope) -> Result<(), StoreError>;
    fn commit(&mut self) -> Result<(), StoreError>;
    /// Also when nothing is open.
    fn roll_back(&mut self);
}

const MOST_TRIES: u32 = 8;

impl Batch {
    /// Runs all jobs in one transaction, each in its own savepoint. What changed is announced before the jobs are
    /// answered, so that whoever asked sees their own change.
    pub(crate) fn run(mut self, on: &mut dyn Transactions, feed: &Feed) {
        let mut tries = 0;
        let outcome = loop {
            tries += 1;
            match self.attempt(on) {
                Ok(touched) => break Ok(touched),
                Err(error) => {
                    on.roll_back();
                    if !error.may_pass() || tries >= MOST_TRIES {
                        break Err(error);
                    }
                }
            }
        };
        match outcome {
            Ok(touched) => {
                feed.publish(touched);
                self.jobs.into_iter().for_each(|job| job.finish(Ok(())));
            }
            Err(error) => {
                tracing::error!(error = error.detail(), jobs = self.jobs.len(), "a transaction was not committed");
                let text = error.detail();
                self.jobs.into_iter().for_each(|job| job.finish(Err(StoreError::NotCommitted(text.clone()))));
            }
        }
    }

    fn attempt(&mut self, on: &mut dyn Transactions) -> Result<Touched, StoreError> {
        on.begin(&self.scope)?;
        let mut touched = Touched::default();
        let mut tx = on.tx();
        for job in &mut self.jobs {
            tx.batch("SAVEPOINT job")?;
            match job.run(&mut tx) {
                Ran::Keep => {
                    tx.batch("RELEASE SAVEPOINT job")?;
                    touched.add(std::mem::take(&mut tx.touched));
                }
                Ran::RollBack => {
                    tx.batch("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job")?;
                    tx.touched = Touched::default();
                }
                Ran::Again => return Err(StoreError::Conflict),
            }
        }
        drop(tx);
        on.commit()?;
        Ok(touched)
    }
}
