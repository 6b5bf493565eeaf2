//! Durable LMTP deliveries: 1, 10 and 50 sessions into one mailbox that is shared and into fifty of their own.
//!
//! Each run starts a fresh server, so that no run pays for the mail of an earlier one. Start reading at [`measure`].

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::failure::{Result, While};
use crate::lmtp::{self, Delivered, Load};
use crate::numbers::{Spread, cell, percentile_ms, ratio, short};
use crate::procs::{Cost, Meter, wait_for_quiet};
use crate::report::{Section, Table};
use crate::server::{Peer, Server};
use crate::{Plan, say};

const MAILBOXES: [usize; 2] = [1, 50];
const SESSIONS: [usize; 3] = [1, 10, 50];
/// One session is slow everywhere; fewer messages tell as much.
const SHARE_OF_ONE_SESSION: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Case {
    mailboxes: usize,
    sessions: usize,
}

/// One run of one server.
#[derive(Debug, Serialize)]
struct Run {
    peer: Peer,
    case: Case,
    messages: usize,
    accepted: usize,
    refused: usize,
    why: Option<String>,
    /// Messages that were accepted and are not in the mailboxes afterwards.
    missing: i64,
    p50_ms: f64,
    p99_ms: f64,
    /// Until the last message was answered.
    acknowledged: Cost,
    /// Until the server had nothing left to do.
    settled: Settled,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Settled {
    wall: f64,
    cpu: f64,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Section> {
    let mut runs = Vec::new();
    for mailboxes in MAILBOXES {
        for sessions in SESSIONS {
            for round in 0..plan.runs {
                for peer in plan.peers_of_round(round) {
                    let run = one_run(plan, peer, Case { mailboxes, sessions }, round).await?;
                    say(&run.sentence());
                    runs.push(run);
                }
            }
        }
    }
    let tables = vec![speed_table(plan, &runs), detail_table(plan, &runs)];
    Ok(Section { name: "delivery", tables, runs: serde_json::to_value(&runs)? })
}

async fn one_run(plan: &Plan, peer: Peer, case: Case, round: usize) -> Result<Run> {
    let server = plan.bench.start(peer).await?;
    let count = if case.sessions == 1 { plan.messages / SHARE_OF_ONE_SESSION } else { plan.messages };
    let recipients: Arc<[String]> = server.recipients(case.mailboxes).into();
    let load = |first, count, sessions| Load {
        corpus: Arc::clone(&plan.corpus),
        recipients: Arc::clone(&recipients),
        sessions,
        first,
        count,
    };
    // The first delivery to a mailbox makes its folders; that is not what is measured here.
    let warm_up = lmtp::deliver(server.lmtp, &load(0, case.mailboxes, 1)).await;
    wait_for_quiet(plan.quiet).await;

    let meter = Meter::start(server.pid());
    // Every round delivers other mails of the corpus.
    let delivered = lmtp::deliver(server.lmtp, &load(case.mailboxes + round * count, count, case.sessions)).await;
    let whole = Meter::start(server.pid());
    let acknowledged = meter.stop();
    let rest = settle(&whole).await;
    whole.stop();
    let settled = Settled { wall: acknowledged.wall + rest.wall, cpu: acknowledged.cpu + rest.cpu };
    let accepted = warm_up.accepted + delivered.accepted;
    let stored = server.count(case.mailboxes).await.during("counting what was delivered")?;
    Ok(Run::new(&server, case, count, &delivered, i64_of(accepted) - i64_of(stored), (acknowledged, settled)))
}

impl Run {
    fn new(
        server: &Server,
        case: Case,
        messages: usize,
        delivered: &Delivered,
        missing: i64,
        (mut acknowledged, settled): (Cost, Settled),
    ) -> Self {
        acknowledged.wall = delivered.wall.as_secs_f64();
        Self {
            peer: server.peer,
            case,
            messages,
            accepted: delivered.accepted,
            refused: delivered.refused,
            why: delivered.why.clone(),
            missing,
            p50_ms: percentile_ms(&delivered.latencies, 50),
            p99_ms: percentile_ms(&delivered.latencies, 99),
            acknowledged,
            settled,
        }
    }

    fn rate(&self) -> f64 {
        self.accepted as f64 / self.acknowledged.wall
    }

    fn settled_rate(&self) -> f64 {
        self.accepted as f64 / self.settled.wall
    }

    fn cpu_ms(&self) -> f64 {
        1000.0 * self.acknowledged.cpu / self.accepted.max(1) as f64
    }

    fn settled_cpu_ms(&self) -> f64 {
        1000.0 * self.settled.cpu / self.accepted.max(1) as f64
    }

    fn sentence(&self) -> String {
        format!(
            "{}: {} mailboxes, {} sessions: {}/s, {} ms CPU each ({} ms with what follows), {} refused{}, {} missing",
            self.peer.name(),
            self.case.mailboxes,
            self.case.sessions,
            short(self.rate()),
            short(self.cpu_ms()),
            short(self.settled_cpu_ms()),
            self.refused,
            self.why.as_ref().map(|w| format!(" ({w})")).unwrap_or_default(),
            self.missing
        )
    }
}

/// Waits until the server has been idle for a second; what it did until then.
async fn settle(meter: &Meter) -> Settled {
    const WINDOW: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_secs(120);
    // Less than this in a second is a clock ticking, not work.
    const IDLE: f64 = 0.03;
    let mut last_second: VecDeque<(f64, Duration)> = VecDeque::from([meter.so_far()]);
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let (cpu, now) = meter.so_far();
        while last_second.get(1).is_some_and(|(_, then)| now - *then >= WINDOW) {
            last_second.pop_front();
        }
        let (cpu_then, then) = last_second[0];
        if (now - then >= WINDOW && cpu - cpu_then < IDLE) || now > LONGEST {
            return Settled { wall: then.as_secs_f64(), cpu };
        }
        last_second.push_back((cpu, now));
    }
}

fn i64_of(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn cases() -> impl Iterator<Item = Case> {
    MAILBOXES.into_iter().flat_map(|mailboxes| SESSIONS.map(|sessions| Case { mailboxes, sessions }))
}

fn spread(runs: &[Run], peer: Peer, case: Case, value: impl Fn(&Run) -> f64) -> Option<Spread> {
    Spread::of(runs.iter().filter(|r| r.peer == peer && r.case == case).map(value))
}

fn speed_table(plan: &Plan, runs: &[Run]) -> Table {
    let mut rows = Vec::new();
    for case in cases() {
        let line = |name: &str, rate: fn(&Run) -> f64, cpu: fn(&Run) -> f64| {
            let [fast, slow] = [Peer::Postroom, Peer::Dovecot].map(|peer| spread(runs, peer, case, rate));
            let [cheap, dear] = [Peer::Postroom, Peer::Dovecot].map(|peer| spread(runs, peer, case, cpu));
            vec![
                case.mailboxes.to_string(),
                case.sessions.to_string(),
                name.into(),
                cell(fast),
                cell(slow),
                ratio(fast, slow),
                cell(cheap),
                cell(dear),
                ratio(cheap, dear),
            ]
        };
        rows.push(line("acknowledged", Run::rate, Run::cpu_ms));
        rows.push(line("with the indexing that follows", Run::settled_rate, Run::settled_cpu_ms));
    }
    Table {
        title: "Durable LMTP deliveries".into(),
        notes: vec![format!(
            "{} real mails a run ({} with one session), medians of {} runs, each on an empty server. One mailbox: for \
                 Postroom the shared mailbox of fifty people. *Acknowledged* counts until the last 250, *with the indexing \
                 that follows* until the server has nothing left to do. Dovecot: Maildir, mail_fsync={}, no index of words.",
            plan.messages,
            plan.messages / SHARE_OF_ONE_SESSION,
            plan.runs,
            plan.bench.dovecot_fsync
        )],
        header: vec![
            "mailboxes",
            "sessions",
            "",
            "Postroom /s",
            "Dovecot /s",
            "ratio",
            "Postroom CPU ms each",
            "Dovecot CPU ms each",
            "ratio",
        ],
        rows,
    }
}

fn detail_table(plan: &Plan, runs: &[Run]) -> Table {
    let rows = cases().flat_map(|case| plan.peers.iter().map(move |&peer| (case, peer))).map(|(case, peer)| {
        let these = || runs.iter().filter(|r| r.peer == peer && r.case == case);
        let worst = |value: fn(&Run) -> f64| these().map(value).fold(0.0, f64::max);
        vec![
            case.mailboxes.to_string(),
            case.sessions.to_string(),
            peer.name().into(),
            cell(spread(runs, peer, case, |r| r.p50_ms)),
            cell(spread(runs, peer, case, |r| r.p99_ms)),
            format!("{:.0} / {:.0}", worst(|r| r.acknowledged.peak.rss), worst(|r| r.acknowledged.peak.pss)),
            these().map(|r| r.refused).sum::<usize>().to_string(),
            these().map(|r| r.missing).sum::<i64>().to_string(),
            short(worst(|r| r.acknowledged.foreign_cores)),
        ]
    });
    Table {
        title: "The same deliveries: latency, memory, faults".into(),
        notes: vec![
            "Latency from MAIL FROM to the 250 of the message; peak memory of the process tree; faults over all runs."
                .into(),
        ],
        header: vec![
            "mailboxes",
            "sessions",
            "server",
            "p50 ms",
            "p99 ms",
            "peak RSS / PSS MiB",
            "refused",
            "missing",
            "foreign",
        ],
        rows: rows.collect(),
    }
}
