//! The base64 lines of AUTH (RFC 5034 section 4).

use crate::secret::Secret;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Some clients leave out the padding; nothing is gained by refusing them.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a client sent in answer to a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaslReply {
    /// The decoded response, possibly empty.
    Response(Secret),
    /// `*`: the client gives up.
    Cancelled,
}

/// The line was neither base64 nor `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected base64, or * to cancel")]
pub struct NotBase64;

/// Reads the answer to a challenge, without its line ending.
pub fn reply(line: &[u8]) -> Result<SaslReply, NotBase64> {
    match line {
        b"*" => Ok(SaslReply::Cancelled),
        _ => decode(line).map(SaslReply::Response),
    }
}

/// `initial-response = base64 / "="`, where `=` is an empty response.
pub(crate) fn initial_response(text: &[u8]) -> Result<Secret, NotBase64> {
    match text {
        b"=" => Ok(Secret::new([])),
        _ => decode(text),
    }
}

/// A challenge in base64.
pub(crate) fn challenge(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

fn decode(text: &[u8]) -> Result<Secret, NotBase64> {
    LENIENT.decode(text).map(Secret::new).map_err(|_| NotBase64)
}
