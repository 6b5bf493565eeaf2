//! `Thread/…` (RFC 8621 section 3).

pub(super) mod changes;
pub(super) mod get;
