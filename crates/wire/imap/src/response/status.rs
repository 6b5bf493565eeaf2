//! Status answers: tagged, untagged, and the go-ahead.

use bytes::BufMut;

use super::code::Code;
use crate::framer::Refusal;
use crate::tag::Tag;

/// RFC 9051 §7.1
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok,
    No,
    Bad,
    PreAuth,
    Bye,
}

impl Status {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::No => "NO",
            Self::Bad => "BAD",
            Self::PreAuth => "PREAUTH",
            Self::Bye => "BYE",
        }
    }
}

/// RFC 9051 §9: `response-tagged = tag SP resp-cond-state CRLF`
pub fn tagged<B: BufMut>(out: &mut B, tag: &Tag, status: Status, code: Option<Code<'_>>, text: &str) {
    line(out, tag.as_str(), status, code, text);
}

/// RFC 9051 §9: `response-data = "*" SP resp-cond-state CRLF`
pub fn untagged<B: BufMut>(out: &mut B, status: Status, code: Option<Code<'_>>, text: &str) {
    line(out, "*", status, code, text);
}

/// RFC 9051 §9: `continue-req = "+" SP (resp-text / base64) CRLF`
pub fn continuation<B: BufMut>(out: &mut B, text: &str) {
    out.put_slice(b"+ ");
    human_text(out, text);
    out.put_slice(b"\r\n");
}

/// The answer to a command that the framer dropped; `* BAD` where not even the tag is known.
pub fn refused<B: BufMut>(out: &mut B, tag: Option<&Tag>, refusal: Refusal) {
    let (status, code) = refusal.answer();
    match tag {
        Some(tag) => tagged(out, tag, status, code, &refusal.to_string()),
        None => untagged(out, Status::Bad, code, &refusal.to_string()),
    }
}

impl Refusal {
    /// How the command is answered; the text is the refusal's own.
    pub fn answer(self) -> (Status, Option<Code<'static>>) {
        match self {
            Self::LiteralTooBig { .. } => (Status::No, Some(Code::TooBig)),
            Self::LineTooLong { .. } | Self::TooManyLiterals { .. } => (Status::Bad, None),
        }
    }
}

fn line<B: BufMut>(out: &mut B, tag: &str, status: Status, code: Option<Code<'_>>, text: &str) {
    out.put_slice(tag.as_bytes());
    out.put_u8(b' ');
    out.put_slice(status.as_str().as_bytes());
    out.put_u8(b' ');
    if let Some(code) = code {
        out.put_u8(b'[');
        code.write(out);
        out.put_slice(b"] ");
    } else if text.starts_with('[') {
        // A bracket here would be read as a code.
        out.put_slice(b": ");
    }
    human_text(out, text);
    out.put_slice(b"\r\n");
}

/// RFC 3501 §9: `text = 1*TEXT-CHAR`: printable, on one line, never empty. 8-bit text is allowed by RFC 9051 only and no
/// client needs it here, so that what is not ASCII is shown as `?`.
fn human_text<B: BufMut>(out: &mut B, text: &str) {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && !text.is_empty() {
        return out.put_slice(text.as_bytes());
    }
    for c in text.chars() {
        out.put_u8(match c {
            ' '..='~' => c as u8,
            _ if c.is_control() => b' ',
            _ => b'?',
        });
    }
    if text.is_empty() {
        out.put_u8(b'.');
    }
}
