//! Every refusal as problem details (RFC 9457): what is wrong, and the field that it is about.
//!
//! The mapping from errors of use cases is in [`map`], one exhaustive match for each; a test prints them all.

mod map;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal, as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: status and detail say it all.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    title: String,
    #[schema(example = 422)]
    status: u16,
    /// What is wrong, for people.
    #[schema(example = "the domain of x@elsewhere.example is not configured; add the domain first")]
    detail: String,
    /// The field of the request that is wrong, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "addresses")]
    field: Option<String>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Refused").to_owned();
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.into(), field: None }
    }

    #[must_use]
    pub(crate) fn about(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Not there, or nothing that the caller may know of.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }

    /// A value that does not fit.
    pub(crate) fn unfit(field: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail).about(field)
    }

    pub(crate) fn conflict(field: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail).about(field)
    }

    /// The fault is ours; particulars go to the log only.
    pub(crate) fn internal(detail: &str) -> Self {
        tracing::error!(detail, "a request to the API failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the server could not do this; its log says why")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
