//! `POST /api/v1/mailboxes`

use super::{Mailbox, known};
use crate::words::{SeenWord, SentCopyWord};
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::http::StatusCode;
use postroom_directory::{Names, NewShared};
use postroom_model::{SeenMode, SentCopy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// There is no place for a password: a shared mailbox has no credentials.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMailbox {
    /// 1 to 64 of a-z 0-9 . _ -, unchangeable.
    #[schema(example = "support")]
    name: String,
    /// Empty: the name.
    #[serde(default)]
    display_name: String,
    /// The first is the default address.
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    #[schema(value_type = SentCopyWord)]
    sent_copy: SentCopy,
    #[serde(default)]
    #[schema(value_type = SeenWord)]
    seen: SeenMode,
    /// Octets; absent: no limit.
    quota: Option<u64>,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeMailbox {
    pub(super) mailbox: Mailbox,
    /// What to know about it, such as that it goes beyond what the plan includes.
    pub(super) notes: Vec<String>,
}

/// Makes a shared mailbox. For administrators.
#[utoipa::path(
    post, path = "/mailboxes", tag = "mailboxes", operation_id = "createMailbox",
    request_body = NewMailbox,
    responses((status = 201, body = MadeMailbox)),
)]
pub(crate) async fn create(
    caller: Caller,
    Body(new): Body<NewMailbox>,
) -> Result<(StatusCode, Json<MadeMailbox>), Problem> {
    let name = new.name.clone();
    let wanted = NewShared {
        names: Names { name: new.name, display_name: new.display_name, addresses: new.addresses },
        sent_copy: new.sent_copy,
        seen: new.seen,
        quota: new.quota,
    };
    let created = caller.directory.create_shared(caller.actor, wanted).await?;
    let mailbox = Mailbox::from(&*known(&caller, &name)?);
    Ok((StatusCode::CREATED, Json(MadeMailbox { mailbox, notes: created.notes })))
}
