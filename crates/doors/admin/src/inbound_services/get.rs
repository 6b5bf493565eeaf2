//! `GET /api/v1/mailboxes/{mailbox}/inbound-services/{service}`

use super::InboundService;
use crate::mailboxes::known;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_model::InboundServiceId;

/// One inbound service. For those who manage its mailbox.
#[utoipa::path(
    get, path = "/mailboxes/{mailbox}/inbound-services/{service}", tag = "inbound services",
    operation_id = "getInboundService",
    params(("mailbox" = String, Path, example = "support"), ("service" = i64, Path)),
    responses((status = 200, body = InboundService)),
)]
pub(crate) async fn get(
    caller: Caller,
    Path((name, service)): Path<(String, i64)>,
) -> Result<Json<InboundService>, Problem> {
    one(&caller, &name, service).await.map(Json)
}

pub(super) async fn one(caller: &Caller, mailbox: &str, service: i64) -> Result<InboundService, Problem> {
    let mailbox = known(caller, mailbox)?;
    let lines = caller.directory.list_inbound_services(caller.actor, Some(mailbox.id)).await?;
    let found = lines.into_iter().find(|line| line.id == InboundServiceId(service));
    found.map(InboundService::from).ok_or_else(|| Problem::not_found("inbound service"))
}
