//! `postroom mailbox list|show|convert`

use super::Answer;
use super::table::table;
use crate::office::Office;
use clap::Subcommand;
use postroom_directory::{ConvertError, GrantLine};
use postroom_model::{Actor, Address, Mailbox, MailboxKind, Org};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt::Write;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the mailboxes that are no user's own
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one mailbox: its settings, and who holds which rights on it
    Show {
        /// Its name or one of its addresses
        mailbox: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a mailbox another kind: user, shared, room or equipment
    ///
    /// Mail, folders, addresses, ids and the grants on it stay. What stops being a user loses its credentials,
    /// its open sessions, its roles and the grants it held.
    #[command(verbatim_doc_comment)]
    Convert {
        /// Its name or one of its addresses
        mailbox: String,
        /// What it becomes
        #[arg(value_parser = ["user", "shared", "room", "equipment"])]
        kind: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct List {
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Show {
    mailbox: String,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Convert {
    mailbox: String,
    kind: MailboxKind,
}

impl Command {
    pub(super) fn prepare(self) -> Result<super::Request, Answer> {
        Ok(match self {
            Self::List { json } => super::Request::MailboxList(List { json }),
            Self::Show { mailbox, json } => super::Request::MailboxShow(Show { mailbox, json }),
            Self::Convert { mailbox, kind } => {
                let kind = MailboxKind::parse(&kind).ok_or_else(|| Answer::refused(format!("no kind {kind}")))?;
                super::Request::MailboxConvert(Convert { mailbox, kind })
            }
        })
    }
}

/// A mailbox by name or address.
pub(super) fn find(org: &Org, text: &str) -> Result<Arc<Mailbox>, Answer> {
    let by_address = Address::parse(text).ok().and_then(|address| org.by_address(&address));
    let found = by_address.or_else(|| org.by_name(&text.to_lowercase()));
    found.cloned().ok_or_else(|| Answer::refused(format!("there is no mailbox {text}")))
}

pub(super) fn addresses(mailbox: &[Address]) -> String {
    mailbox.iter().map(Address::as_str).collect::<Vec<_>>().join(", ")
}

pub(super) fn list(office: &Office, request: List) -> Answer {
    let lines = office.directory.list_mailboxes(Actor::operator());
    if request.json {
        return Answer::json(&lines);
    }
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let kind = line.kind.as_str().to_owned();
            [line.name.clone(), line.display_name.clone(), kind, addresses(&line.addresses)]
        })
        .collect();
    Answer::done(table(["NAME", "DISPLAY NAME", "KIND", "ADDRESSES"], &rows))
}

pub(super) async fn show(office: &Office, request: Show) -> Answer {
    let mailbox = match find(&office.access.org(), &request.mailbox) {
        Ok(mailbox) => mailbox,
        Err(refused) => return refused,
    };
    let grants = match office.directory.list_grants(Actor::operator(), Some(mailbox.id)) {
        Ok(grants) => grants,
        Err(error) => return Answer::failed(error.to_string()),
    };
    if request.json { as_json(&mailbox, &grants) } else { Answer::done(as_text(&mailbox, &grants)) }
}

fn as_json(mailbox: &Mailbox, grants: &[GrantLine]) -> Answer {
    Answer::json(&json!({
        "id": mailbox.id,
        "name": mailbox.name,
        "kind": mailbox.kind,
        "display_name": mailbox.display_name,
        "label": mailbox.label,
        "addresses": mailbox.addresses,
        "sent_copy": mailbox.sent_copy,
        "seen": mailbox.seen,
        "quota": mailbox.quota,
        "grants": grants,
    }))
}

fn as_text(mailbox: &Mailbox, grants: &[GrantLine]) -> String {
    let quota = mailbox.quota.map_or("no limit".to_owned(), |octets| crate::config::Size(octets).to_string());
    let facts = [
        ("name", mailbox.name.to_string()),
        ("kind", mailbox.kind.as_str().to_owned()),
        ("display name", mailbox.display_name.clone()),
        ("in mail clients", mailbox.label.clone()),
        ("addresses", addresses(&mailbox.addresses)),
        ("sent copy", mailbox.sent_copy.as_str().to_owned()),
        ("seen", mailbox.seen.as_str().to_owned()),
        ("quota", quota),
    ];
    let mut text = String::new();
    for (name, value) in facts {
        // Writing into a String cannot fail.
        _ = writeln!(text, "{name:<16}{value}");
    }
    if grants.is_empty() {
        text.push_str("\nNobody holds a right on it by a grant.\n");
        return text;
    }
    let row = |line: &GrantLine| {
        let who = match (&line.user, &line.role) {
            (Some(user), _) => format!("user {user}"),
            (None, Some(role)) => format!("role {role}"),
            (None, None) => "nobody any more".to_owned(),
        };
        let place = line.folder.map_or("everywhere".to_owned(), |folder| format!("folder {folder}"));
        let automap = if line.automap { "yes" } else { "no" };
        [who, place, automap.to_owned(), line.origin.as_str().to_owned(), line.rights.join(", ")]
    };
    let rows: Vec<_> = grants.iter().map(row).collect();
    text.push('\n');
    text.push_str(&table(["WHO", "WHERE", "AUTOMAP", "FROM", "RIGHTS"], &rows));
    text
}

pub(super) async fn convert(office: &Office, request: Convert) -> Answer {
    let mailbox = match find(&office.access.org(), &request.mailbox) {
        Ok(mailbox) => mailbox,
        Err(refused) => return refused,
    };
    if mailbox.kind == request.kind {
        return Answer::done(format!("{} is a {} mailbox already\n", mailbox.name, mailbox.kind.as_str()));
    }
    match office.directory.convert(Actor::operator(), mailbox.id, request.kind).await {
        Ok(notes) => {
            let (name, old, new) = (&mailbox.name, mailbox.kind.as_str(), request.kind.as_str());
            Answer::done(format!("{name}: {old} -> {new}\n")).with_warnings(notes)
        }
        Err(error @ (ConvertError::NotFound | ConvertError::PlanFull(_) | ConvertError::NotAllowed(_))) => {
            Answer::refused(error.to_string())
        }
        Err(ConvertError::Store(error)) => Answer::failed(error.detail()),
    }
}
