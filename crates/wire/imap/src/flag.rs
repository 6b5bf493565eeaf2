//! Flags and keywords (RFC 9051 §2.3.2).

use std::fmt;

/// A flag of a message as a client names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// `\Seen`
    Seen,
    /// `\Answered`
    Answered,
    /// `\Flagged`
    Flagged,
    /// `\Deleted`
    Deleted,
    /// `\Draft`
    Draft,
    /// `\Recent`, which a client may search for but not set (RFC 3501 §2.3.2).
    Recent,
    /// Another `\Name`, with its backslash; RFC 9051 reserves these.
    Extension(Box<str>),
    /// A keyword, as spelt by the client; keywords compare without case.
    Keyword(Box<str>),
}

impl Flag {
    /// The flag of this name; `\` marks a system flag.
    pub fn from_name(name: &str) -> Self {
        const SYSTEM: [(&str, Flag); 6] = [
            ("\\Seen", Flag::Seen),
            ("\\Answered", Flag::Answered),
            ("\\Flagged", Flag::Flagged),
            ("\\Deleted", Flag::Deleted),
            ("\\Draft", Flag::Draft),
            ("\\Recent", Flag::Recent),
        ];
        if !name.starts_with('\\') {
            return Self::Keyword(name.into());
        }
        let known = SYSTEM.iter().find(|(system, _)| name.eq_ignore_ascii_case(system));
        known.map_or_else(|| Self::Extension(name.into()), |(_, flag)| flag.clone())
    }

    /// The flag as it stands on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Seen => "\\Seen",
            Self::Answered => "\\Answered",
            Self::Flagged => "\\Flagged",
            Self::Deleted => "\\Deleted",
            Self::Draft => "\\Draft",
            Self::Recent => "\\Recent",
            Self::Extension(name) | Self::Keyword(name) => name,
        }
    }
}

impl AsRef<str> for Flag {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
