//! Names of folders: UTF-8 inside, modified UTF-7 (RFC 3501 §5.1.3) or UTF-8 (RFC 9051 §5.1) on the wire.

pub mod mutf7;
#[cfg(test)]
mod tests;

use std::fmt;

/// A folder's name as text, `INBOX` in capitals however the client wrote it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FolderName {
    text: String,
    well_formed: bool,
}

impl FolderName {
    /// Decodes a name; `utf8` says whether the session has enabled IMAP4rev2 or UTF8=ACCEPT, where `&` is just `&`.
    ///
    /// Without it UTF-8 is taken as well, because clients send it. What can be decoded as neither keeps the form it
    /// came in and is not [well formed](Self::is_well_formed).
    pub fn decode(wire: &[u8], utf8: bool) -> Self {
        if wire.eq_ignore_ascii_case(b"INBOX") {
            return Self { text: "INBOX".to_owned(), well_formed: true };
        }
        let (text, decoded) = decode_text(wire, utf8);
        let well_formed = decoded && !text.is_empty() && !text.chars().any(char::is_control);
        Self { text, well_formed }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name as text, owned.
    pub fn into_string(self) -> String {
        self.text
    }

    /// Whether this is the name `INBOX`.
    pub fn is_inbox(&self) -> bool {
        self.text == "INBOX"
    }

    /// False for undecodable, empty and control-character names: no folder has one, none may be created with one.
    pub fn is_well_formed(&self) -> bool {
        self.well_formed
    }
}

impl fmt::Debug for FolderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let note = if self.well_formed { "" } else { " (malformed)" };
        write!(f, "{:?}{note}", self.text)
    }
}

/// Text of a name or pattern, and whether it could be decoded.
pub(crate) fn decode_text(wire: &[u8], utf8: bool) -> (String, bool) {
    let Ok(text) = std::str::from_utf8(wire) else {
        return (String::from_utf8_lossy(wire).into_owned(), false);
    };
    if utf8 || !text.is_ascii() || !text.contains('&') {
        return (text.to_owned(), true);
    }
    mutf7::decode(text).map_or_else(|| (text.to_owned(), false), |name| (name, true))
}
