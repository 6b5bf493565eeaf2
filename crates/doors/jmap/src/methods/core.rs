//! `Core/…` (RFC 8620 section 4).

pub(super) mod echo;
