//! One message, a hundred watchers: how long after the 250 does each session in IDLE hear of it.
//! Start reading at [`measure`].

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::failure::{Result, While};
use crate::lmtp::Lmtp;
use crate::numbers::{Spread, cell, percentile_ms, ratio, short};
use crate::procs::{Cost, Meter, wait_for_quiet};
use crate::report::{Section, Table};
use crate::server::{Peer, Server, USERS};
use crate::{Plan, say};

/// Between "everyone has heard" and the next message.
const PAUSE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Serialize)]
struct Run {
    peer: Peer,
    messages: usize,
    pushes: usize,
    missed: usize,
    p50_ms: f64,
    p99_ms: f64,
    last_watcher_p50_ms: f64,
    accept_p50_ms: f64,
    cpu_ms_per_message: f64,
    cost: Cost,
}

/// A watcher heard that its folder holds `count` messages now.
struct Heard {
    watcher: usize,
    count: usize,
    at: Instant,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Section> {
    let mut runs = Vec::new();
    for round in 0..plan.runs {
        for peer in plan.peers_of_round(round) {
            let run = one_run(plan, peer).await.during(format!("fan-out of {}", peer.name()))?;
            say(&format!(
                "{}: {} pushes, {} missed, p50 {} ms, p99 {} ms, {} ms CPU a message",
                peer.name(),
                run.pushes,
                run.missed,
                short(run.p50_ms),
                short(run.p99_ms),
                short(run.cpu_ms_per_message)
            ));
            runs.push(run);
        }
    }
    Ok(Section { name: "fanout", tables: vec![table(plan, &runs)], runs: serde_json::to_value(&runs)? })
}

async fn one_run(plan: &Plan, peer: Peer) -> Result<Run> {
    let server = plan.bench.start(peer).await?;
    let recipient = server.recipients(1).remove(0);
    let mut lmtp = Lmtp::connect(server.lmtp).await?;
    let mut message = Vec::new();
    plan.corpus.write_message(0, &mut message);
    lmtp.send(&recipient, &message).await?;

    let (tell, mut heard) = mpsc::unbounded_channel();
    // Dropping the set ends the sessions, so that the next run finds none of them.
    let mut sessions = JoinSet::new();
    let base = watch(plan, &server, &tell, &mut sessions).await?;
    wait_for_quiet(plan.quiet).await;
    let meter = Meter::start(server.pid());
    let mut watchers = Watchers { known: vec![base; plan.watchers], late: Vec::new(), last: Vec::new(), missed: 0 };
    let mut accepted = Vec::new();
    for i in 1..=plan.pushed {
        plan.corpus.write_message(i, &mut message);
        let begun = Instant::now();
        lmtp.send(&recipient, &message).await?;
        let at = Instant::now();
        accepted.push(at - begun);
        watchers.wait(&mut heard, base + i, at).await;
        sleep(PAUSE).await;
    }
    let cost = meter.stop();
    Ok(Run {
        peer,
        messages: plan.pushed,
        pushes: watchers.late.len(),
        missed: watchers.missed,
        p50_ms: percentile_ms(&watchers.late, 50),
        p99_ms: percentile_ms(&watchers.late, 99),
        last_watcher_p50_ms: percentile_ms(&watchers.last, 50),
        accept_p50_ms: percentile_ms(&accepted, 50),
        cpu_ms_per_message: 1000.0 * cost.cpu / plan.pushed as f64,
        cost,
    })
}

/// Puts every watcher into IDLE; the number of messages they start from.
async fn watch(
    plan: &Plan,
    server: &Server,
    tell: &mpsc::UnboundedSender<Heard>,
    sessions: &mut JoinSet<()>,
) -> Result<usize> {
    let mut base = 0;
    for watcher in 0..plan.watchers {
        // One mailbox of many people in Postroom; Dovecot has one user with that many sessions.
        let user = if server.peer == Peer::Postroom { watcher % USERS + 1 } else { 1 };
        let mut imap = server.sign_in(user).await?;
        let inbox = server.shared_inbox(&mut imap).await?;
        base = imap.select(&inbox).await?;
        imap.idle().await?;
        let tell = tell.clone();
        sessions.spawn(async move {
            while let Ok(count) = imap.next_exists().await {
                let _ = tell.send(Heard { watcher, count, at: Instant::now() });
            }
        });
    }
    Ok(base)
}

struct Watchers {
    /// The message count that each watcher knows.
    known: Vec<usize>,
    /// How long after the 250 each push arrived; zero where it came before the 250 was read.
    late: Vec<Duration>,
    /// The slowest watcher of each message.
    last: Vec<Duration>,
    missed: usize,
}

impl Watchers {
    /// Waits until every watcher knows of `target` messages.
    async fn wait(&mut self, heard: &mut mpsc::UnboundedReceiver<Heard>, target: usize, accepted: Instant) {
        let mut slowest = Duration::ZERO;
        while self.known.iter().any(|&count| count < target) {
            let Ok(Some(news)) = timeout(PATIENCE, heard.recv()).await else { break };
            if self.known[news.watcher] < target && news.count >= target {
                let late = news.at.saturating_duration_since(accepted);
                self.late.push(late);
                slowest = slowest.max(late);
            }
            self.known[news.watcher] = self.known[news.watcher].max(news.count);
        }
        self.missed += self.known.iter().filter(|&&count| count < target).count();
        self.last.push(slowest);
    }
}

type Figure = fn(&Run) -> f64;

fn table(plan: &Plan, runs: &[Run]) -> Table {
    let spread = |peer, value: Figure| Spread::of(runs.iter().filter(|r| r.peer == peer).map(value));
    let lines: [(&str, Figure); 7] = [
        ("250 to EXISTS, p50 ms", |r| r.p50_ms),
        ("250 to EXISTS, p99 ms", |r| r.p99_ms),
        ("250 to the last watcher's EXISTS, p50 ms", |r| r.last_watcher_p50_ms),
        ("MAIL FROM to 250, p50 ms", |r| r.accept_p50_ms),
        ("server CPU ms per message", |r| r.cpu_ms_per_message),
        ("peak PSS MiB", |r| r.cost.peak.pss),
        ("pushes missed within 10 s", |r| r.missed as f64),
    ];
    let rows = lines.map(|(name, value)| {
        let [ours, theirs] = [Peer::Postroom, Peer::Dovecot].map(|peer| spread(peer, value));
        vec![name.into(), cell(ours), cell(theirs), ratio(ours, theirs)]
    });
    let foreign = runs.iter().map(|r| r.cost.foreign_cores).fold(0.0, f64::max);
    Table {
        title: format!("Fan-out: {} sessions in IDLE on one inbox", plan.watchers),
        notes: vec![format!(
            "{} messages one by one, medians of {} runs. Postroom: the shared mailbox, {} sessions of fifty people. Dovecot: \
             one user with as many sessions; it gathers notifications for half a second by design. Foreign: {}.",
            plan.pushed,
            plan.runs,
            plan.watchers,
            short(foreign)
        )],
        header: vec!["", "Postroom", "Dovecot", "ratio"],
        rows: rows.into(),
    }
}
