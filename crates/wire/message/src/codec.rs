//! The stored forms of envelope and structure: compact bytes, read back by borrowing. Start reading at
//! [`EnvelopeRef::decode`] and [`PartRef::decode`].
//!
//! The first byte is the version. Numbers are LEB128; a byte string is its length and its bytes, an optional one its
//! length + 1, or 0. Decoding checks everything once, so that reading the result cannot fail.

mod envelope;
mod list;
mod part;
mod wire;

pub use envelope::{AddressRef, AddressesRef, EnvelopeRef};
pub use list::{ListIter, ListRef};
pub use part::{BytesListRef, DispositionRef, PairsRef, PartRef, PartsRef};

/// Bytes that this version did not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    #[error("the stored form has version {0}, which is not known here")]
    Version(u8),
    #[error("the stored form is damaged")]
    Damaged,
}

#[cfg(test)]
mod tests;
