//! `Blob/…` (RFC 8620 section 6.3, RFC 9404).

pub(super) mod copy;
pub(super) mod get;
pub(super) mod lookup;
pub(super) mod upload;

/// Pieces that one blob may be put together from.
pub(crate) const MOST_SOURCES: usize = 64;
/// Digests that can be asked for.
pub(crate) const DIGESTS: [&str; 2] = ["sha-256", "sha"];
