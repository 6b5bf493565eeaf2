//! `POST /api/v1/mailboxes/{mailbox}/inbound-services/test`

use super::{TestResult, WantedService};
use crate::mailboxes::known;
use crate::{Body, Caller, Problem};
use axum::extract::Path;
use axum::{Extension, Json};
use postroom_fetch::Fetch;

/// Tests settings before they are kept: what is in the Inbox there, and what would happen. For those who manage the
/// mailbox.
#[utoipa::path(
    post, path = "/mailboxes/{mailbox}/inbound-services/test", tag = "inbound services",
    operation_id = "testInboundSettings",
    params(("mailbox" = String, Path, example = "support")),
    request_body = WantedService,
    responses((status = 200, body = TestResult)),
)]
pub(crate) async fn test_settings(
    caller: Caller,
    Extension(fetch): Extension<Fetch>,
    Path(name): Path<String>,
    Body(wanted): Body<WantedService>,
) -> Result<Json<TestResult>, Problem> {
    let mailbox = known(&caller, &name)?;
    caller.directory.list_inbound_services(caller.actor, Some(mailbox.id)).await?;
    let new = wanted.into_new()?;
    new.settings.check().map_err(|why| Problem::unfit("inbound service", why))?;
    let public_only = caller.directory.reaches_public_only(caller.actor);
    let tested = fetch.test_settings(&new.settings, new.secret.unwrap_or_default(), public_only).await?;
    Ok(Json(tested.into()))
}
