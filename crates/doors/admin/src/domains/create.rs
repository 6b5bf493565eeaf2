//! `POST /api/v1/domains`

use super::Domain;
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDomain {
    #[schema(example = "example.org")]
    name: String,
}

/// Takes mail for one more domain.
#[utoipa::path(
    post, path = "/domains", tag = "domains", operation_id = "createDomain",
    request_body = NewDomain,
    responses((status = 201, body = Domain)),
)]
pub(crate) async fn create(caller: Caller, Body(new): Body<NewDomain>) -> Result<(StatusCode, Json<Domain>), Problem> {
    caller.directory.create_domain(caller.actor, &new.name).await?;
    Ok((StatusCode::CREATED, Json(Domain { name: new.name.to_lowercase(), addresses: 0 })))
}
