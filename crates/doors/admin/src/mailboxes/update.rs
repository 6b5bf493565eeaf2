//! `PATCH /api/v1/mailboxes/{mailbox}`

use super::{Mailbox, known};
use crate::body::present;
use crate::words::{SeenWord, SentCopyWord};
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_directory::UpdateMailbox;
use postroom_model::{SeenMode, SentCopy};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is absent stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MailboxChange {
    /// Only the name it has: names never change.
    name: Option<String>,
    display_name: Option<String>,
    /// All of them; the first is the default address.
    addresses: Option<Vec<String>>,
    #[schema(value_type = Option<SentCopyWord>)]
    sent_copy: Option<SentCopy>,
    #[schema(value_type = Option<SeenWord>)]
    seen: Option<SeenMode>,
    /// Octets; null: no limit.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<u64>)]
    quota: Option<Option<u64>>,
}

/// Changes a mailbox.
#[utoipa::path(
    patch, path = "/mailboxes/{mailbox}", tag = "mailboxes", operation_id = "updateMailbox",
    params(("mailbox" = String, Path, example = "support")),
    request_body = MailboxChange,
    responses((status = 200, body = Mailbox)),
)]
pub(crate) async fn update(
    caller: Caller,
    Path(name): Path<String>,
    Body(change): Body<MailboxChange>,
) -> Result<Json<Mailbox>, Problem> {
    let before = known(&caller, &name)?;
    let update = UpdateMailbox {
        name: change.name,
        display_name: change.display_name,
        addresses: change.addresses,
        sent_copy: change.sent_copy,
        seen: change.seen,
        quota: change.quota,
        message_quota: None,
        privilege: None,
    };
    caller.directory.update_mailbox(caller.actor, before.id, update).await?;
    Ok(Json(Mailbox::from(&*known(&caller, &name)?)))
}
