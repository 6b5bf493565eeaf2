//! `postroom app-password create|list|revoke`

use super::Answer;
use super::table::table;
use crate::moment;
use crate::office::Office;
use clap::Subcommand;
use postroom_directory::{ApplicationError, NewApplication};
use postroom_model::{Actor, MailboxId};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an application password and print it; it is never shown again
    Create {
        /// Login name or address
        user: String,
        /// What it is for, such as "Thunderbird on the desk"
        #[arg(long)]
        label: String,
        /// When it ends, counted from now: "90 days", "12 h" [default: never]
        #[arg(long, value_name = "TIME", value_parser = crate::config::Span::parse)]
        expires_in: Option<crate::config::Span>,
        /// Open this mailbox and no other: its name or one of its addresses
        #[arg(long)]
        mailbox: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the application passwords of a user
    List {
        /// Login name or address
        user: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take an application password away; open sessions of the account end
    Revoke {
        /// Login name or address
        user: String,
        /// Its number in the list
        id: i64,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Create {
    user: String,
    label: String,
    expires_in_millis: Option<i64>,
    mailbox: Option<String>,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct List {
    user: String,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Revoke {
    user: String,
    id: i64,
}

impl Command {
    pub(super) fn prepare(self) -> Result<super::Request, Answer> {
        Ok(match self {
            Self::Create { user, label, expires_in, mailbox, json } => {
                let expires_in_millis = expires_in.map(crate::config::Span::millis);
                super::Request::AppPasswordCreate(Create { user, label, expires_in_millis, mailbox, json })
            }
            Self::List { user, json } => super::Request::AppPasswordList(List { user, json }),
            Self::Revoke { user, id } => super::Request::AppPasswordRevoke(Revoke { user, id }),
        })
    }
}

fn person(office: &Office, user: &str) -> Result<MailboxId, Answer> {
    let found = super::mailbox::find(&office.access.org(), user);
    found.map(|mailbox| mailbox.id).map_err(|_| Answer::refused(format!("there is no user {user}")))
}

fn refusal(error: ApplicationError) -> Answer {
    match error {
        ApplicationError::Store(error) => Answer::failed(error.detail()),
        ApplicationError::Random(error) => Answer::failed(error.to_string()),
        error @ (ApplicationError::NotFound
        | ApplicationError::NoUser(_)
        | ApplicationError::NoMailbox(_)
        | ApplicationError::BadLabel
        | ApplicationError::NotAllowed(_)) => Answer::refused(error.to_string()),
    }
}

pub(super) async fn create(office: &Office, request: Create) -> Answer {
    let person = match person(office, &request.user) {
        Ok(person) => person,
        Err(refused) => return refused,
    };
    let expires_at = request.expires_in_millis.map(|millis| office.access.clock().now().plus_millis(millis));
    let new = NewApplication { label: request.label, expires_at, mailbox: request.mailbox };
    match office.directory.create_application_password(Actor::operator(), person, new).await {
        Ok((id, secret)) if request.json => Answer::json(&json!({ "id": id, "password": secret.expose() })),
        Ok((_, secret)) => Answer::done(format!("{}\n", secret.expose())),
        Err(error) => refusal(error),
    }
}

pub(super) async fn list(office: &Office, request: List) -> Answer {
    let person = match person(office, &request.user) {
        Ok(person) => person,
        Err(refused) => return refused,
    };
    let lines = match office.directory.list_application_passwords(Actor::operator(), person).await {
        Ok(lines) => lines,
        Err(error) => return refusal(error),
    };
    if request.json {
        return Answer::json(&lines);
    }
    let day = |time: Option<postroom_model::Time>| time.map_or("never".to_owned(), moment::text);
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let (used, ends) = (day(line.last_used_at), day(line.expires_at));
            let opens = line.mailbox.clone().unwrap_or_else(|| "all".to_owned());
            [line.id.to_string(), moment::text(line.created_at), used, ends, opens, line.label.clone()]
        })
        .collect();
    Answer::done(table(["ID", "MADE", "LAST USED", "EXPIRES", "OPENS", "LABEL"], &rows))
}

pub(super) async fn revoke(office: &Office, request: Revoke) -> Answer {
    let person = match person(office, &request.user) {
        Ok(person) => person,
        Err(refused) => return refused,
    };
    match office.directory.remove_application_password(Actor::operator(), person, request.id).await {
        Ok(()) => Answer::done(format!("application password {} is revoked\n", request.id)),
        Err(error) => refusal(error),
    }
}
