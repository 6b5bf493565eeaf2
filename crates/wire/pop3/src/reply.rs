//! Answers as bytes. Each function appends whole lines to a buffer.

use crate::sasl;
use bytes::{BufMut, BytesMut};

/// The longest first line of an answer with its ending (RFC 2449 section 4).
const LONGEST: usize = 512;

/// Why a command was refused, for programs (RFC 2449 section 8, RFC 3206).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The name or the password.
    Auth,
    /// Nothing about the account: try again later.
    SysTemp,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "[AUTH] ",
            Self::SysTemp => "[SYS/TEMP] ",
        }
    }
}

/// `+OK text`
pub fn ok(out: &mut BytesMut, text: &str) {
    first_line(out, "+OK ", text);
}

/// `-ERR [code] text`
pub fn err(out: &mut BytesMut, code: Option<Code>, text: &str) {
    let code = code.map_or("", Code::as_str);
    first_line(out, "-ERR ", &format!("{code}{text}"));
}

/// `+ base64`: a challenge (RFC 5034 section 4).
pub fn challenge(out: &mut BytesMut, bytes: &[u8]) {
    out.put_slice(b"+ ");
    out.put_slice(sasl::challenge(bytes).as_bytes());
    out.put_slice(b"\r\n");
}

/// A line between the first line and [`end`]. `text` begins with no dot.
pub fn item(out: &mut BytesMut, text: &str) {
    out.put_slice(text.as_bytes());
    out.put_slice(b"\r\n");
}

/// The end of an answer of several lines.
pub fn end(out: &mut BytesMut) {
    out.put_slice(b".\r\n");
}

/// First lines are ASCII and not longer than clients must take; names of people may be neither.
fn first_line(out: &mut BytesMut, status: &str, text: &str) {
    let printable = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    out.put_slice(status.as_bytes());
    for c in text.chars().take(LONGEST - 2 - status.len()).map(printable) {
        out.put_u8(u8::try_from(c).unwrap_or(b'?'));
    }
    out.put_slice(b"\r\n");
}

#[cfg(test)]
mod tests;
