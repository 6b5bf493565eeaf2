//! What the server does by itself, in the background: one file per job, and a schedule.
//!
//! Start reading at [`Schedule::run`]. A job gives the number of things it did; it does a bounded amount at a time,
//! and goes on until nothing is left, so that no job holds the writer for long.

mod collect_content;
mod prune_audit;
mod prune_changes;
mod prune_oauth;
mod prune_sent_copies;
mod prune_sessions;
mod prune_uploads;
mod prune_vacation_answers;
mod tidy_search;

use postroom_access::Access;
use postroom_model::Time;
use postroom_store::StoreError;
use std::time::Duration;
use tokio::sync::watch;

/// How long what nobody needs any more is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Of the record of acts.
    pub audit: Duration,
    /// Of the change log.
    pub changes: Duration,
}

/// Which jobs there are, and how often they run.
pub struct Schedule {
    access: Access,
    retention: Retention,
    every: Duration,
}

impl Schedule {
    pub fn new(access: Access, retention: Retention, every: Duration) -> Self {
        Self { access, retention, every }
    }

    /// Runs the jobs, waits, and so on until `stop` says so. A job that fails is logged and comes again.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut round = 0u32;
        loop {
            self.run_frequent().await;
            if round.is_multiple_of(SELDOM) {
                self.run_seldom().await;
            }
            round = round.wrapping_add(1);
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(self.every) => {}
            }
        }
    }

    /// What would grow within minutes.
    pub async fn run_frequent(&self) {
        log("collect content", collect_content::run(&self.access).await);
        log("forget unused uploads", prune_uploads::run(&self.access).await);
        log("prune remembered sent copies", prune_sent_copies::run(&self.access).await);
        log("prune ended sessions", prune_sessions::run(&self.access).await);
        log("prune OAuth codes and tokens", prune_oauth::run(&self.access).await);
    }

    /// What is kept for weeks, and takes a look at every mailbox.
    pub async fn run_seldom(&self) {
        log("prune the audit record", prune_audit::run(&self.access, self.retention.audit).await);
        log("prune the change log", prune_changes::run(&self.access, self.retention.changes).await);
        log("forget who was answered", prune_vacation_answers::run(&self.access).await);
        log("tidy the search index", tidy_search::run(&self.access).await);
    }
}

fn log(job: &str, outcome: Result<u64, StoreError>) {
    match outcome {
        Ok(0) => {}
        Ok(done) => tracing::debug!(job, done, "a job did something"),
        Err(error) => tracing::error!(job, error = error.detail(), "a job failed"),
    }
}

/// The seldom jobs run in one of so many rounds.
const SELDOM: u32 = 60;

/// How many rows one transaction of a job removes at most.
const PIECE: u32 = 1000;

/// The moment that lies `ago` before now.
fn before(access: &Access, ago: Duration) -> Time {
    let millis = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
    access.clock().now().plus_millis(-millis)
}

#[cfg(test)]
mod tests;
