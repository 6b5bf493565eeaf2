//! What a Message-ID is known by where threads and copies are found: a number of fixed size.

use aws_lc_rs::digest::{SHA256, digest};

/// The first eight octets of the SHA-256 of an identifier without its angle brackets.
///
/// Cryptographic, because strangers choose Message-IDs and must not be able to join threads by collision.
pub fn reference_hash(message_id: &[u8]) -> i64 {
    let hash = digest(&SHA256, message_id);
    let first = hash.as_ref().first_chunk::<8>().copied().unwrap_or_default();
    i64::from_be_bytes(first)
}
