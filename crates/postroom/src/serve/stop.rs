//! Stopping: the first signal asks, a second one ends the process at once.

use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

/// The exit status of a process that was told twice.
const TOLD_TWICE: i32 = 1;

/// SIGTERM and SIGINT, from the moment this is made.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the first; from then on the next one ends the process.
    pub(crate) async fn wait(mut self) {
        self.next().await;
        tokio::spawn(async move {
            self.next().await;
            tracing::warn!("told to stop twice: ending at once");
            std::process::exit(TOLD_TWICE);
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Waits for the background work and every connection, but not longer than `grace`.
pub(crate) async fn finish(mut background: JoinSet<()>, connections: TaskTracker, grace: Duration) {
    connections.close();
    let all = async {
        while background.join_next().await.is_some() {}
        connections.wait().await;
    };
    if tokio::time::timeout(grace, all).await.is_err() {
        tracing::warn!(open = connections.len(), "the grace period is over; what still runs is cut off");
    }
}

/// Returns when a stop was asked for.
pub(crate) async fn asked(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    _ = stop.wait_for(|stop| *stop).await;
}
