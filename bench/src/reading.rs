//! IMAP on one mailbox of 20,000 messages: single commands, then a whole `mbsync` and a mixed load; both servers run side by side and take turns.
//! Start reading at [`measure`].

use std::sync::Arc;

use serde::Serialize;

use crate::failure::{Failure, Result, While};
use crate::imap::{Imap, hits};
use crate::lmtp::{self, Load};
use crate::numbers::{Spread, cell, ratio, short};
use crate::procs::{Meter, wait_for_quiet};
use crate::report::{Section, Table};
use crate::server::{Peer, Server};
use crate::{Plan, mixed, say, sync};

const FILLING_SESSIONS: usize = 10;
const BODIES: &str = "FETCH 1:* (BODY.PEEK[])";
const LAST_PAGE: &str = "FETCH the last 50 (UID FLAGS ENVELOPE)";
/// In the order in which one connection runs them.
const COMMANDS: [&str; 15] = [
    "SELECT",
    "FETCH 1:* (FLAGS)",
    "FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)",
    "FETCH 1:* (ENVELOPE)",
    "FETCH 1:* (BODYSTRUCTURE)",
    "FETCH 1:* (BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])",
    BODIES,
    LAST_PAGE,
    "SEARCH TEXT linux",
    "SEARCH TEXT perplexity",
    "SEARCH BODY linux",
    "SEARCH FROM yahoo",
    "SEARCH UNSEEN",
    "SORT (REVERSE DATE)",
    "STATUS",
];

