//! The header fields that lists of messages show, kept apart from the message.
//!
//! Mail programs fill their lists with `BODY.PEEK[HEADER.FIELDS (…)]`, each with names of its own choice out of some
//! thirty. Those fields are a small part of most headers, so they are copied once, when a message is filed; a request
//! for no other names is answered from the copy, with the same octets.

use crate::fields::FieldFilter;
use std::sync::LazyLock;

/// In lower case. What Thunderbird, K-9, mutt, Apple Mail, Outlook and webmail ask for when they list a folder.
const NAMES: [&str; 34] = [
    "bcc",
    "cc",
    "content-class",
    "content-description",
    "content-transfer-encoding",
    "content-type",
    "date",
    "disposition-notification-to",
    "followup-to",
    "from",
    "importance",
    "in-reply-to",
    "lines",
    "list-id",
    "list-post",
    "list-subscribe",
    "list-unsubscribe",
    "message-id",
    "mime-version",
    "newsgroups",
    "organization",
    "priority",
    "references",
    "reply-to",
    "sender",
    "subject",
    "to",
    "x-forwarded-message-id",
    "x-label",
    "x-mailer",
    "x-original-to",
    "x-priority",
    "x-sender",
    "x-spam-flag",
];

static FILTER: LazyLock<FieldFilter> = LazyLock::new(|| FieldFilter::new(NAMES, false));

/// Larger copies are not worth keeping.
const LARGEST: usize = 8 * 1024;

/// Whether every one of `names` is among the fields that are copied.
pub fn are_listed<N: AsRef<[u8]>>(names: impl IntoIterator<Item = N>) -> bool {
    names.into_iter().all(|name| NAMES.iter().any(|listed| name.as_ref().eq_ignore_ascii_case(listed.as_bytes())))
}

/// The listed fields of a message as they stand, and the blank line. None: they are larger than is worth keeping.
pub fn listed_fields(raw: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Vec::with_capacity(1024);
    FILTER.copy(raw, &mut fields);
    (fields.len() <= LARGEST).then_some(fields)
}

#[cfg(test)]
mod tests;
