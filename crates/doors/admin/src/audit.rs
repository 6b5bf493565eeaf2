//! `GET /api/v1/audit`

use crate::mailboxes::known;
use crate::{Asked, Caller, Problem};
use axum::Json;
use postroom_directory::{AuditFilter, AuditLine};
use postroom_model::{Door, Outcome, Time};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Absent: acts on everything, which only administrators may ask.
    #[param(example = "support")]
    mailbox: Option<String>,
    /// Login name: acts of this person.
    #[param(example = "alice")]
    person: Option<String>,
    /// How the action begins: `grant` finds `grant.set` and `grant.remove`.
    #[param(example = "grant")]
    action: Option<String>,
    /// Through which door, as the rows name it.
    #[param(example = "imap")]
    door: Option<String>,
    /// `done`, `denied` or `failed`.
    #[param(example = "denied")]
    outcome: Option<String>,
    /// Milliseconds since 1970-01-01T00:00:00Z: acts from then on.
    since: Option<i64>,
    /// Acts before then.
    until: Option<i64>,
    /// The id of the last row of the page before; absent: from the newest.
    before: Option<i64>,
    /// At most 1000.
    #[serde(default = "one_page")]
    #[param(default = 100)]
    limit: u32,
}

impl Page {
    /// What it asks for, apart from the mailbox.
    fn filter(&self, caller: &Caller) -> Result<AuditFilter, Problem> {
        let person = self.person.as_deref().map(|name| {
            crate::users::user_id(caller, name)
                .ok_or_else(|| Problem::unfit("person", format!("there is no user {name}")))
        });
        let door = self
            .door
            .as_deref()
            .map(|word| Door::parse(word).ok_or_else(|| Problem::unfit("door", format!("there is no door {word}"))));
        let outcome = self.outcome.as_deref().map(|word| {
            let known = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word);
            known.ok_or_else(|| Problem::unfit("outcome", "an outcome is done, denied or failed"))
        });
        Ok(AuditFilter {
            mailbox: None,
            person: person.transpose()?,
            door: door.transpose()?,
            action: self.action.as_ref().map(|action| action.to_lowercase()),
            outcome: outcome.transpose()?,
            since: self.since.map(Time),
            until: self.until.map(Time),
        })
    }
}

fn one_page() -> u32 {
    100
}

/// One act: who did what, where, through which door, with what outcome.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Act {
    id: i64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    at: i64,
    /// Null: the organisation as a whole, or a mailbox that is gone.
    mailbox: Option<String>,
    /// `person`, `operator` or `server`.
    #[schema(example = "person")]
    who: String,
    /// Login name.
    person: Option<String>,
    #[schema(example = "imap")]
    door: String,
    #[schema(example = "mailbox.open")]
    action: String,
    #[schema(example = "done")]
    outcome: String,
    detail: String,
}

impl From<AuditLine> for Act {
    fn from(line: AuditLine) -> Self {
        Self {
            id: line.id,
            at: line.at.0,
            mailbox: line.mailbox_name,
            who: line.who,
            person: line.person_name,
            door: line.door,
            action: line.action,
            outcome: line.outcome,
            detail: line.detail,
        }
    }
}

/// The record of acts, newest first. For administrators, and for managers of the mailbox.
#[utoipa::path(
    get, path = "/audit", tag = "audit", operation_id = "listAudit",
    params(Page),
    responses((status = 200, body = Vec<Act>)),
)]
pub(crate) async fn audit(caller: Caller, Asked(page): Asked<Page>) -> Result<Json<Vec<Act>>, Problem> {
    let mailbox = match &page.mailbox {
        Some(name) => Some(known(&caller, name)?.id),
        None => None,
    };
    let filter = AuditFilter { mailbox, ..page.filter(&caller)? };
    let rows = caller.directory.audit_find(caller.actor, filter, page.before, page.limit).await?;
    Ok(Json(rows.into_iter().map(Act::from).collect()))
}
