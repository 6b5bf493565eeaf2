//! `POST /api/v1/application-passwords`

use super::Whose;
use crate::{Asked, Body, Caller, Problem};
use axum::Json;
use axum::http::StatusCode;
use postroom_directory::NewApplication;
use postroom_model::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApplicationPassword {
    #[schema(example = "Thunderbird on the desk")]
    label: String,
    /// Milliseconds since 1970-01-01T00:00:00Z; absent: never.
    expires_at: Option<i64>,
    /// The one mailbox that it is to open, by name or address; absent: whatever the person may open.
    #[schema(example = "support")]
    mailbox: Option<String>,
}

/// The password, which is never shown again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeApplicationPassword {
    id: i64,
    #[schema(example = "abcd-efgh-ijkm-npqr-stuv-wxyz-23")]
    password: String,
}

/// Makes an application password.
#[utoipa::path(
    post, path = "/application-passwords", tag = "application-passwords", operation_id = "createApplicationPassword",
    params(Whose),
    request_body = NewApplicationPassword,
    responses((status = 201, body = MadeApplicationPassword)),
)]
pub(crate) async fn create(
    caller: Caller,
    Asked(whose): Asked<Whose>,
    Body(new): Body<NewApplicationPassword>,
) -> Result<(StatusCode, Json<MadeApplicationPassword>), Problem> {
    let person = whose.person(&caller)?;
    let wanted = NewApplication { label: new.label, expires_at: new.expires_at.map(Time), mailbox: new.mailbox };
    let (id, secret) = caller.directory.create_application_password(caller.actor, person, wanted).await?;
    let made = MadeApplicationPassword { id, password: secret.expose().to_owned() };
    Ok((StatusCode::CREATED, Json(made)))
}
