//! Stored summaries in IMAP's notation.

mod envelope;
mod structure;

pub(crate) use envelope::envelope;
pub(crate) use structure::structure;
