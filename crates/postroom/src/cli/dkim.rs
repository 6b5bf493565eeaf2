//! `postroom dkim list|make|use|remove`

use super::Answer;
use super::table::table;
use crate::moment;
use crate::office::Office;
use clap::Subcommand;
use postroom_model::Actor;
use postroom_relay::DkimError;
use postroom_relay::dkim::KeyLine;
use serde::{Deserialize, Serialize};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the keys of a domain and the records to publish
    List {
        domain: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a pair of keys (RSA and Ed25519); the first of a domain signs at once
    Make { domain: String },
    /// Sign with this pair from now on; publish its records first
    Use { domain: String, pair: u32 },
    /// Remove a pair that does not sign any more
    Remove { domain: String, pair: u32 },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Act {
    List { domain: String, json: bool },
    Make(String),
    Use(String, u32),
    Remove(String, u32),
}

impl Command {
    pub(super) fn prepare(self) -> super::Request {
        super::Request::Dkim(match self {
            Self::List { domain, json } => Act::List { domain, json },
            Self::Make { domain } => Act::Make(domain),
            Self::Use { domain, pair } => Act::Use(domain, pair),
            Self::Remove { domain, pair } => Act::Remove(domain, pair),
        })
    }
}

#[derive(Serialize)]
struct Line<'a> {
    selector: &'a str,
    pair: u32,
    algorithm: &'a str,
    signs: bool,
    created_at: String,
    record_name: &'a str,
    record: &'a str,
}

pub(super) async fn run(office: &Office, act: Act) -> Answer {
    let operator = Actor::operator();
    let done = match act {
        Act::List { domain, json } => match office.dkim.list(operator, &domain).await {
            Ok(lines) if json => return Answer::json(&lines.iter().map(shown).collect::<Vec<_>>()),
            Ok(lines) => Ok(as_text(&lines)),
            Err(error) => Err(error),
        },
        Act::Make(domain) => office.dkim.make_pair(operator, &domain).await.map(|lines| as_text(&lines)),
        Act::Use(domain, pair) => office.dkim.use_pair(operator, &domain, pair).await.map(|lines| as_text(&lines)),
        Act::Remove(domain, pair) => {
            let removed = office.dkim.remove_pair(operator, &domain, pair).await;
            removed.map(|()| format!("{domain}: pair {pair} is removed; take its records out of the DNS\n"))
        }
    };
    match done {
        Ok(text) => Answer::done(text),
        Err(DkimError::Store(error)) => Answer::failed(error.detail()),
        Err(error @ (DkimError::Made | DkimError::Sealing(_))) => Answer::failed(error.to_string()),
        Err(error) => Answer::refused(error.to_string()),
    }
}

fn shown(line: &KeyLine) -> Line<'_> {
    Line {
        selector: &line.selector,
        pair: line.pair,
        algorithm: &line.algorithm,
        signs: line.active,
        created_at: moment::text(line.created_at),
        record_name: &line.record_name,
        record: &line.record,
    }
}

fn as_text(lines: &[KeyLine]) -> String {
    let row = |line: &KeyLine| {
        let signs = if line.active { "yes" } else { "no" };
        [line.pair.to_string(), signs.to_owned(), format!("{} TXT \"{}\"", line.record_name, line.record)]
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    table(["PAIR", "SIGNS", "RECORD"], &rows)
}
