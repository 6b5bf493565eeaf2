//! Bytes to text: transfer encodings, charsets, encoded words. Start reading at [`TextBody`].

use std::borrow::Cow;

use mail_parser::{Charset, Encoding, HeaderForm, html_to_text};

use crate::codec::PartRef;
use crate::fields::unfold;
use crate::structure::Part;

/// The transfer encoding that a Content-Transfer-Encoding names; `None` for a name that RFC 2045 does not know.
pub(crate) fn transfer_encoding(name: &[u8]) -> Option<Encoding> {
    let name = name.split(|&byte| byte == b'(').next().unwrap_or_default().trim_ascii();
    match () {
        () if name.is_empty() => Some(Encoding::None),
        () if name.eq_ignore_ascii_case(b"7bit") => Some(Encoding::None),
        () if name.eq_ignore_ascii_case(b"8bit") => Some(Encoding::None),
        () if name.eq_ignore_ascii_case(b"binary") => Some(Encoding::None),
        () if name.eq_ignore_ascii_case(b"base64") => Some(Encoding::Base64),
        () if name.eq_ignore_ascii_case(b"quoted-printable") => Some(Encoding::QuotedPrintable),
        () => None,
    }
}

/// A `text/*` body with what its part says about it.
pub(crate) struct TextBody<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) encoding: &'a [u8],
    pub(crate) charset: Option<&'a [u8]>,
}

impl<'a> TextBody<'a> {
    /// The text, from at most `most` bytes of the stored body.
    pub(crate) fn text(&self, most: usize) -> Cow<'a, str> {
        let bytes = self.bytes.get(..most).unwrap_or(self.bytes);
        let charset = self.charset.filter(|label| !is_ascii_label(label)).and_then(Charset::from_label);
        match transfer_encoding(self.encoding).unwrap_or_default().decode(bytes) {
            Cow::Borrowed(bytes) => decode_charset(charset, bytes),
            Cow::Owned(bytes) => Cow::Owned(decode_charset(charset, &bytes).into_owned()),
        }
    }
}

/// The text of a part, for showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartText {
    /// With bare line feeds.
    pub text: String,
    /// Some of it could not be read as what the part says it is.
    pub has_problem: bool,
}

/// The text of a `text/*` part, decoded and with its character set applied.
pub fn part_text(raw: &[u8], part: &PartRef<'_>) -> PartText {
    let bytes = raw.get(part.body()).unwrap_or_default();
    let charset = part.param("charset");
    let body = TextBody { bytes, encoding: part.encoding, charset };
    let text = body.text(usize::MAX).replace("\r\n", "\n");
    let known = charset.is_none_or(|label| is_ascii_label(label) || Charset::from_label(label).is_some());
    // Bytes beyond ASCII in a part that claims to be ASCII were guessed at.
    let ascii = charset.is_none_or(is_ascii_label);
    let guessed = ascii && !text.is_ascii();
    let has_problem = !known || guessed || transfer_encoding(part.encoding).is_none() || text.contains('\u{fffd}');
    PartText { text, has_problem }
}

/// The text of a message as people read it: its text parts, HTML reduced to text.
pub fn shown_text(raw: &[u8], root: &Part) -> String {
    let mut out = String::new();
    for part in root.walk().into_iter().filter(|part| part.roles.in_text_body() && part.kind == b"text") {
        let bytes = raw.get(part.body()).unwrap_or_default();
        let body = TextBody { bytes, encoding: &part.encoding, charset: part.param("charset") };
        let text = body.text(MOST_SHOWN);
        if part.subtype == b"html" {
            out.push_str(&html_to_text(&text))
        } else {
            out.push_str(&text)
        }
        out.push('\n');
    }
    out
}

/// Octets of one part that are shown.
const MOST_SHOWN: usize = 1024 * 1024;

/// Bytes that say nothing about themselves, or claim to be ASCII, and are no UTF-8, are most often Windows text.
fn decode_charset(charset: Option<Charset>, bytes: &[u8]) -> Cow<'_, str> {
    match (charset, str::from_utf8(bytes)) {
        (Some(charset), _) => charset.decode(bytes),
        (None, Ok(text)) => Cow::Borrowed(text),
        // Only the last character is cut off.
        (None, Err(error)) if error.error_len().is_none() => {
            String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default())
        }
        (None, Err(_)) => windows_text(bytes),
    }
}

fn is_ascii_label(label: &[u8]) -> bool {
    label.eq_ignore_ascii_case(b"us-ascii") || label.eq_ignore_ascii_case(b"ascii")
}

fn windows_text(bytes: &[u8]) -> Cow<'_, str> {
    Charset::from_label(b"windows-1252").unwrap_or_default().decode(bytes)
}

/// A header value for people: unfolded, encoded words decoded (RFC 2047), 8-bit bytes read as UTF-8 or Windows text.
pub fn decode_header(value: &[u8]) -> String {
    let value = unfold(value);
    let text = match str::from_utf8(&value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => windows_text(&value),
    };
    if !text.contains("=?") {
        return text.into_owned();
    }
    let parsed = HeaderForm::Text.parse(text.as_bytes());
    parsed.value().as_text().map_or_else(String::new, str::to_owned)
}

#[cfg(test)]
mod tests;
