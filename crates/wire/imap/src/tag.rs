//! The tag that a client puts before a command and expects before its answer.

use std::fmt;

use crate::characters::{self, TAG};

/// Longer tags are treated as no tag: they would only be echoed, and no client makes them.
const LONGEST: usize = 255;

/// RFC 9051 §9: `tag = 1*<any ASTRING-CHAR except "+">`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tag(Box<str>);

impl Tag {
    /// A tag, if the text is one.
    pub fn new(text: &str) -> Option<Self> {
        Self::from_bytes(text.as_bytes())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let fits = (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(|&byte| characters::is(byte, TAG));
        if !fits {
            return None;
        }
        std::str::from_utf8(bytes).ok().map(|text| Self(text.into()))
    }

    /// The tag that the line starts with, for an answer to a line that cannot be parsed.
    pub(crate) fn leading(line: &[u8]) -> Option<Self> {
        let end = line.iter().take(LONGEST + 1).position(|&byte| !characters::is(byte, TAG))?;
        matches!(line[end], b' ' | b'\r' | b'\n').then(|| Self::from_bytes(&line[..end])).flatten()
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
