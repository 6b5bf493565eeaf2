//! The properties of an Email that come from its message.

use super::body::{self, BodyOptions};
use super::header_form::{self, Form};
use super::properties::{BodyProperty, Property};
use crate::Object;
use postroom_wire_message::{AddressesRef, EnvelopeRef, Fields, PartRef, decode_header};
use serde_json::{Value, json};

/// What was read of a message; what the wanted properties do not need may be empty.
#[derive(Clone, Copy, Debug)]
pub struct Email<'a> {
    /// The id of its blob, of which those of its parts are made.
    pub blob: &'a str,
    pub envelope: Option<EnvelopeRef<'a>>,
    pub structure: Option<&'a PartRef<'a>>,
    pub preview: &'a str,
    pub has_attachment: bool,
    /// The message, or its header block.
    pub raw: &'a [u8],
}

/// Puts the wanted properties that come from the message into `out`. Others (ids, keywords, …) are the caller's.
pub fn write(email: &Email<'_>, wanted: &[Property], body: &[BodyProperty], options: &BodyOptions, out: &mut Object) {
    for property in wanted {
        let value = match property {
            Property::Id | Property::BlobId | Property::ThreadId | Property::MailboxIds => continue,
            Property::Keywords | Property::Size | Property::ReceivedAt => continue,
            Property::HasAttachment => Value::Bool(email.has_attachment),
            Property::Preview => Value::String(email.preview.to_owned()),
            Property::Headers => headers(email.header()),
            Property::Header(header) => header.value(email.header()),
            Property::References => header_form::last(email.header(), "References", Form::MessageIds),
            Property::Sender => header_form::last(email.header(), "Sender", Form::Addresses),
            Property::ReplyTo => header_form::last(email.header(), "Reply-To", Form::Addresses),
            Property::BodyStructure | Property::TextBody | Property::HtmlBody | Property::Attachments => {
                email.structure.map_or(Value::Null, |root| body::property(email, root, property, body))
            }
            Property::BodyValues => {
                email.structure.map_or_else(|| json!({}), |root| body::values(email, root, options))
            }
            _ => email.envelope.map_or(Value::Null, |envelope| of_envelope(&envelope, property)),
        };
        out.insert(property.name().to_owned(), value);
    }
}

impl Email<'_> {
    fn header(&self) -> &[u8] {
        let end = postroom_wire_message::header_end(self.raw);
        self.raw.get(..end).unwrap_or_default()
    }
}

fn of_envelope(envelope: &EnvelopeRef<'_>, property: &Property) -> Value {
    let ids = |value: Option<&[u8]>| value.map_or(Value::Null, header_form::ids);
    match property {
        Property::MessageId => ids(envelope.message_id),
        Property::InReplyTo => ids(envelope.in_reply_to),
        Property::From => people(envelope.from),
        Property::To => people(envelope.to),
        Property::Cc => people(envelope.cc),
        Property::Bcc => people(envelope.bcc),
        Property::Subject => envelope.subject.map_or(Value::Null, |subject| Value::String(header_form::text(subject))),
        Property::SentAt => envelope.date.map_or(Value::Null, |date| header_form::of_field(Form::Date, date)),
        _ => Value::Null,
    }
}

/// The addresses of a list without its groups; null where there is none.
fn people(list: AddressesRef<'_>) -> Value {
    if list.is_empty() {
        return Value::Null;
    }
    let mailboxes = list.iter().filter(|entry| entry.domain.is_some());
    mailboxes
        .map(|entry| {
            let name = entry.name.map(decode_header).filter(|name| !name.is_empty());
            let mut email = String::from_utf8_lossy(entry.local.unwrap_or_default()).into_owned();
            if let Some(domain) = entry.domain.filter(|domain| !domain.is_empty()) {
                email.push('@');
                email.push_str(&String::from_utf8_lossy(domain));
            }
            json!({ "name": name, "email": email })
        })
        .collect()
}

/// Every field in order: its name as written and its raw value.
pub(super) fn headers(block: &[u8]) -> Value {
    Fields::of(block)
        .map(|field| json!({ "name": String::from_utf8_lossy(field.name), "value": header_form::raw(field.value) }))
        .collect()
}
