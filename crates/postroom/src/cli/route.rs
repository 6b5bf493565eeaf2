//! `postroom route list|test`

use super::Answer;
use super::table::table;
use crate::office::Office;
use clap::Subcommand;
use postroom_directory::routes::{applies_in_words, in_words};
use postroom_model::Address;
use postroom_model::route::choose;
use serde::{Deserialize, Serialize};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the ways that mail leaves by, in the order in which they are asked
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say which way a message would go, and why
    Test {
        /// The address in From
        from: String,
        /// The address of a recipient
        to: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct List {
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Test {
    from: String,
    to: String,
    json: bool,
}

impl Command {
    pub(super) fn prepare(self) -> super::Request {
        match self {
            Self::List { json } => super::Request::RouteList(List { json }),
            Self::Test { from, to, json } => super::Request::RouteTest(Test { from, to, json }),
        }
    }
}

#[derive(Serialize)]
struct Line {
    applies_to: String,
    way: String,
}

pub(super) fn list(office: &Office, request: &List) -> Answer {
    let org = office.access.org();
    let lines: Vec<Line> = org
        .routes
        .iter()
        .map(|route| Line { applies_to: applies_in_words(&org, route), way: in_words(&route.via) })
        .collect();
    if request.json {
        return Answer::json(&lines);
    }
    let rows: Vec<_> = lines.into_iter().map(|line| [line.applies_to, line.way]).collect();
    Answer::done(table(["MAIL", "WAY"], &rows))
}

#[derive(Serialize)]
struct Tested {
    way: String,
    why: String,
}

pub(super) fn test(office: &Office, request: &Test) -> Answer {
    let org = office.access.org();
    let (from, to) = match (Address::parse(&request.from), Address::parse(&request.to)) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(error), _) | (_, Err(error)) => return Answer::refused(error.to_string()),
    };
    let Some(sender) = org.recipient(&from) else {
        return Answer::refused(format!("{from} is nobody's here, so nobody sends from it"));
    };
    let tested = match org.recipient(&to) {
        Some(mailbox) => Tested { way: "filed here".to_owned(), why: format!("{to} is {}'s", mailbox.name.as_str()) },
        None if org.has_domain(to.domain()) => {
            Tested { way: "refused".to_owned(), why: format!("{} is ours, and {to} is nobody's", to.domain()) }
        }
        None => {
            let choice = choose(&org, Some(sender.id), from.as_str(), to.domain());
            Tested { way: in_words(&choice.via), why: choice.why.to_string() }
        }
    };
    if request.json { Answer::json(&tested) } else { Answer::done(format!("{}: {}\n", tested.way, tested.why)) }
}
