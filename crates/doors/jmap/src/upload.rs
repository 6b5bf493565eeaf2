//! `POST /jmap/upload/{accountId}`: bytes for later use (RFC 8620 section 6.1).

use crate::caller::Caller;
use crate::limits::Doing;
use crate::{Jmap, Problem, accounts};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use postroom_mail::uploads::UploadError;
use serde_json::{Value, json};

pub(crate) async fn upload(
    State(jmap): State<Jmap>,
    caller: Caller,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mailbox = accounts::read_id(&account).ok_or_else(|| Problem::not_found("account"))?;
    let opened = accounts::open(&jmap, caller, mailbox).await?;
    let most = jmap.limits.concurrent_uploads;
    let _place = jmap.busy.enter(caller.person, Doing::Upload, most).ok_or_else(|| {
        let detail = format!("{most} of your uploads are on their way; wait for one of them");
        Problem::limit(StatusCode::BAD_REQUEST, "maxConcurrentUpload", detail)
    })?;
    let most = jmap.limits.upload;
    let bytes = to_bytes(body, most).await.map_err(|_| {
        let detail = format!("an upload has at most {most} octets");
        Problem::limit(StatusCode::PAYLOAD_TOO_LARGE, "maxSizeUpload", detail)
    })?;
    let (size, kind) = (bytes.len(), kind(&headers));
    let id = opened.upload(bytes.into(), jmap.limits.uploads_waiting).await?;
    let answer = json!({ "accountId": account, "blobId": format!("U{id}"), "type": kind, "size": size });
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The media type as the client said it.
fn kind(headers: &HeaderMap) -> String {
    let said = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    said.filter(|kind| kind.contains('/')).unwrap_or("application/octet-stream").to_owned()
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Access(error) => error.into(),
            UploadError::TooMuch { .. } => Self::new(StatusCode::INSUFFICIENT_STORAGE, error.to_string()),
        }
    }
}
