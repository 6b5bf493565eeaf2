//! `mbsync` of a whole mailbox into an empty Maildir, and once more when nothing is new. Start reading at [`one_run`].

use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use tokio::process::Command;

use crate::failure::{Failure, Result, While};
use crate::numbers::{Spread, cell, ratio, short};
use crate::procs::Meter;
use crate::report::Table;
use crate::server::{PASSWORD, Peer, Server, address};
use crate::{Plan, say};

#[derive(Debug, Serialize)]
pub(crate) struct Run {
    peer: Peer,
    full_seconds: f64,
    full_cpu: f64,
    again_seconds: f64,
    again_cpu: f64,
    foreign_cores: f64,
}

pub(crate) async fn one_run(plan: &Plan, server: &Server) -> Result<Run> {
    let folder = plan.bench.work.join("mbsync");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).during("removing old mail")?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut imap = server.sign_in(1).await?;
    let inbox = server.shared_inbox(&mut imap).await?;
    drop(imap);
    let file = folder.join("mbsyncrc");
    std::fs::write(&file, configuration(server, &folder, &inbox))?;
    let meter = Meter::start(server.pid());
    let full = mbsync(&file).await?;
    let cost = meter.stop();
    let copied = messages_in(&folder.join("box"));
    if copied != plan.mailbox {
        return Err(Failure::new(format!("{copied} of {} messages were copied", plan.mailbox)));
    }
    let meter = Meter::start(server.pid());
    let again = mbsync(&file).await?;
    let idle = meter.stop();
    say(&format!("{}: mbsync in {} s, then in {} s", server.peer.name(), short(full), short(again)));
    Ok(Run {
        peer: server.peer,
        full_seconds: full,
        full_cpu: cost.cpu,
        again_seconds: again,
        again_cpu: idle.cpu,
        // mbsync itself is neither the server nor this tool; what it uses is taken off as if it were alone on a core.
        foreign_cores: (cost.foreign_cores - 1.0).max(0.0),
    })
}

fn configuration(server: &Server, folder: &Path, inbox: &str) -> String {
    let (port, user, folder) = (server.imap.port(), address(1), folder.display());
    format!(
        "FSync no\n\nIMAPAccount a\nHost 127.0.0.1\nPort {port}\nUser {user}\nPass {PASSWORD}\nSSLType None\nAuthMechs LOGIN\n\n\
         IMAPStore far\nAccount a\n\nMaildirStore near\nPath {folder}/\nInbox {folder}/unused\nSubFolders Verbatim\n\n\
         Channel c\nFar \":far:{inbox}\"\nNear :near:box\nCreate Near\nSync Pull\nSyncState *\n"
    )
}

/// Seconds that it took.
async fn mbsync(file: &Path) -> Result<f64> {
    let begun = Instant::now();
    let out = Command::new("mbsync").arg("-q").arg("-c").arg(file).arg("c").output().await.during("running mbsync")?;
    let took = begun.elapsed().as_secs_f64();
    if out.status.success() { Ok(took) } else { Err(Failure::new(String::from_utf8_lossy(&out.stderr))) }
}

fn messages_in(maildir: &Path) -> usize {
    ["cur", "new"].iter().map(|name| std::fs::read_dir(maildir.join(name)).map_or(0, Iterator::count)).sum()
}

type Figure = fn(&Run) -> f64;

pub(crate) fn table(plan: &Plan, runs: &[Run]) -> Table {
    let spread = |peer, value: Figure| Spread::of(runs.iter().filter(|r| r.peer == peer).map(value));
    let lines: [(&str, Figure); 4] = [
        ("everything into an empty Maildir, s", |r| r.full_seconds),
        ("server CPU of that, s", |r| r.full_cpu),
        ("again, nothing is new, s", |r| r.again_seconds),
        ("server CPU of that, s", |r| r.again_cpu),
    ];
    let rows = lines.map(|(name, value)| {
        let [ours, theirs] = [Peer::Postroom, Peer::Dovecot].map(|peer| spread(peer, value));
        vec![name.into(), cell(ours), cell(theirs), ratio(ours, theirs)]
    });
    let foreign = runs.iter().map(|r| r.foreign_cores).fold(0.0, f64::max);
    Table {
        title: format!("mbsync of the {} messages", plan.mailbox),
        notes: vec![format!(
            "Medians of {} runs; FSync no, so that the client's disk counts little. Foreign, mbsync taken as one core: {}.",
            plan.runs,
            short(foreign)
        )],
        header: vec!["", "Postroom", "Dovecot", "ratio"],
        rows: rows.into(),
    }
}
