//! `GET /api/v1/mailboxes/{mailbox}/people`

use super::known;
use crate::words::RightWord;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_directory::PersonLine;
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody with a right on the mailbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonWithAccess {
    /// Login name.
    #[schema(example = "alice")]
    name: String,
    display_name: String,
    /// Held in the whole mailbox, or in folders of it.
    #[schema(value_type = Vec<RightWord>)]
    rights: Vec<&'static str>,
    /// Where they come from, in words.
    #[schema(example = json!(["role Mailbox - Support"]))]
    from: Vec<String>,
}

impl From<PersonLine> for PersonWithAccess {
    fn from(line: PersonLine) -> Self {
        Self { name: line.name, display_name: line.display_name, rights: line.rights, from: line.from }
    }
}

/// Who can reach a mailbox and what they can do there. For administrators and managers.
#[utoipa::path(
    get, path = "/mailboxes/{mailbox}/people", tag = "mailboxes", operation_id = "listPeople",
    params(("mailbox" = String, Path, example = "support")),
    responses((status = 200, body = Vec<PersonWithAccess>)),
)]
pub(crate) async fn people(caller: Caller, Path(name): Path<String>) -> Result<Json<Vec<PersonWithAccess>>, Problem> {
    let mailbox = known(&caller, &name)?.id;
    let lines = caller.directory.people_of(caller.actor, mailbox).await?;
    Ok(Json(lines.into_iter().map(PersonWithAccess::from).collect()))
}
