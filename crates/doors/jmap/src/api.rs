//! `POST /jmap/api`: a request with its method calls (RFC 8620 section 3).

use crate::caller::Caller;
use crate::capabilities::Capability;
use crate::limits::Doing;
use crate::turn::Turn;
use crate::{Jmap, Problem};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use postroom_wire_jmap::{BadRequest, Request};
use serde_json::Value;

pub(crate) async fn api(
    State(jmap): State<Jmap>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    // Also what keeps a form of another site from being taken for a request.
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        let detail = "send the request as application/json";
        return Err(Problem::of(NOT_JSON, StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let most = jmap.limits.concurrent_requests;
    let _place = jmap.busy.enter(caller.person, Doing::Request, most).ok_or_else(|| {
        let detail = format!("{most} of your requests are being worked on; wait for one of them");
        Problem::limit(StatusCode::BAD_REQUEST, "maxConcurrentRequests", detail)
    })?;
    let most = jmap.limits.request;
    let bytes = to_bytes(body, most).await.map_err(|_| {
        let detail = format!("a request has at most {most} octets");
        Problem::limit(StatusCode::BAD_REQUEST, "maxSizeRequest", detail)
    })?;
    answer(jmap, caller, Request::read(&bytes)?).await.map(Json)
}

/// Answers a request; also for those that come another way.
pub(crate) async fn answer(jmap: Jmap, caller: Caller, request: Request) -> Result<Value, Problem> {
    let most = jmap.limits.calls;
    if request.calls.len() > most {
        let detail = format!("a request has at most {most} method calls");
        return Err(Problem::limit(StatusCode::BAD_REQUEST, "maxCallsInRequest", detail));
    }
    let mut using = Vec::with_capacity(request.using.len());
    for uri in &request.using {
        let unknown = || Problem::of(UNKNOWN, StatusCode::BAD_REQUEST, format!("there is no capability `{uri}` here"));
        using.push(Capability::parse(uri).ok_or_else(unknown)?);
    }
    Ok(Turn::new(jmap, caller, using).run(request).await)
}

const NOT_JSON: &str = "urn:ietf:params:jmap:error:notJSON";
const NOT_REQUEST: &str = "urn:ietf:params:jmap:error:notRequest";
const UNKNOWN: &str = "urn:ietf:params:jmap:error:unknownCapability";

impl From<BadRequest> for Problem {
    fn from(error: BadRequest) -> Self {
        let kind = match error {
            BadRequest::NotJson(_) => NOT_JSON,
            BadRequest::NotRequest(_) => NOT_REQUEST,
        };
        Self::of(kind, StatusCode::BAD_REQUEST, error.to_string())
    }
}
