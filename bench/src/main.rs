//! Measures Postroom beside Debian's Dovecot in the same run and writes `bench/RESULTS.md`.
//!
//! `make bench` prepares everything and measures all; `scripts/bench delivery --quick` measures one table quickly.
//! Start reading at [`run`]; each table is a module: [`delivery`], [`reading`] (IMAP), [`fanout`], [`memory`].

mod corpus;
mod delivery;
mod failure;
mod fanout;
mod imap;
mod lmtp;
mod machine;
mod memory;
mod mixed;
mod numbers;
mod procs;
mod reading;
mod report;
mod server;
mod sync;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::corpus::Corpus;
use crate::failure::{Failure, Result, While};
use crate::machine::Machine;
use crate::report::Report;
use crate::server::{Bench, Peer, dovecot, postroom};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[derive(Parser)]
#[command(about = "Measures Postroom beside Dovecot in the same run")]
struct Cli {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Subcommand)]
enum What {
    /// Durable LMTP deliveries per second and the CPU each costs
    Delivery,
    /// IMAP on a mailbox of 20,000 messages: single commands, mbsync, a mixed load
    Imap,
    /// From a change to the news of 100 and 1,000 sessions in IDLE
    Fanout,
    /// Memory of an idle server, fresh and after many deliveries
    Memory,
    /// Every table
    All,
}

#[derive(Args)]
#[command(next_help_heading = "Options of every table")]
struct Options {
    /// Fewer runs and messages; the results go to bench/out and leave RESULTS.md alone
    #[arg(long, global = true)]
    quick: bool,
    /// Measure one server only; the results go to bench/out and leave RESULTS.md alone
    #[arg(long, global = true)]
    only: Option<Peer>,
    /// Runs of each measurement [default: 5, quick: 2]
    #[arg(long, global = true)]
    runs: Option<usize>,
    /// Messages of one delivery run [default: 3000, quick: 600]
    #[arg(long, global = true)]
    messages: Option<usize>,
    /// Messages in the mailbox that is read [default: 20000, quick: 2000]
    #[arg(long, global = true)]
    mailbox: Option<usize>,
    /// Sessions in IDLE; once as many, and once ten times as many
    #[arg(long, global = true, default_value_t = 100)]
    watchers: usize,
    /// Changes that the watchers are told of, in one run [default: 100, quick: 20]
    #[arg(long, global = true)]
    pushed: Option<usize>,
    /// Seconds of each mixed load [default: 10, quick: 3]
    #[arg(long, global = true)]
    seconds: Option<usize>,
    /// Deliveries before memory is read again [default: 100000, quick: 5000]
    #[arg(long, global = true)]
    deliveries: Option<usize>,
    /// Seconds to wait, at most, for a quiet machine before each measurement
    #[arg(long, global = true, default_value_t = 8)]
    quiet: u64,
    /// Dovecot's mail_fsync: optimized (its default) or always
    #[arg(long, global = true, default_value = "optimized", value_parser = ["optimized", "always"])]
    dovecot_fsync: String,
    /// The program to measure [default: target/release/postroom]
    #[arg(long, global = true)]
    postroom: Option<PathBuf>,
    #[arg(long, global = true, default_value = "/usr/sbin/dovecot")]
    dovecot: PathBuf,
    /// Folder of real mails [default: bench/out/corpus/package/data]
    #[arg(long, global = true, env = "CORPUS")]
    corpus: Option<PathBuf>,
    /// Folder for the servers' data [default: bench/out/work, or /var/tmp where others may not reach it]
    #[arg(long, global = true)]
    work: Option<PathBuf>,
}

