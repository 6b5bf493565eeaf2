//! `POST /api/v1/setup`

use crate::caller::protected;
use crate::session::{Session, begin};
use crate::{Api, Body, Problem};
use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderValue;
use axum::http::header::HeaderName;
use postroom_directory::{FirstAdministrator, Secret};
use postroom_wire_http::origin;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// What stands behind `#` in the link.
    token: String,
    /// Login name, which never changes.
    #[schema(example = "alice")]
    name: String,
    #[schema(example = "Alice Ng")]
    #[serde(default)]
    display_name: String,
    /// Its domain is added if it is not there yet.
    #[schema(example = "alice@example.org")]
    address: String,
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// Makes the first administrator and signs the browser in. The link holds once. Needs the header `X-Postroom`.
#[utoipa::path(
    post, path = "/setup", tag = "setup", operation_id = "finishSetup",
    request_body = Setup,
    responses((status = 200, body = Session)),
    security(()),
)]
pub(crate) async fn finish(
    State(api): State<Api>,
    request: Request,
) -> Result<([(HeaderName, HeaderValue); 1], Json<Session>), Problem> {
    let (parts, body) = request.into_parts();
    let peer = protected(&parts)?;
    origin::in_session(&parts.method, &parts.headers, peer.tls)?;
    let user_agent = begin::user_agent(&parts.headers);
    let Body(setup) = Body::<Setup>::from_request(Request::from_parts(parts, body), &api).await?;
    let first = FirstAdministrator {
        name: setup.name,
        display_name: setup.display_name,
        address: setup.address,
        password: setup.password,
    };
    let signed_in = api.directory.finish_setup(&setup.token, first).await?;
    begin::answer(&api, signed_in, peer, user_agent).await
}
