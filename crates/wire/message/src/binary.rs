//! The decoded content of a part (RFC 3516 BINARY, RFC 9051 6.4.5).

use std::borrow::Cow;

use crate::codec::PartRef;
use crate::text::transfer_encoding;

/// IMAP answers `[UNKNOWN-CTE]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the part has a transfer encoding that is not known")]
pub struct UnknownEncoding;

/// The body with its transfer encoding undone, as well as a damaged one allows. Multiparts are given as they
/// stand: RFC 2045 6.4 allows them no encoding.
pub fn decode<'r>(raw: &'r [u8], part: &PartRef<'_>) -> Result<Cow<'r, [u8]>, UnknownEncoding> {
    let body = raw.get(part.body()).unwrap_or_default();
    if part.is_multipart() {
        return Ok(Cow::Borrowed(body));
    }
    Ok(transfer_encoding(part.encoding).ok_or(UnknownEncoding)?.decode(body))
}

/// The length of what [`decode`] gives, mostly without decoding.
pub fn decoded_size(raw: &[u8], part: &PartRef<'_>) -> Result<usize, UnknownEncoding> {
    let body = raw.get(part.body()).unwrap_or_default();
    if part.is_multipart() {
        return Ok(body.len());
    }
    Ok(transfer_encoding(part.encoding).ok_or(UnknownEncoding)?.decoded_len(body))
}

#[cfg(test)]
mod tests;
