//! A mixed load: twenty clients do what mail programs do, each on its own connection, as fast as they are answered.
//! Start reading at [`one_run`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::corpus::{Corpus, without_dots};
use crate::failure::{Failure, Result};
use crate::imap::Imap;
use crate::numbers::{Spread, cell, percentile_ms, ratio, short};
use crate::procs::{Cost, Meter};
use crate::report::Table;
use crate::server::{Peer, Server};
use crate::{Plan, say};

const CLIENTS: usize = 20;

/// Of a hundred commands.
const MIX: [(Act, u64); 9] = [
    (Act::Noop, 20),
    (Act::Page, 20),
    (Act::Body, 20),
    (Act::Flag, 15),
    (Act::Status, 8),
    (Act::Unseen, 5),
    (Act::Append, 5),
    (Act::Select, 5),
    (Act::From, 2),
];

#[derive(Clone, Copy, Debug)]
enum Act {
    Noop,
    /// UID, FLAGS and ENVELOPE of fifty messages.
    Page,
    /// One whole message.
    Body,
    /// Sets or clears a flag of one message.
    Flag,
    Status,
    /// SEARCH UNSEEN
    Unseen,
    Append,
    Select,
    /// SEARCH FROM
    From,
}

#[derive(Debug, Serialize)]
pub(crate) struct Run {
    peer: Peer,
    commands: usize,
    rate: f64,
    p50_ms: f64,
    p99_ms: f64,
    cpu_ms_per_command: f64,
    cost: Cost,
}

pub(crate) async fn one_run(plan: &Plan, server: &Server, round: usize) -> Result<Run> {
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        clients.push(Client::new(plan, server, number, round).await?);
    }
    let meter = Meter::start(server.pid());
    let until = Instant::now() + Duration::from_secs(plan.seconds as u64);
    let running: Vec<_> = clients.into_iter().map(|client| tokio::spawn(client.run(until))).collect();
    let mut times = Vec::new();
    for client in running {
        times.extend(client.await.map_err(|error| Failure::new(error.to_string()))??);
    }
    let cost = meter.stop();
    let run = Run {
        peer: server.peer,
        commands: times.len(),
        rate: times.len() as f64 / cost.wall,
        p50_ms: percentile_ms(&times, 50),
        p99_ms: percentile_ms(&times, 99),
        cpu_ms_per_command: 1000.0 * cost.cpu / times.len().max(1) as f64,
        cost,
    };
    say(&format!("{}: {} commands/s, p99 {} ms", server.peer.name(), short(run.rate), short(run.p99_ms)));
    Ok(run)
}

struct Client {
    imap: Imap,
    corpus: Arc<Corpus>,
    inbox: String,
    messages: u64,
    next_message: usize,
    random: u64,
}

impl Client {
    async fn new(plan: &Plan, server: &Server, number: usize, round: usize) -> Result<Self> {
        // Twenty people share the mailbox in Postroom; Dovecot has one user with twenty sessions.
        let mut imap = server.sign_in(if server.peer == Peer::Postroom { number + 1 } else { 1 }).await?;
        let inbox = server.shared_inbox(&mut imap).await?;
        imap.select(&inbox).await?;
        Ok(Self {
            imap,
            corpus: Arc::clone(&plan.corpus),
            inbox,
            messages: plan.mailbox as u64,
            next_message: plan.mailbox + (round * CLIENTS + number) * 10_000,
            // Both servers are asked the same.
            random: 0x9E37_79B9_7F4A_7C15 ^ ((round * CLIENTS + number) as u64 + 1),
        })
    }

    async fn run(mut self, until: Instant) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        while Instant::now() < until {
            let act = self.next_act();
            times.push(self.act(act).await?);
        }
        Ok(times)
    }

    fn next_act(&mut self) -> Act {
        let mut at = self.below(100);
        for (act, share) in MIX {
            match at.checked_sub(share) {
                Some(rest) => at = rest,
                None => return act,
            }
        }
        Act::Noop
    }

    async fn act(&mut self, act: Act) -> Result<Duration> {
        let number = self.below(self.messages) + 1;
        let inbox = &self.inbox;
        let command = match act {
            Act::Noop => "NOOP".into(),
            Act::Page => {
                format!("FETCH {number}:{} (UID FLAGS ENVELOPE)", (number + 49).min(self.messages))
            }
            Act::Body => format!("FETCH {number} (UID BODY.PEEK[])"),
            Act::Flag => format!("STORE {number} {}FLAGS (\\Flagged)", if number % 2 == 0 { '+' } else { '-' }),
            Act::Status => format!("STATUS \"{inbox}\" (MESSAGES UIDNEXT UNSEEN)"),
            Act::Unseen => "SEARCH UNSEEN".into(),
            Act::From => "SEARCH FROM yahoo".into(),
            Act::Select => format!("SELECT \"{inbox}\""),
            Act::Append => {
                let mut message = Vec::new();
                self.corpus.write_message(self.next_message, &mut message);
                self.next_message += 1;
                return Ok(self.imap.append(inbox, &without_dots(&message)).await?.took);
            }
        };
        Ok(self.imap.timed(&command).await?.took)
    }

    /// xorshift64*
    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % limit
    }
}

type Figure = fn(&Run) -> f64;

pub(crate) fn table(plan: &Plan, runs: &[Run]) -> Table {
    let spread = |peer, value: Figure| Spread::of(runs.iter().filter(|r| r.peer == peer).map(value));
    let lines: [(&str, Figure); 4] = [
        ("commands/s", |r| r.rate),
        ("a command, p50 ms", |r| r.p50_ms),
        ("a command, p99 ms", |r| r.p99_ms),
        ("server CPU ms a command", |r| r.cpu_ms_per_command),
    ];
    let rows = lines.map(|(name, value)| {
        let [ours, theirs] = [Peer::Postroom, Peer::Dovecot].map(|peer| spread(peer, value));
        vec![name.into(), cell(ours), cell(theirs), ratio(ours, theirs)]
    });
    let foreign = runs.iter().map(|r| r.cost.foreign_cores).fold(0.0, f64::max);
    Table {
        title: format!("Mixed load: {CLIENTS} clients on the {} messages", plan.mailbox),
        notes: vec![format!(
            "Of a hundred commands 20 NOOP, 20 FETCH of a page of 50 (UID FLAGS ENVELOPE), 20 FETCH of a whole message, 15 STORE \
             of a flag, 8 STATUS, 5 SEARCH UNSEEN, 5 APPEND, 5 SELECT, 2 SEARCH FROM; {} s, medians of {} runs. Dovecot with \
             mail_fsync=always, as Postroom always does. Foreign: {}.",
            plan.seconds,
            plan.runs,
            short(foreign)
        )],
        header: vec!["", "Postroom", "Dovecot", "ratio"],
        rows: rows.into(),
    }
}
