//! `POST /api/v1/second-factor/recovery-codes`

use super::{Proof, RecoveryCodes};
use crate::{Body, Caller, Problem};
use axum::Json;

/// Fresh recovery codes; the old ones open nothing any more.
#[utoipa::path(
    post, path = "/second-factor/recovery-codes", tag = "second-factor", operation_id = "renewRecoveryCodes",
    request_body = Proof,
    responses((status = 200, body = RecoveryCodes)),
)]
pub(crate) async fn renew(caller: Caller, Body(proof): Body<Proof>) -> Result<Json<RecoveryCodes>, Problem> {
    caller.prove(proof.current_password).await?;
    let codes = caller.directory.renew_recovery_codes(caller.actor, caller.person).await?;
    Ok(Json(codes.into()))
}
