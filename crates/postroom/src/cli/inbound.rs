//! `postroom inbound list|show|test|try`

use super::Answer;
use super::mailbox::find;
use super::table::table;
use crate::moment;
use crate::office::Office;
use clap::Subcommand;
use postroom_directory::{InboundError, InboundLine};
use postroom_model::{Actor, AfterFetch, InboundService, InboundServiceId, Time};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the inbound services and how they fare
    List {
        /// Only those of this mailbox: its name or one of its addresses
        mailbox: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one service: its settings, its last good fetch, what stays there and why
    Show {
        /// Its number, as `list` shows it
        service: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Sign in, look, change nothing, and say what would happen
    Test {
        /// Its number, as `list` shows it
        service: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Have it tried now, without waiting for its next time
    Try {
        /// Its number, as `list` shows it
        service: i64,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct List {
    mailbox: Option<String>,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Show {
    service: i64,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Test {
    service: i64,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Try {
    service: i64,
}

impl Command {
    pub(super) fn prepare(self) -> super::Request {
        match self {
            Self::List { mailbox, json } => super::Request::InboundList(List { mailbox, json }),
            Self::Show { service, json } => super::Request::InboundShow(Show { service, json }),
            Self::Test { service, json } => super::Request::InboundTest(Test { service, json }),
            Self::Try { service } => super::Request::InboundTry(Try { service }),
        }
    }
}

pub(super) async fn list(office: &Office, request: List) -> Answer {
    let mailbox = match request.mailbox.map(|text| find(&office.access.org(), &text)).transpose() {
        Ok(mailbox) => mailbox.map(|mailbox| mailbox.id),
        Err(refused) => return refused,
    };
    let lines = match office.directory.list_inbound_services(Actor::operator(), mailbox).await {
        Ok(lines) => lines,
        Err(error) => return wrong(error),
    };
    if request.json {
        return Answer::json(&lines);
    }
    let row = |line: &InboundLine| {
        let state = match (&line.error, line.enabled) {
            (_, false) => "off".to_owned(),
            (Some(error), true) => format!("fails: {error}"),
            (None, true) => line.note.clone().unwrap_or_else(|| "works".to_owned()),
        };
        let account = format!("{} {} at {}:{}", line.protocol.as_str(), line.username, line.server, line.port);
        [
            line.id.0.to_string(),
            line.mailbox.clone(),
            account,
            line.moved.to_string(),
            when(line.last_success_at),
            state,
        ]
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    Answer::done(table(["ID", "MAILBOX", "ACCOUNT", "MOVED", "LAST GOOD FETCH", "STATE"], &rows))
}

pub(super) async fn show(office: &Office, request: Show) -> Answer {
    let lines = match office.directory.list_inbound_services(Actor::operator(), None).await {
        Ok(lines) => lines,
        Err(error) => return wrong(error),
    };
    let Some(line) = lines.into_iter().find(|line| line.id.0 == request.service) else {
        return Answer::refused(format!("there is no inbound service {}", request.service));
    };
    if request.json {
        return Answer::json(&line);
    }
    let after = match &line.after_fetch {
        AfterFetch::Move(folder) => format!("move to {folder}"),
        other => other.as_str().to_owned(),
    };
    let sign_in = match (&line.oauth2, line.has_secret) {
        (_, false) => "no secret was given yet".to_owned(),
        (Some(tokens), true) => format!("tokens from {}", tokens.token_url),
        (None, true) => "a password".to_owned(),
    };
    let facts = [
        ("mailbox", line.mailbox.clone()),
        ("account", format!("{} {} at {}:{}", line.protocol.as_str(), line.username, line.server, line.port)),
        ("encryption", line.encryption.as_str().to_owned()),
        ("signs in with", sign_in),
        ("after fetching", after),
        ("enabled", if line.enabled { "yes" } else { "no" }.to_owned()),
        ("moved", format!("{} messages", line.moved)),
        ("last good fetch", when(line.last_success_at)),
        ("last try", when(line.last_try_at)),
        ("next try", line.next_try_at.map_or("when there is news".to_owned(), |at| when(Some(at)))),
        ("failing since", when(line.failing_since)),
        ("error", line.error.clone().unwrap_or_else(|| "none".to_owned())),
        ("stays there", line.note.clone().unwrap_or_else(|| "nothing".to_owned())),
    ];
    let mut text = String::new();
    for (name, value) in facts {
        // Writing into a String cannot fail.
        _ = writeln!(text, "{name:<16}{value}");
    }
    if !line.refused.is_empty() {
        let row = |one: &postroom_directory::RefusedLine| {
            [one.key.clone(), one.size.to_string(), when(Some(one.at)), one.why.clone()]
        };
        let rows: Vec<_> = line.refused.iter().map(row).collect();
        text.push_str("\nMessages that cannot be taken:\n");
        text.push_str(&table(["NUMBER THERE", "OCTETS", "SEEN", "WHY"], &rows));
    }
    Answer::done(text)
}

pub(super) async fn test(office: &Office, request: Test) -> Answer {
    let service = match service(office, request.service).await {
        Ok(service) => service,
        Err(answer) => return answer,
    };
    let tested = match office.fetch.test(&service).await {
        Ok(tested) => tested,
        Err(error) => return Answer::failed(format!("{}: {error}", service.settings.name())),
    };
    if request.json {
        return Answer::json(&tested);
    }
    let mut text = format!("{}\n", service.settings.name());
    _ = writeln!(text, "{} messages in the Inbox, {} octets", tested.messages, tested.octets);
    for note in &tested.notes {
        _ = writeln!(text, "- {note}");
    }
    _ = writeln!(text, "capabilities: {}", tested.capabilities.join(", "));
    Answer::done(text)
}

pub(super) async fn try_now(office: &Office, request: Try) -> Answer {
    let service = match service(office, request.service).await {
        Ok(service) => service,
        Err(answer) => return answer,
    };
    match office.directory.try_inbound_service(Actor::operator(), service.mailbox, service.id).await {
        Ok(()) => Answer::done(format!("{} is tried now\n", service.settings.name())),
        Err(error) => wrong(error),
    }
}

async fn service(office: &Office, id: i64) -> Result<InboundService, Answer> {
    let lines = office.directory.list_inbound_services(Actor::operator(), None).await.map_err(wrong)?;
    let missing = || Answer::refused(format!("there is no inbound service {id}"));
    let line = lines.into_iter().find(|line| line.id.0 == id).ok_or_else(missing)?;
    let mailbox = office.access.org().by_name(&line.mailbox).map(|mailbox| mailbox.id).ok_or_else(missing)?;
    office.directory.inbound_service(Actor::operator(), mailbox, InboundServiceId(id)).await.map_err(wrong)
}

fn when(at: Option<Time>) -> String {
    at.map_or_else(|| "never".to_owned(), moment::text)
}

fn wrong(error: InboundError) -> Answer {
    match error {
        InboundError::Store(error) => Answer::failed(error.detail()),
        other => Answer::refused(other.to_string()),
    }
}
