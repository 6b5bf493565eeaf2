//! Waking those who wait for news of a folder, once, when its new snapshot is ready.
//!
//! As long as somebody waits, one [`Driver`] follows the mailbox and moves the shared snapshot forward. A hundred
//! sessions in IDLE then wake up to an answer, instead of all waiting for the first of them to make it.

use super::refresh::{Affected, Live};
use postroom_model::ModSeq;
use postroom_store::Store;
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Fires when a folder has changed. Dropping it is enough to stop waiting.
pub struct Notices {
    moved: watch::Receiver<u64>,
    _driver: Arc<Driver>,
}

impl Notices {
    pub(super) fn of(driver: Arc<Driver>) -> Self {
        Self { moved: driver.moved.subscribe(), _driver: driver }
    }

    /// What has happened until now is known.
    pub fn mark_known(&mut self) {
        self.moved.mark_unchanged();
    }

    /// Waits for news.
    pub async fn changed(&mut self) {
        if self.moved.changed().await.is_err() {
            // There will be none any more.
            std::future::pending().await
        }
    }
}

/// Follows a folder until nobody waits for it any more.
pub(super) struct Driver {
    moved: watch::Sender<u64>,
    task: JoinHandle<()>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Driver {
    pub(super) fn start(live: &Arc<Live>, store: Store, notices: watch::Receiver<ModSeq>) -> Self {
        let moved = watch::Sender::new(0);
        // Whoever begins to wait looks at the folder once more; what comes after this is told.
        let told = live.snapshot().modseq;
        let task = tokio::spawn(follow(Arc::downgrade(live), store, notices, moved.clone(), told));
        Self { moved, task }
    }
}

/// `told`: those who wait know what had happened by then.
async fn follow(
    live: Weak<Live>,
    store: Store,
    mut notices: watch::Receiver<ModSeq>,
    moved: watch::Sender<u64>,
    mut told: ModSeq,
) {
    while notices.changed().await.is_ok() {
        let Some(live) = live.upgrade() else { return };
        match live.refresh(&store).await {
            Ok(now) => {
                // Most of what happens in a mailbox happens in one folder; who waits in another one sleeps on.
                let quiet = live.affected_since(told) == Affected::These(BTreeSet::new());
                told = now.modseq;
                if quiet {
                    continue;
                }
            }
            // Those who wait look themselves and see why.
            Err(error) => tracing::debug!(error = error.detail(), "a folder that is watched could not be read"),
        }
        moved.send_modify(|count| *count += 1);
    }
}
