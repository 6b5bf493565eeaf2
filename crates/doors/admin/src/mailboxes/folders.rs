//! `GET /api/v1/mailboxes/{mailbox}/folders`

use super::known;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_directory::FolderLine;
use postroom_model::{FolderId, SpecialUse};
use serde::Serialize;
use utoipa::ToSchema;

/// What stands in a folder.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Folder {
    #[schema(value_type = i64)]
    id: FolderId,
    /// Names from the top, with `/` between.
    #[schema(example = "Inbox")]
    path: String,
    /// What the folder is for; null: made by people.
    #[schema(example = "inbox")]
    special_use: Option<&'static str>,
    messages: u64,
    /// Octets; a message that stands in several folders counts in each.
    size: u64,
}

impl From<FolderLine> for Folder {
    fn from(line: FolderLine) -> Self {
        Self {
            id: line.id,
            path: line.path,
            special_use: line.special_use.map(SpecialUse::as_str),
            messages: line.messages,
            size: line.size,
        }
    }
}

/// The folders of a mailbox with their counts and sizes. For administrators and managers.
#[utoipa::path(
    get, path = "/mailboxes/{mailbox}/folders", tag = "mailboxes", operation_id = "listFolders",
    params(("mailbox" = String, Path, example = "support")),
    responses((status = 200, body = Vec<Folder>)),
)]
pub(crate) async fn folders(caller: Caller, Path(name): Path<String>) -> Result<Json<Vec<Folder>>, Problem> {
    let mailbox = known(&caller, &name)?.id;
    let lines = caller.directory.list_folders(caller.actor, mailbox).await?;
    Ok(Json(lines.into_iter().map(Folder::from).collect()))
}
