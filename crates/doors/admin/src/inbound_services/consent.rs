//! `POST /api/v1/mailboxes/{mailbox}/inbound-services/{service}/consent`

use crate::mailboxes::known;
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_model::InboundServiceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedConsent {
    /// This server's `/api/v1/inbound-services/consented`, as it is registered with the provider.
    #[schema(example = "https://mail.example.org/api/v1/inbound-services/consented")]
    redirect_uri: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentAddress {
    /// To be opened in a browser within ten minutes.
    url: String,
}

/// The address at which a person consents to a service that signs in by `authorization_code`. For those who manage the
/// mailbox.
#[utoipa::path(
    post, path = "/mailboxes/{mailbox}/inbound-services/{service}/consent", tag = "inbound services",
    operation_id = "beginConsent",
    params(("mailbox" = String, Path, example = "support"), ("service" = i64, Path)),
    request_body = WantedConsent,
    responses((status = 200, body = ConsentAddress)),
)]
pub(crate) async fn consent(
    caller: Caller,
    Path((name, service)): Path<(String, i64)>,
    Body(wanted): Body<WantedConsent>,
) -> Result<Json<ConsentAddress>, Problem> {
    let mailbox = known(&caller, &name)?;
    let id = InboundServiceId(service);
    let url = caller.directory.begin_consent(caller.actor, mailbox.id, id, &wanted.redirect_uri).await?;
    Ok(Json(ConsentAddress { url }))
}