/// Everything a table needs to know.
struct Plan {
    bench: Bench,
    corpus: Arc<Corpus>,
    peers: Vec<Peer>,
    runs: usize,
    messages: usize,
    mailbox: usize,
    watchers: usize,
    pushed: usize,
    seconds: usize,
    deliveries: usize,
    quiet: Duration,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // One thread: the load generator shares the cores with what it measures.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(cli.what, &cli.options)),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("postroom-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(what: What, options: &Options) -> Result<()> {
    let out = Path::new(HERE).join("out");
    std::fs::create_dir_all(&out).during("making bench/out")?;
    let plan = Plan::new(options, &out)?;
    // Only a full run of both servers speaks for the project; anything else stays where it is not committed.
    let (markdown, json_folder) = match (options.quick, options.only) {
        (false, None) => (Path::new(HERE).join("RESULTS.md"), out),
        (true, None) => (out.join("quick/RESULTS.md"), out.join("quick")),
        (_, Some(peer)) => {
            let folder = out.join(peer.name().to_lowercase());
            (folder.join("RESULTS.md"), folder)
        }
    };
    std::fs::create_dir_all(&json_folder).during("making the folder of the results")?;
    let report = Report { markdown: &markdown, json_folder: &json_folder, facts: plan.facts()? };
    say(&report.facts);
    let wanted = |table| what == table || what == What::All;
    if wanted(What::Delivery) {
        report.write(&delivery::measure(&plan).await?)?;
    }
    if wanted(What::Imap) {
        report.write(&reading::measure(&plan).await?)?;
    }
    if wanted(What::Fanout) {
        report.write(&fanout::measure(&plan).await?)?;
    }
    if wanted(What::Memory) {
        report.write(&memory::measure(&plan).await?)?;
    }
    say(&format!("written: {}", markdown.display()));
    Ok(())
}

impl Plan {
    fn new(options: &Options, out: &Path) -> Result<Self> {
        let corpus = options.corpus.clone().unwrap_or_else(|| out.join("corpus/package/data"));
        // What makes the Message-IDs of two runs differ.
        let run = format!("{:x}.{:x}", jiff::Timestamp::now().as_second(), std::process::id());
        let target = Path::new(HERE).join("../target/release/postroom");
        let of = |given: Option<usize>, full, quick| given.unwrap_or(if options.quick { quick } else { full });
        Ok(Self {
            bench: Bench {
                work: work_folder(options.work.as_deref(), out)?,
                postroom: options.postroom.clone().unwrap_or(target),
                dovecot: options.dovecot.clone(),
                dovecot_fsync: options.dovecot_fsync.clone(),
            },
            corpus: Arc::new(Corpus::read(&corpus, run)?),
            peers: match options.only {
                Some(peer) => vec![peer],
                None => vec![Peer::Dovecot, Peer::Postroom],
            },
            runs: of(options.runs, 5, 2),
            messages: of(options.messages, 3000, 600),
            mailbox: of(options.mailbox, 20_000, 2_000),
            watchers: options.watchers,
            pushed: of(options.pushed, 100, 20),
            seconds: of(options.seconds, 10, 3),
            deliveries: of(options.deliveries, 100_000, 5_000),
            quiet: Duration::from_secs(options.quiet),
        })
    }

    /// The servers in the order of this round: who goes first changes, so that neither always finds a warm machine.
    fn peers_of_round(&self, round: usize) -> Vec<Peer> {
        let mut peers = self.peers.clone();
        if round % 2 == 1 {
            peers.reverse();
        }
        peers
    }

    fn facts(&self) -> Result<String> {
        let mut versions = Vec::new();
        for &peer in &self.peers {
            let version = match peer {
                Peer::Postroom => postroom::version(&self.bench.postroom)?,
                Peer::Dovecot => dovecot::version(&self.bench.dovecot)?,
            };
            versions.push(format!("{} {version}", peer.name()));
        }
        Ok(format!(
            "{}. {}. {} mails in the corpus. {}.",
            jiff::Timestamp::now().strftime("%Y-%m-%d"),
            versions.join(", "),
            self.corpus.len(),
            Machine::look(&self.bench.work)?.sentence()
        ))
    }
}

/// A folder that Dovecot's unprivileged user can reach; a checkout in a private home is none for it.
fn work_folder(given: Option<&Path>, out: &Path) -> Result<PathBuf> {
    let folder = match given {
        Some(folder) => folder.to_owned(),
        None if reachable_by_others(out) => out.join("work"),
        None => PathBuf::from("/var/tmp/postroom-bench"),
    };
    std::fs::create_dir_all(&folder).during("making the work folder")?;
    if std::fs::metadata(&folder)?.uid() != std::fs::metadata("/proc/self")?.uid() {
        return Err(Failure::new("the work folder belongs to someone else; name another with --work"));
    }
    folder.canonicalize().during("finding the work folder")
}

fn reachable_by_others(folder: &Path) -> bool {
    let everyone_may_pass = |f: &Path| std::fs::metadata(f).is_ok_and(|m| m.mode() & 0o001 != 0);
    folder.ancestors().all(everyone_may_pass)
}

fn say(sentence: &str) {
    eprintln!("{sentence}");
}
