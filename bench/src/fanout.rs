//! One change, many watchers: how long after it is acknowledged does each session in IDLE hear of it.
//! Start reading at [`measure`].

mod watchers;

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::time::sleep;

use crate::failure::{Result, While};
use crate::imap::Imap;
use crate::lmtp::Lmtp;
use crate::numbers::{Spread, cell, percentile_ms, ratio, short};
use crate::procs::{Cost, Memory, Meter, wait_for_quiet};
use crate::report::{Section, Table};
use crate::server::{Peer, Server, USERS};
use crate::{Plan, say};
use watchers::Watchers;

/// Between "everyone has heard" and the next change.
const PAUSE: Duration = Duration::from_millis(20);
/// Before the memory of idle sessions is read.
const REST: Duration = Duration::from_secs(3);

/// What the watchers are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Change {
    /// A message is delivered over LMTP.
    Message,
    /// Another session sets or clears a flag.
    Flag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Case {
    change: Change,
    watchers: usize,
}

#[derive(Debug, Serialize)]
struct Run {
    peer: Peer,
    case: Case,
    changes: usize,
    pushes: usize,
    missed: usize,
    p50_ms: f64,
    p99_ms: f64,
    last_watcher_p50_ms: f64,
    accept_p50_ms: f64,
    cpu_ms_per_change: f64,
    kib_per_session: f64,
    cost: Cost,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Section> {
    let mut runs = Vec::new();
    for case in cases(plan) {
        for round in 0..plan.runs {
            for peer in plan.peers_of_round(round).into_iter().filter(|peer| is_measured(*peer, case)) {
                let run = one_run(plan, peer, case).await.during(format!("fan-out of {}", peer.name()))?;
                say(&run.sentence());
                runs.push(run);
            }
        }
    }
    let tables = cases(plan).into_iter().map(|case| table(plan, case, &runs)).collect();
    Ok(Section { name: "fanout", tables, runs: serde_json::to_value(&runs)? })
}

fn cases(plan: &Plan) -> Vec<Case> {
    let few = plan.watchers;
    vec![
        Case { change: Change::Message, watchers: few },
        Case { change: Change::Flag, watchers: few },
        Case { change: Change::Message, watchers: few * 10 },
    ]
}

/// A thousand processes of Dovecot want more inotify instances than Linux gives one user, and look every half minute.
fn is_measured(peer: Peer, case: Case) -> bool {
    peer == Peer::Postroom || case.watchers <= 120
}

async fn one_run(plan: &Plan, peer: Peer, case: Case) -> Result<Run> {
    // Changes of flags are compared where both keep them safe.
    let fsync = if case.change == Change::Flag { "always" } else { &plan.bench.dovecot_fsync };
    let server = plan.bench.with_fsync(fsync).start(peer).await?;
    let mut source = Source::new(plan, &server, case.change).await?;
    sleep(REST).await;
    let empty = Memory::of(server.pid());
    let mut watchers = Watchers::start(&server, case.watchers, case.change == Change::Flag).await?;
    sleep(REST).await;
    let idle = Memory::of(server.pid());
    wait_for_quiet(plan.quiet).await;
    let meter = Meter::start(server.pid());
    let mut accepted = Vec::new();
    for i in 1..=plan.pushed {
        let begun = Instant::now();
        source.change(plan, i).await?;
        let at = Instant::now();
        accepted.push(at - begun);
        watchers.wait(i, at).await;
        sleep(PAUSE).await;
    }
    let cost = meter.stop();
    Ok(Run {
        peer,
        case,
        changes: plan.pushed,
        pushes: watchers.late.len(),
        missed: watchers.missed,
        p50_ms: percentile_ms(&watchers.late, 50),
        p99_ms: percentile_ms(&watchers.late, 99),
        last_watcher_p50_ms: percentile_ms(&watchers.last, 50),
        accept_p50_ms: percentile_ms(&accepted, 50),
        cpu_ms_per_change: 1000.0 * cost.cpu / plan.pushed as f64,
        kib_per_session: 1024.0 * (idle.pss - empty.pss) / case.watchers as f64,
        cost,
    })
}

impl Run {
    fn sentence(&self) -> String {
        format!(
            "{}: {} watchers, {:?}: {} pushes, {} missed, p50 {} ms, p99 {} ms, {} ms CPU each, {} KiB a session",
            self.peer.name(),
            self.case.watchers,
            self.case.change,
            self.pushes,
            self.missed,
            short(self.p50_ms),
            short(self.p99_ms),
            short(self.cpu_ms_per_change),
            short(self.kib_per_session)
        )
    }
}

/// Where the changes come from.
enum Source {
    Lmtp(Lmtp, String),
    Imap(Imap),
}

impl Source {
    /// There is one message in the inbox then.
    async fn new(plan: &Plan, server: &Server, change: Change) -> Result<Self> {
        let recipient = server.recipients(1).remove(0);
        let mut lmtp = Lmtp::connect(server.lmtp).await?;
        let mut message = Vec::new();
        plan.corpus.write_message(0, &mut message);
        lmtp.send(&recipient, &message).await?;
        if change == Change::Message {
            return Ok(Self::Lmtp(lmtp, recipient));
        }
        let mut imap = server.sign_in(1).await?;
        let inbox = server.shared_inbox(&mut imap).await?;
        imap.select(&inbox).await?;
        Ok(Self::Imap(imap))
    }

