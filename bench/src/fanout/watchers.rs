//! Sessions in IDLE on one inbox, and what each of them has heard.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::failure::Result;
use crate::imap::News;
use crate::server::{Peer, Server, USERS};

const PATIENCE: Duration = Duration::from_secs(10);

/// A watcher heard something.
struct Heard {
    watcher: usize,
    news: News,
    at: Instant,
}

pub(super) struct Watchers {
    heard: mpsc::UnboundedReceiver<Heard>,
    /// Dropping the set ends the sessions, so that the next run finds none of them.
    _sessions: JoinSet<()>,
    /// Whether changes of flags are waited for, and not messages.
    flags: bool,
    /// The number of messages there were in the beginning.
    base: usize,
    /// How many changes each watcher knows of.
    known: Vec<usize>,
    /// How long after the acknowledgement each push arrived; zero where it came before that was read.
    pub(super) late: Vec<Duration>,
    /// The slowest watcher of each change.
    pub(super) last: Vec<Duration>,
    pub(super) missed: usize,
}

impl Watchers {
    /// Puts every watcher into IDLE.
    pub(super) async fn start(server: &Server, count: usize, flags: bool) -> Result<Self> {
        let (tell, heard) = mpsc::unbounded_channel();
        let mut sessions = JoinSet::new();
        let mut base = 0;
        for watcher in 0..count {
            // One mailbox of many people in Postroom; Dovecot has one user with that many sessions.
            let user = if server.peer == Peer::Postroom { watcher % USERS + 1 } else { 1 };
            let mut imap = server.sign_in(user).await?;
            let inbox = server.shared_inbox(&mut imap).await?;
            base = imap.select(&inbox).await?;
            imap.idle().await?;
            let tell = tell.clone();
            sessions.spawn(async move {
                while let Ok(news) = imap.next_news().await {
                    let _ = tell.send(Heard { watcher, news, at: Instant::now() });
                }
            });
        }
        let known = vec![0; count];
        let (late, last) = (Vec::new(), Vec::new());
        Ok(Self { heard, _sessions: sessions, flags, base, known, late, last, missed: 0 })
    }

    /// Waits until every watcher knows of `target` changes.
    pub(super) async fn wait(&mut self, target: usize, acknowledged: Instant) {
        let mut slowest = Duration::ZERO;
        let mut missing = self.known.iter().filter(|count| **count < target).count();
        while missing > 0 {
            let Ok(Some(heard)) = timeout(PATIENCE, self.heard.recv()).await else { break };
            let known = self.known[heard.watcher];
            let now = match heard.news {
                News::Exists(count) if !self.flags => count.saturating_sub(self.base),
                News::Flags if self.flags => known + 1,
                _ => known,
            };
            if known < target && now >= target {
                let late = heard.at.saturating_duration_since(acknowledged);
                self.late.push(late);
                slowest = slowest.max(late);
                missing -= 1;
            }
            self.known[heard.watcher] = known.max(now);
        }
        self.missed += missing;
        self.last.push(slowest);
    }
}
