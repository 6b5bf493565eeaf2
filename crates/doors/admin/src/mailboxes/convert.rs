//! `POST /api/v1/mailboxes/{mailbox}/kind`

use super::{Mailbox, known};
use crate::mailboxes::create::MadeMailbox;
use crate::words::KindWord;
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_model::MailboxKind;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKind {
    #[schema(value_type = KindWord)]
    kind: MailboxKind,
}

/// Makes a mailbox another kind. Mail, addresses, ids and the grants on it stay; what stops being a user loses its
/// credentials, sessions, roles and the grants it held. For administrators.
#[utoipa::path(
    post, path = "/mailboxes/{mailbox}/kind", tag = "mailboxes", operation_id = "convertMailbox",
    params(("mailbox" = String, Path, example = "support")),
    request_body = NewKind,
    responses((status = 200, body = MadeMailbox)),
)]
pub(crate) async fn convert(
    caller: Caller,
    Path(name): Path<String>,
    Body(new): Body<NewKind>,
) -> Result<Json<MadeMailbox>, Problem> {
    let before = known(&caller, &name)?;
    let notes = caller.directory.convert(caller.actor, before.id, new.kind).await?;
    let mailbox = Mailbox::from(&*known(&caller, &name)?);
    Ok(Json(MadeMailbox { mailbox, notes }))
}
