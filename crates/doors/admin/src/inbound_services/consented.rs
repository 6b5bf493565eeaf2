//! `GET /api/v1/inbound-services/consented`: where the provider sends people back to.

use crate::{Caller, Problem};
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use postroom_directory::NewInbound;
use postroom_fetch::Fetch;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CameBack {
    /// Sealed by this server, and good for ten minutes.
    state: String,
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    error_description: Option<String>,
}

/// Takes the code of somebody who consented. Whoever began must also be who comes back: nobody else can be made to hand
/// over an account by being sent the address.
#[utoipa::path(
    get, path = "/inbound-services/consented", tag = "inbound services", operation_id = "endConsent",
    params(CameBack),
    responses((status = 200, body = String)),
)]
pub(crate) async fn consented(
    caller: Caller,
    Extension(fetch): Extension<Fetch>,
    Query(back): Query<CameBack>,
) -> Result<String, Problem> {
    let consented = caller.directory.consented(&back.state).await?;
    if consented.actor.who != caller.actor.who {
        return Err(Problem::new(StatusCode::FORBIDDEN, "somebody else began this; sign in as the one who did"));
    }
    let Some(code) = back.code else {
        let why = back.error_description.or(back.error).unwrap_or_else(|| "no reason was given".to_owned());
        return Err(Problem::new(StatusCode::FORBIDDEN, format!("there is no consent: {why}")));
    };
    let secret = fetch.redeem(&consented, &code).await?;
    let service = consented.service;
    let new = NewInbound { settings: service.settings, secret: Some(secret) };
    caller.directory.update_inbound_service(caller.actor, service.mailbox, service.id, new).await?;
    Ok("Done: mail is fetched from now on. This window can be closed.\n".to_owned())
}
