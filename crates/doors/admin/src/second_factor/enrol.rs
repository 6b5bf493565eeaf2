//! `POST /api/v1/second-factor`

use super::Proof;
use crate::{Body, Caller, Problem};
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// What the authenticator app needs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Enrolment {
    /// For typing in: Base32.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// The same as an `otpauth:` address, to be shown as a QR code.
    uri: String,
}

/// Makes a secret for an authenticator app. Nothing changes until a code of it is confirmed.
#[utoipa::path(
    post, path = "/second-factor", tag = "second-factor", operation_id = "enrolSecondFactor",
    request_body = Proof,
    responses((status = 200, body = Enrolment)),
)]
pub(crate) async fn enrol(caller: Caller, Body(proof): Body<Proof>) -> Result<Json<Enrolment>, Problem> {
    caller.prove(proof.current_password).await?;
    let made = caller.directory.enrol_second_factor(caller.actor, caller.person).await?;
    Ok(Json(Enrolment { secret: made.secret.expose().to_owned(), uri: made.uri.expose().to_owned() }))
}
