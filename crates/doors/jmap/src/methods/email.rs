//! `Email/…` (RFC 8621 section 4).

pub(super) mod changes;
pub(super) mod copy;
mod fields;
pub(crate) mod filter;
pub(super) mod get;
pub(super) mod import;
mod make;
pub(super) mod parse;
pub(super) mod query;
pub(super) mod query_changes;
pub(super) mod set;
pub(crate) mod sort;

use postroom_mail::whole::{Mark, Message, View};
use postroom_model::{Flags, Keyword, object_id};
use postroom_wire_jmap::Object;
use serde_json::Value;

/// Keywords with a flag of their own, as JMAP writes them (RFC 8621 section 4.1.1).
const FLAGS: [(Flags, &str); 9] = [
    (Flags::SEEN, "$seen"),
    (Flags::ANSWERED, "$answered"),
    (Flags::FLAGGED, "$flagged"),
    (Flags::DRAFT, "$draft"),
    (Flags::FORWARDED, "$forwarded"),
    (Flags::MDN_SENT, "$mdnsent"),
    (Flags::JUNK, "$junk"),
    (Flags::NOT_JUNK, "$notjunk"),
    (Flags::PHISHING, "$phishing"),
];

/// A keyword of any case; the error says why it is none.
pub(super) fn mark(keyword: &str) -> Result<Mark, String> {
    let flag = FLAGS.iter().find(|(_, name)| name.eq_ignore_ascii_case(keyword));
    match flag {
        Some((flag, _)) => Ok(Mark::Flag(*flag)),
        None => match Keyword::parse(keyword) {
            Ok(keyword) => Ok(Mark::Keyword(keyword.as_str().to_owned())),
            Err(error) => Err(error.to_string()),
        },
    }
}

/// `keywords` of an email.
pub(super) fn keywords(message: &Message) -> Object {
    let flags = FLAGS.iter().filter(|(flag, _)| message.flags.contains(*flag)).map(|(_, name)| *name);
    flags.chain(message.own_keywords()).map(|name| (name.to_owned(), Value::Bool(true))).collect()
}

/// `mailboxIds` of an email.
pub(super) fn mailbox_ids(view: &View, message: &Message) -> Object {
    let folders = view.folders_of(message).into_iter();
    folders.map(|folder| (object_id::folder(view.mailbox(), folder), Value::Bool(true))).collect()
}
