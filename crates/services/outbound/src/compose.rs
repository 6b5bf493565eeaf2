//! The message as it goes out: what a submission server adds and takes away (RFC 6409 section 8).

use crate::originators::SenderField;
use postroom_wire_message::edit::{header_value, prepend, remove_headers};
use postroom_wire_message::{Received, rfc5322_date};

/// What goes into the trace and the added fields.
pub(crate) struct Stamp<'a> {
    pub(crate) hostname: &'a str,
    /// The protocol word of Received.
    pub(crate) with: &'a str,
    pub(crate) tls: Option<&'a str>,
    pub(crate) id: &'a str,
    /// Empty: the null sender.
    pub(crate) envelope_from: &'a str,
    /// Unix seconds.
    pub(crate) at: i64,
}

/// The message for its recipients, and the copy for Sent Items where that differs: it keeps Bcc.
pub(crate) struct Composed {
    pub(crate) outgoing: Vec<u8>,
    pub(crate) copy: Option<Vec<u8>>,
}

pub(crate) fn compose(raw: &[u8], sender: &SenderField, stamp: &Stamp<'_>) -> Composed {
    let sender_names: &[&str] = if *sender == SenderField::Keep { &[] } else { &["Sender"] };
    let names = [&["Return-Path"], sender_names].concat();
    let kept = remove_headers(raw, &names);
    let added = added_fields(&kept, sender, stamp);
    let added: Vec<(&str, &str)> = added.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let public = remove_headers(&kept, &["Bcc", "Resent-Bcc"]);
    let copy = (public.len() != kept.len()).then(|| prepend(&kept, &added));
    Composed { outgoing: prepend(&public, &added), copy }
}

fn added_fields(raw: &[u8], sender: &SenderField, stamp: &Stamp<'_>) -> Vec<(&'static str, String)> {
    let mut fields = vec![("Return-Path", format!("<{}>", stamp.envelope_from)), ("Received", received(stamp))];
    if let SenderField::Set(value) = sender {
        fields.push(("Sender", value.clone()));
    }
    let lacks = |name: &str| header_value(raw, name).is_none_or(|value| value.is_empty());
    if lacks("Date") {
        fields.push(("Date", rfc5322_date(stamp.at)));
    }
    if lacks("Message-ID") {
        fields.push(("Message-ID", format!("<{}@{}>", stamp.id, stamp.hostname)));
    }
    fields
}

/// Without a `from` clause: it would name the person's machine, also where they send as a mailbox and nothing is to
/// tell who they are.
fn received(stamp: &Stamp<'_>) -> String {
    let Stamp { hostname, with, tls, id, at, .. } = *stamp;
    Received { helo: None, peer_name: None, peer: None, tls, by: hostname, with, id, recipient: None, at }.value()
}
