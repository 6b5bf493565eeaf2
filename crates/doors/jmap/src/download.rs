//! `GET /jmap/download/{accountId}/{blobId}/{name}?type=…` (RFC 8620 section 6.2).
//!
//! What is sent was written by strangers: it is never shown as a page of this site. It comes as an attachment, in a
//! sandbox, with the media type that the client asked for.

use crate::caller::Caller;
use crate::methods::blob_bytes;
use crate::{Jmap, Problem, accounts};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::fmt::Write;
use std::ops::Range;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(rename = "type", default)]
    kind: Option<String>,
}

pub(crate) async fn download(
    State(jmap): State<Jmap>,
    caller: Caller,
    Path((account, blob, name)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mailbox = accounts::read_id(&account).ok_or_else(|| Problem::not_found("account"))?;
    let opened = accounts::open(&jmap, caller, mailbox).await?;
    let bytes = match blob_bytes(mailbox, &blob) {
        Some(bytes) => opened.bytes(&bytes).await?,
        None => None,
    };
    let bytes = bytes.ok_or_else(|| Problem::not_found("blob"))?;
    let kind = asked.kind.as_deref().and_then(|kind| HeaderValue::from_str(kind).ok());
    let kind = kind.filter(|kind| kind.as_bytes().contains(&b'/'));
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    // The same id never means other bytes.
    let tag = format!("\"{blob}\"");
    let fixed = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition(&name)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, immutable, max-age=31536000")),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))),
    ];
    let matches = |name| headers.get(name).is_some_and(|value: &HeaderValue| value.as_bytes() == tag.as_bytes());
    if matches(header::IF_NONE_MATCH) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let may_cut = !headers.contains_key(header::IF_RANGE) || matches(header::IF_RANGE);
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).filter(|_| may_cut);
    match range.and_then(|range| wanted(range, bytes.len())) {
        None => Ok((fixed, Body::from(bytes)).into_response()),
        Some(None) => {
            let whole = [(header::CONTENT_RANGE, format!("bytes */{}", bytes.len()))];
            Ok((StatusCode::RANGE_NOT_SATISFIABLE, whole).into_response())
        }
        Some(Some(range)) => {
            let part = [(header::CONTENT_RANGE, format!("bytes {}-{}/{}", range.start, range.end - 1, bytes.len()))];
            let bytes = bytes.get(range).unwrap_or_default().to_vec();
            Ok((StatusCode::PARTIAL_CONTENT, fixed, part, Body::from(bytes)).into_response())
        }
    }
}

/// One range of bytes (RFC 9110 section 14.1.2). None: it is not read, and everything is sent; `Some(None)`: there is
/// nothing there.
fn wanted(range: &str, size: usize) -> Option<Option<Range<usize>>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<usize>().ok())?;
    let range = match (first, last) {
        ("", "") => return None,
        ("", suffix) => size.saturating_sub(number(suffix)?)..size,
        (first, "") => number(first)?..size,
        (first, last) if number(first)? <= number(last)? => number(first)?..number(last)?.saturating_add(1).min(size),
        _ => return None,
    };
    Some((range.start < range.end).then_some(range))
}

/// `attachment` with the name, in ASCII and in full (RFC 6266).
fn disposition(name: &str) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || " ._-".contains(c) { c } else { '_' }).collect();
    let mut full = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            full.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(full, "%{byte:02X}");
        }
    }
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (text, expected) in [
            ("bytes=0-3", Some(Some(0..4))),
            ("bytes=2-", Some(Some(2..10))),
            ("bytes=-3", Some(Some(7..10))),
            ("bytes=-99", Some(Some(0..10))),
            ("bytes=5-99", Some(Some(5..10))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=3-2", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("bytes=0-1,3-4", None),
            ("items=0-1", None),
        ] {
            assert_eq!(wanted(text, 10), expected, "{text}");
        }
    }

    #[test]
    fn names_cannot_break_the_header() {
        let value = disposition("a\"b\r\nc é.txt");
        assert_eq!(value, "attachment; filename=\"a_b__c _.txt\"; filename*=UTF-8''a%22b%0D%0Ac%20%C3%A9.txt");
    }
}
