//! `POST /api/v1/mailboxes/{mailbox}/inbound-services/{service}/test`

use super::TestResult;
use crate::mailboxes::known;
use crate::{Caller, Problem};
use axum::extract::Path;
use axum::{Extension, Json};
use postroom_fetch::Fetch;
use postroom_model::InboundServiceId;

/// Signs in as the service does, looks, changes nothing, and says what would happen. For those who manage the mailbox.
#[utoipa::path(
    post, path = "/mailboxes/{mailbox}/inbound-services/{service}/test", tag = "inbound services",
    operation_id = "testInboundService",
    params(("mailbox" = String, Path, example = "support"), ("service" = i64, Path)),
    responses((status = 200, body = TestResult)),
)]
pub(crate) async fn test(
    caller: Caller,
    Extension(fetch): Extension<Fetch>,
    Path((name, service)): Path<(String, i64)>,
) -> Result<Json<TestResult>, Problem> {
    let mailbox = known(&caller, &name)?;
    let service = caller.directory.inbound_service(caller.actor, mailbox.id, InboundServiceId(service)).await?;
    Ok(Json(fetch.test(&service).await?.into()))
}