/// One command on one connection.
#[derive(Debug, Serialize)]
struct Run {
    peer: Peer,
    command: &'static str,
    /// The first connection after the server was started on the filled mailbox.
    first: bool,
    ms: f64,
    cpu_ms: f64,
    megabytes: f64,
    hits: Option<usize>,
    foreign_cores: f64,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Section> {
    let mut servers = Vec::new();
    for &peer in &plan.peers {
        let server = filled(plan, peer).await?;
        servers.push(plan.bench.restart(server).await?);
    }
    let mut runs = Vec::new();
    for round in 0..=plan.runs {
        for peer in plan.peers_of_round(round) {
            let server = servers.iter().find(|s| s.peer == peer).ok_or_else(|| Failure::new("no such server"))?;
            wait_for_quiet(plan.quiet).await;
            one_connection(plan, server, round == 0, &mut runs).await.during(peer.name())?;
            say(&format!("{}: connection {round} of {}", peer.name(), plan.runs));
        }
    }
    let (synced, mixed) = more(plan, servers).await?;
    let tables = vec![table(plan, &runs), sync::table(plan, &synced), mixed::table(plan, &mixed)];
    let runs = serde_json::json!({ "commands": runs, "mbsync": synced, "mixed": mixed });
    Ok(Section { name: "imap", tables, runs })
}

/// What takes longer than a command, on the same mailboxes.
async fn more(plan: &Plan, mut servers: Vec<Server>) -> Result<(Vec<sync::Run>, Vec<mixed::Run>)> {
    let (mut synced, mut mixed) = (Vec::new(), Vec::new());
    for round in 0..plan.runs {
        for peer in plan.peers_of_round(round) {
            let Some(server) = servers.iter().find(|s| s.peer == peer) else { continue };
            wait_for_quiet(plan.quiet).await;
            synced.push(sync::one_run(plan, server).await.during(format!("mbsync from {}", peer.name()))?);
        }
    }
    let mut ready = Vec::new();
    for server in servers.drain(..) {
        ready.push(plan.bench.restart_synced(server).await?);
    }
    for round in 0..plan.runs {
        for peer in plan.peers_of_round(round) {
            let Some(server) = ready.iter().find(|s| s.peer == peer) else { continue };
            wait_for_quiet(plan.quiet).await;
            mixed.push(mixed::one_run(plan, server, round).await.during(format!("mixed load on {}", peer.name()))?);
        }
    }
    Ok((synced, mixed))
}

async fn filled(plan: &Plan, peer: Peer) -> Result<Server> {
    say(&format!("{}: filling one mailbox with {} messages", peer.name(), plan.mailbox));
    let server = plan.bench.start(peer).await?;
    let load = Load {
        corpus: Arc::clone(&plan.corpus),
        recipients: server.recipients(1).into(),
        sessions: FILLING_SESSIONS,
        first: 0,
        count: plan.mailbox,
    };
    let delivered = lmtp::deliver(server.lmtp, &load).await;
    if delivered.accepted != plan.mailbox {
        let why = delivered.why.unwrap_or_default();
        return Err(Failure::new(format!("{} refused {} messages: {why}", peer.name(), delivered.refused)));
    }
    Ok(server)
}

async fn one_connection(plan: &Plan, server: &Server, first: bool, runs: &mut Vec<Run>) -> Result<()> {
    let mut imap = server.sign_in(1).await?;
    let inbox = server.shared_inbox(&mut imap).await?;
    for command in COMMANDS {
        let line = match command {
            "SELECT" => format!("SELECT \"{inbox}\""),
            "STATUS" => format!("STATUS \"{inbox}\" (MESSAGES UIDNEXT UNSEEN)"),
            "SORT (REVERSE DATE)" => "SORT (REVERSE DATE) US-ASCII ALL".into(),
            LAST_PAGE => format!("FETCH {}:{} (UID FLAGS ENVELOPE)", plan.mailbox.saturating_sub(49), plan.mailbox),
            other => other.into(),
        };
        runs.push(one_command(server, &mut imap, command, &line, first).await?);
    }
    Ok(())
}

async fn one_command(server: &Server, imap: &mut Imap, command: &'static str, line: &str, first: bool) -> Result<Run> {
    let searches = command.starts_with("SEARCH") || command.starts_with("SORT");
    let meter = Meter::exact(server.pid());
    let timed = if searches { imap.timed_text(line).await? } else { imap.timed(line).await? };
    let cost = meter.stop();
    Ok(Run {
        peer: server.peer,
        command,
        first,
        ms: timed.took.as_secs_f64() * 1000.0,
        cpu_ms: cost.cpu * 1000.0,
        megabytes: timed.bytes as f64 / 1e6,
        hits: searches.then(|| hits(&timed.text)),
        // A short command says nothing about the rest of the machine: the clock of /proc ticks every 10 ms.
        foreign_cores: if cost.wall > 0.1 { cost.foreign_cores } else { 0.0 },
    })
}

fn table(plan: &Plan, runs: &[Run]) -> Table {
    let rows = COMMANDS.iter().map(|&command| {
        let these = |peer| runs.iter().filter(move |r| r.peer == peer && r.command == command);
        let later = |peer| these(peer).filter(|r| !r.first);
        let [ours, theirs] = [Peer::Postroom, Peer::Dovecot].map(|peer| Spread::of(later(peer).map(|r| r.ms)));
        let first = |peer| cell(these(peer).find(|r| r.first).map(|r| short(r.ms)));
        let cpu = |peer| {
            let sum: f64 = later(peer).map(|r| r.cpu_ms).sum();
            let count = later(peer).count();
            cell((count > 0).then(|| short(sum / count as f64)))
        };
        vec![
            command.into(),
            cell(ours),
            cell(theirs),
            ratio(ours, theirs),
            format!("{} / {}", first(Peer::Postroom), first(Peer::Dovecot)),
            format!("{} / {}", cpu(Peer::Postroom), cpu(Peer::Dovecot)),
            format!("{} / {}", answer(these(Peer::Postroom).next_back()), answer(these(Peer::Dovecot).next_back())),
        ]
    });
    let foreign = runs.iter().map(|r| r.foreign_cores).fold(0.0, f64::max);
    Table {
        title: format!("IMAP: one mailbox of {} messages", plan.mailbox),
        notes: vec![format!(
            "Milliseconds from sending the command to its tagged OK, medians of {} connections; for Postroom the inbox of \
             the shared mailbox. *First* is the first connection after a restart of the server, not in the medians. CPU is \
             the mean of the same connections. Each pair is Postroom / Dovecot. Foreign: {}.",
            plan.runs,
            short(foreign)
        )],
        header: vec!["command", "Postroom ms", "Dovecot ms", "ratio", "first ms", "server CPU ms", "answer"],
        rows: rows.collect(),
    }
}

/// What tells that both servers did the same: how much they sent or how many messages they found.
fn answer(run: Option<&Run>) -> String {
    cell(run.map(|run| match run.hits {
        Some(hits) => format!("{hits} hits"),
        None if run.command == BODIES => format!("{:.0} MB/s", run.megabytes / run.ms * 1000.0),
        None if run.megabytes < 0.01 => format!("{:.0} bytes", run.megabytes * 1e6),
        None => format!("{} MB", short(run.megabytes)),
    }))
}
