//! `GET /api/v1/audit`

use crate::mailboxes::known;
use crate::{Asked, Caller, Problem};
use axum::Json;
use postroom_directory::AuditLine;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Absent: acts on everything, which only administrators may ask.
    #[param(example = "support")]
    mailbox: Option<String>,
    /// The id of the last row of the page before; absent: from the newest.
    before: Option<i64>,
    /// At most 1000.
    #[serde(default = "one_page")]
    #[param(default = 100)]
    limit: u32,
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
    let rows = caller.directory.audit_page(caller.actor, mailbox, page.before, page.limit).await?;
    Ok(Json(rows.into_iter().map(Act::from).collect()))
}
