//! Memory of an idle server: fresh, and after many deliveries. Start reading at [`measure`].

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::time::sleep;

use crate::failure::Result;
use crate::lmtp::{self, Load};
use crate::procs::{Memory, Meter};
use crate::report::{Section, Table};
use crate::server::{Peer, USERS};
use crate::{Plan, say};

const SESSIONS: usize = 10;
/// Long enough for a server to hand back what it needs no longer.
const REST: Duration = Duration::from_secs(10);

#[derive(Debug, Serialize)]
struct Run {
    peer: Peer,
    fresh: Memory,
    deliveries: usize,
    refused: usize,
    peak: Memory,
    after: Memory,
    restarted: Memory,
    delivering_seconds: f64,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Section> {
    let mut runs = Vec::new();
    for &peer in &plan.peers {
        let run = one_run(plan, peer).await?;
        say(&format!(
            "{}: idle {:.0} MiB RSS fresh, {:.0} MiB after {} deliveries",
            peer.name(),
            run.fresh.rss,
            run.after.rss,
            run.deliveries
        ));
        runs.push(run);
    }
    Ok(Section { name: "memory", tables: vec![table(&runs)], runs: serde_json::to_value(&runs)? })
}

async fn one_run(plan: &Plan, peer: Peer) -> Result<Run> {
    let server = plan.bench.start(peer).await?;
    sleep(REST).await;
    let fresh = Memory::of(server.pid());
    say(&format!("{}: {} deliveries into {USERS} mailboxes", peer.name(), plan.deliveries));
    let load = Load {
        corpus: Arc::clone(&plan.corpus),
        recipients: server.recipients(USERS).into(),
        sessions: SESSIONS,
        first: 0,
        count: plan.deliveries,
    };
    let meter = Meter::start(server.pid());
    let delivered = lmtp::deliver(server.lmtp, &load).await;
    sleep(REST).await;
    let peak = meter.stop().peak;
    let after = Memory::of(server.pid());
    let server = plan.bench.restart(server).await?;
    sleep(REST).await;
    Ok(Run {
        peer,
        fresh,
        deliveries: delivered.accepted,
        refused: delivered.refused,
        peak,
        after,
        restarted: Memory::of(server.pid()),
        delivering_seconds: delivered.wall.as_secs_f64(),
    })
}

type Reading = fn(&Run) -> Memory;

fn table(runs: &[Run]) -> Table {
    let lines: [(&str, Reading); 4] = [
        ("idle, fresh", |r| r.fresh),
        ("peak while delivering", |r| r.peak),
        ("idle afterwards", |r| r.after),
        ("idle after a restart with that data", |r| r.restarted),
    ];
    let of = |peer, value: Reading| {
        let run = runs.iter().find(|r| r.peer == peer);
        run.map_or_else(|| "–".into(), |r| format!("{:.0} / {:.0}", value(r).rss, value(r).pss))
    };
    let rows = lines.map(|(name, value)| vec![name.into(), of(Peer::Postroom, value), of(Peer::Dovecot, value)]);
    let notes = runs.iter().map(|r| {
        format!(
            "{}: {} deliveries into {USERS} mailboxes over {SESSIONS} sessions in {:.0} s, {} refused; {} processes when idle.",
            r.peer.name(),
            r.deliveries,
            r.delivering_seconds,
            r.refused,
            r.after.processes
        )
    });
    Table {
        title: "Memory".into(),
        notes: [String::from("MiB, RSS / PSS summed over the process tree; one run.")]
            .into_iter()
            .chain(notes)
            .collect(),
        header: vec!["", "Postroom", "Dovecot"],
        rows: rows.into(),
    }
}
