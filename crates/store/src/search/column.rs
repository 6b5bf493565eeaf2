//! The parts of a message that can be searched on their own.

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    From,
    To,
    Cc,
    Bcc,
    Subject,
    /// All header fields.
    Headers,
    Body,
}

impl Column {
    pub const COUNT: usize = 7;
    pub const ALL: [Self; Self::COUNT] =
        [Self::From, Self::To, Self::Cc, Self::Bcc, Self::Subject, Self::Headers, Self::Body];

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn from_index(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }
}

/// A set of parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns(pub(crate) u32);

impl Columns {
    /// What SEARCH TEXT looks at (RFC 9051 section 6.4.4).
    pub const TEXT: Self = Self(Self::one(Column::Headers).0 | Self::one(Column::Body).0);

    pub const fn one(column: Column) -> Self {
        Self(1 << column as u32)
    }

    pub fn contains(self, column: Column) -> bool {
        self.0 & Self::one(column).0 != 0
    }

    pub(crate) fn insert(&mut self, column: Column) {
        self.0 |= Self::one(column).0;
    }
}
