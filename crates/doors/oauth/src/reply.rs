//! Errors for programs, as RFC 6749 section 5.2 wants them. The maps have no catch-all.

use axum::Json;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use postroom_directory::oauth::{ClientError, DeviceError, PollError, TokenError};
use serde::Serialize;

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Refusal {
    #[serde(skip)]
    status: u16,
    error: &'static str,
    error_description: String,
}

impl Refusal {
    pub(crate) fn new(error: &'static str, why: impl Into<String>) -> Self {
        Self { status: 400, error, error_description: why.into() }
    }

    pub(crate) fn unknown_client() -> Self {
        Self { status: 401, ..Self::new("invalid_client", "client_id is not registered here") }
    }

    fn internal(detail: &str) -> Self {
        tracing::error!(detail, "an OAuth request failed");
        Self { status: 500, ..Self::new("server_error", "the server could not do this; its log says why") }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self)).into_response()
    }
}

impl From<FormRejection> for Refusal {
    fn from(refused: FormRejection) -> Self {
        Self { status: refused.status().as_u16(), ..Self::new("invalid_request", refused.body_text()) }
    }
}

impl From<JsonRejection> for Refusal {
    fn from(refused: JsonRejection) -> Self {
        Self { status: refused.status().as_u16(), ..Self::new("invalid_client_metadata", refused.body_text()) }
    }
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::NotHeld => Self::new("invalid_grant", error.to_string()),
            TokenError::WiderScope => Self::new("invalid_scope", error.to_string()),
            TokenError::Store(error) => Self::internal(&error.detail()),
        }
    }
}

impl From<PollError> for Refusal {
    fn from(error: PollError) -> Self {
        match error {
            PollError::Pending => Self::new("authorization_pending", error.to_string()),
            PollError::SlowDown => Self::new("slow_down", error.to_string()),
            PollError::Denied => Self::new("access_denied", error.to_string()),
            PollError::Expired => Self::new("expired_token", error.to_string()),
            PollError::Store(error) => Self::internal(&error.detail()),
        }
    }
}

impl From<DeviceError> for Refusal {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::NoScope => Self::new("invalid_scope", error.to_string()),
            DeviceError::NotWaiting => Self::new("invalid_request", error.to_string()),
            DeviceError::Throttled(_) => Self { status: 429, ..Self::new("slow_down", error.to_string()) },
            DeviceError::Store(error) => Self::internal(&error.detail()),
        }
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::BadName => Self::new("invalid_client_metadata", error.to_string()),
            ClientError::BadRedirect(_) | ClientError::TooManyRedirects(_) => {
                Self::new("invalid_redirect_uri", error.to_string())
            }
            ClientError::Full => Self { status: 503, ..Self::new("temporarily_unavailable", error.to_string()) },
            ClientError::Store(error) => Self::internal(&error.detail()),
        }
    }
}