    /// Change number `i`, acknowledged when this returns.
    async fn change(&mut self, plan: &Plan, i: usize) -> Result<()> {
        match self {
            Self::Lmtp(lmtp, recipient) => {
                let mut message = Vec::new();
                plan.corpus.write_message(i, &mut message);
                lmtp.send(recipient, &message).await
            }
            Self::Imap(imap) => {
                let sign = if i % 2 == 1 { '+' } else { '-' };
                imap.timed(&format!("STORE 1 {sign}FLAGS.SILENT (\\Flagged)")).await.map(drop)
            }
        }
    }
}

type Figure = fn(&Run) -> f64;

fn table(plan: &Plan, case: Case, runs: &[Run]) -> Table {
    let these = || runs.iter().filter(move |run| run.case == case);
    let spread = |peer, value: Figure| Spread::of(these().filter(|r| r.peer == peer).map(value));
    let (acknowledged, heard) = match case.change {
        Change::Message => ("MAIL FROM to 250, p50 ms", "EXISTS"),
        Change::Flag => ("STORE to OK, p50 ms", "FETCH"),
    };
    let after = if case.change == Change::Message { "250" } else { "OK" };
    let lines: [(String, Figure); 8] = [
        (format!("{after} to {heard}, p50 ms"), |r| r.p50_ms),
        (format!("{after} to {heard}, p99 ms"), |r| r.p99_ms),
        (format!("{after} to the last watcher's {heard}, p50 ms"), |r| r.last_watcher_p50_ms),
        (acknowledged.into(), |r| r.accept_p50_ms),
        ("server CPU ms each".into(), |r| r.cpu_ms_per_change),
        ("memory of a session in IDLE, PSS KiB".into(), |r| r.kib_per_session),
        ("peak PSS MiB".into(), |r| r.cost.peak.pss),
        ("pushes missed within 10 s".into(), |r| r.missed as f64),
    ];
    let rows = lines.map(|(name, value)| {
        let [ours, theirs] = [Peer::Postroom, Peer::Dovecot].map(|peer| spread(peer, value));
        vec![name, cell(ours), cell(theirs), ratio(ours, theirs)]
    });
    let foreign = these().map(|r| r.cost.foreign_cores).fold(0.0, f64::max);
    let (what, dovecot) = match case.change {
        Change::Message => ("messages one by one", "it gathers notifications for half a second by design"),
        Change::Flag => ("changes of one flag by another session", "mail_fsync=always"),
    };
    Table {
        title: format!("Fan-out: {} to {} sessions in IDLE on one inbox", what, case.watchers),
        notes: vec![format!(
            "{} {what}, medians of {} runs. Postroom: the shared mailbox, sessions of {USERS} people. Dovecot: one user with \
             as many sessions; {dovecot}; not measured with more sessions than Linux gives one user inotify instances. \
             Foreign: {}.",
            plan.pushed,
            plan.runs,
            short(foreign)
        )],
        header: vec!["", "Postroom", "Dovecot", "ratio"],
        rows: rows.into(),
    }
}
