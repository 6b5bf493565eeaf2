//! Emptying an Inbox at a Dovecot on the same machine over IMAP: Postroom's inbound service, and Debian's getmail6 into a
//! Maildir. Timed from the start of the fetching until the Inbox there is empty.
//!
//! Start reading at [`measure`].

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::failure::{Failure, Result, While};
use crate::lmtp::{self, Load};
use crate::numbers::{self, Spread};
use crate::procs::{Meter, wait_for_quiet};
use crate::report::{Section, Table};
use crate::server::{PASSWORD, Peer, Server, postroom};
use crate::{Plan, say};

const SESSIONS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(1800);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Fetcher {
    Postroom,
    Getmail,
}

#[derive(Debug, Serialize)]
struct Run {
    fetcher: Fetcher,
    messages: usize,
    seconds: f64,
    cpu: f64,
    peak_mib: f64,
    foreign_cores: f64,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Section> {
    let mut fetchers = vec![Fetcher::Postroom];
    if Command::new("getmail").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        fetchers.push(Fetcher::Getmail);
    } else {
        say("getmail6 is not installed (apt-get install getmail6): only Postroom is measured");
    }
    let mut runs = Vec::new();
    for round in 0..plan.runs.min(3) {
        if round % 2 == 1 {
            fetchers.reverse();
        }
        for &fetcher in &fetchers {
            let run = one_run(plan, fetcher).await?;
            say(&format!("{fetcher:?}: {} messages in {:.1} s, {:.0} MiB", run.messages, run.seconds, run.peak_mib));
            runs.push(run);
        }
    }
    Ok(Section { name: "fetching", tables: vec![table(&runs, plan.fetched)], runs: serde_json::to_value(&runs)? })
}

async fn one_run(plan: &Plan, fetcher: Fetcher) -> Result<Run> {
    let there = plan.bench.start(Peer::Dovecot).await?;
    let load = Load {
        corpus: Arc::clone(&plan.corpus),
        recipients: there.recipients(1).into(),
        sessions: SESSIONS,
        first: 0,
        count: plan.fetched,
    };
    let filled = lmtp::deliver(there.lmtp, &load).await;
    if filled.accepted != plan.fetched {
        return Err(Failure::new(format!("Dovecot took {} of {} messages", filled.accepted, plan.fetched)));
    }
    match fetcher {
        Fetcher::Postroom => by_postroom(plan, &there).await,
        Fetcher::Getmail => by_getmail(plan, &there).await,
    }
}

async fn by_postroom(plan: &Plan, there: &Server) -> Result<Run> {
    let here = plan.bench.start(Peer::Postroom).await?;
    wait_for_quiet(plan.quiet).await;
    let meter = Meter::start(here.pid());
    let begun = Instant::now();
    postroom::fetch_into_team(&plan.bench, there.imap)?;
    until_empty(there).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let cost = meter.stop();
    let came = here.count(1).await?;
    if came != plan.fetched {
        return Err(Failure::new(format!("{came} of {} messages came", plan.fetched)));
    }
    let (cpu, peak_mib, foreign_cores) = (cost.cpu, cost.peak.rss, cost.foreign_cores);
    Ok(Run { fetcher: Fetcher::Postroom, messages: came, seconds, cpu, peak_mib, foreign_cores })
}

async fn by_getmail(plan: &Plan, there: &Server) -> Result<Run> {
    let folder = plan.bench.work.join("getmail");
    prepare_getmail(&folder, there).during("preparing getmail")?;
    wait_for_quiet(plan.quiet).await;
    let begun = Instant::now();
    let mut child = Command::new("getmail")
        .arg("--getmaildir")
        .arg(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .during("running getmail")?;
    let meter = Meter::start(child.id());
    while child.try_wait()?.is_none() {
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            return Err(Failure::new("getmail does not end"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let cost = meter.stop();
    until_empty(there).await?;
    let came = std::fs::read_dir(folder.join("mail/new"))?.count();
    let (cpu, peak_mib, foreign_cores) = (cost.cpu, cost.peak.rss, cost.foreign_cores);
    Ok(Run { fetcher: Fetcher::Getmail, messages: came, seconds, cpu, peak_mib, foreign_cores })
}

fn prepare_getmail(folder: &Path, there: &Server) -> std::io::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(folder.join("mail").join(part))?;
    }
    let (port, mail) = (there.imap.port(), folder.join("mail"));
    let text = format!(
        "[retriever]\ntype = SimpleIMAPRetriever\nserver = 127.0.0.1\nport = {port}\nusername = u1@example.org\n\
         password = {PASSWORD}\n[destination]\ntype = Maildir\npath = {}/\n[options]\ndelete = true\nverbose = 0\n",
        mail.display()
    );
    std::fs::write(folder.join("getmailrc"), text)
}

/// Until the Inbox of the first user there holds nothing.
async fn until_empty(there: &Server) -> Result<()> {
    let begun = Instant::now();
    let mut imap = there.sign_in(1).await?;
    while imap.count("INBOX").await? > 0 {
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new("the Inbox there is not emptied"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn table(runs: &[Run], messages: usize) -> Table {
    let of = |fetcher, value: fn(&Run) -> f64| Spread::of(runs.iter().filter(|run| run.fetcher == fetcher).map(value));
    let lines: [(&str, fn(&Run) -> f64); 4] = [
        ("messages/s", |run| run.messages as f64 / run.seconds),
        ("seconds", |run| run.seconds),
        ("CPU seconds", |run| run.cpu),
        ("peak memory, MiB RSS", |run| run.peak_mib),
    ];
    let row = |(name, value): (&str, fn(&Run) -> f64)| {
        let (ours, theirs) = (of(Fetcher::Postroom, value), of(Fetcher::Getmail, value));
        vec![name.to_owned(), numbers::cell(ours), numbers::cell(theirs), numbers::ratio(ours, theirs)]
    };
    let foreign = runs.iter().map(|run| run.foreign_cores).fold(0.0, f64::max);
    Table {
        title: "Fetching from another server".into(),
        notes: vec![format!(
            "An Inbox of {messages} real mails at a Dovecot on the same machine is moved over IMAP: into a shared mailbox here, \
             durably, and by getmail6 into a Maildir. Foreign: {foreign:.2} cores (the Dovecot that is fetched from is among them)."
        )],
        header: vec!["", "Postroom", "getmail6", "ratio"],
        rows: lines.map(row).into(),
    }
}
