//! `SearchSnippet/…` (RFC 8621 section 5).

pub(super) mod get;
