//! Keywords of an email: a few well-known ones as bits, others as text.

use serde::{Deserialize, Serialize};

/// The well-known keywords of an email as a bit set. `\Deleted` is not among them: it belongs to a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flags(pub u32);

impl Flags {
    pub const NONE: Self = Self(0);
    pub const SEEN: Self = Self(1);
    pub const ANSWERED: Self = Self(1 << 1);
    pub const FLAGGED: Self = Self(1 << 2);
    pub const DRAFT: Self = Self(1 << 3);
    /// On a placement only.
    pub const DELETED: Self = Self(1 << 4);
    pub const FORWARDED: Self = Self(1 << 5);
    pub const MDN_SENT: Self = Self(1 << 6);
    pub const JUNK: Self = Self(1 << 7);
    pub const NOT_JUNK: Self = Self(1 << 8);
    pub const PHISHING: Self = Self(1 << 9);

    /// Each with its IMAP name and, where they differ, its JMAP name.
    pub const NAMED: [(Self, &'static str); 10] = [
        (Self::ANSWERED, "\\Answered"),
        (Self::FLAGGED, "\\Flagged"),
        (Self::DELETED, "\\Deleted"),
        (Self::SEEN, "\\Seen"),
        (Self::DRAFT, "\\Draft"),
        (Self::FORWARDED, "$Forwarded"),
        (Self::MDN_SENT, "$MDNSent"),
        (Self::JUNK, "$Junk"),
        (Self::NOT_JUNK, "$NotJunk"),
        (Self::PHISHING, "$Phishing"),
    ];

    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The flag of that IMAP name, whatever its case.
    pub fn from_imap(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(flag, _)| flag)
    }
}

/// A keyword of people's own: a lower-case IMAP atom of at most 100 characters (RFC 8621 section 4.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Keyword(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeyword {
    #[error("`{0}` is no keyword: it takes 1 to 100 printable ASCII characters without blanks and ( ) {{ ] % * \" \\")]
    Characters(String),
    #[error("an email has at most 100 keywords")]
    TooMany,
}

/// How many keywords of people's own one email may have.
pub const MAX_KEYWORDS: usize = 100;

impl Keyword {
    pub fn parse(raw: &str) -> Result<Self, BadKeyword> {
        let fits = |c: char| c.is_ascii_graphic() && !"(){]%*\"\\".contains(c);
        if raw.is_empty() || raw.len() > 100 || !raw.chars().all(fits) {
            return Err(BadKeyword::Characters(raw.to_owned()));
        }
        Ok(Self(raw.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
