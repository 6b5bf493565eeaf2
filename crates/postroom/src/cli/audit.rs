//! `postroom audit`

use super::Answer;
use super::table::table;
use crate::moment;
use crate::office::Office;
use postroom_directory::{AuditError, AuditLine};
use postroom_model::Actor;
use serde::{Deserialize, Serialize};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Acts on this mailbox only: its name or one of its addresses
    #[arg(long)]
    mailbox: Option<String>,
    /// How many, at most 1000
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Acts before this one: an ID of the list
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    mailbox: Option<String>,
    limit: u32,
    before: Option<i64>,
    json: bool,
}

impl Args {
    pub(super) fn prepare(self) -> Request {
        Request { mailbox: self.mailbox, limit: self.limit, before: self.before, json: self.json }
    }
}

pub(super) async fn run(office: &Office, request: Request) -> Answer {
    let mailbox = match request.mailbox.map(|text| super::mailbox::find(&office.access.org(), &text)).transpose() {
        Ok(mailbox) => mailbox.map(|mailbox| mailbox.id),
        Err(refused) => return refused,
    };
    match office.directory.audit_page(Actor::operator(), mailbox, request.before, request.limit).await {
        Ok(lines) if request.json => Answer::json(&lines),
        Ok(lines) => Answer::done(as_text(&lines)),
        Err(AuditError::Store(error)) => Answer::failed(error.detail()),
        Err(error @ (AuditError::NotFound | AuditError::NotAllowed(_))) => Answer::refused(error.to_string()),
    }
}

fn as_text(lines: &[AuditLine]) -> String {
    let row = |line: &AuditLine| {
        [
            line.id.to_string(),
            moment::text(line.at),
            line.person_name.clone().unwrap_or_else(|| line.who.clone()),
            line.door.clone(),
            line.mailbox_name.clone().unwrap_or_else(|| "-".to_owned()),
            line.action.clone(),
            line.outcome.clone(),
            line.detail.clone(),
        ]
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    table(["ID", "WHEN", "WHO", "DOOR", "MAILBOX", "ACTION", "OUTCOME", "DETAIL"], &rows)
}
