//! What is refused as a whole, as problem details (RFC 7807, RFC 8620 section 3.6.1).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use postroom_access::AccessError;
use postroom_directory::SignInError;
use serde::Serialize;

/// A refusal, as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    status: u16,
    title: String,
    detail: String,
    /// The limit that would have been exceeded, by its name in the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::of("about:blank", status, detail)
    }

    pub(crate) fn of(kind: &'static str, status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Refused").to_owned();
        Self { kind, status: status.as_u16(), title, detail: detail.into(), limit: None }
    }

    /// A limit of the session would be exceeded.
    pub(crate) fn limit(status: StatusCode, limit: &'static str, detail: impl Into<String>) -> Self {
        Self { limit: Some(limit), ..Self::of("urn:ietf:params:jmap:error:limit", status, detail) }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }

    /// The fault is ours; particulars go to the log only.
    pub(crate) fn internal(detail: &str) -> Self {
        tracing::error!(detail, "a JMAP request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the server could not do this; its log says why")
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotFound => Self::not_found("account"),
            AccessError::Denied(denied) => Self::new(StatusCode::FORBIDDEN, denied.to_string()),
            AccessError::Store(error) => Self::internal(&error.detail()),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(StatusCode::UNAUTHORIZED, error.to_string()),
            SignInError::Throttled { .. } => Self::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()),
            SignInError::Store(error) => Self::internal(&error.detail()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"Postroom\", charset=\"UTF-8\"");
            headers.insert(header::WWW_AUTHENTICATE, basic);
        }
        response
    }
}
