//! A message made of the properties that a client gives (RFC 8621 section 4.6). Start reading at [`Draft::read`].

mod part;
mod value;

use crate::Object;
use mail_builder::headers::HeaderType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::mime::MimePart;
use part::Part;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A message to be made. Its attachments are blobs that the caller fetches.
#[derive(Debug)]
pub struct Draft {
    headers: Vec<(String, HeaderType<'static>)>,
    root: Part,
}

/// The bytes of blobs, by id.
pub type Attachments = HashMap<String, Vec<u8>>;

/// What is not the client's to say: the moment, and something that no other message has.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Unix seconds.
    pub at: i64,
    /// Letters and digits.
    pub unique: &'a str,
    pub hostname: &'a str,
}

/// Why there is no such message: the properties that are wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {why}", properties.join(", "))]
pub struct BadEmail {
    pub properties: Vec<String>,
    pub why: String,
}

pub(super) fn bad(property: &str, why: impl Into<String>) -> BadEmail {
    BadEmail { properties: vec![property.to_owned()], why: why.into() }
}

/// Properties that stand for a header field: name, field, and the form of their value.
const FIELDS: [(&str, &str, &str); 11] = [
    ("sender", "Sender", "asAddresses"),
    ("from", "From", "asAddresses"),
    ("to", "To", "asAddresses"),
    ("cc", "Cc", "asAddresses"),
    ("bcc", "Bcc", "asAddresses"),
    ("replyTo", "Reply-To", "asAddresses"),
    ("subject", "Subject", "asText"),
    ("sentAt", "Date", "asDate"),
    ("messageId", "Message-ID", "asMessageIds"),
    ("inReplyTo", "In-Reply-To", "asMessageIds"),
    ("references", "References", "asMessageIds"),
];

impl Draft {
    /// Reads the properties; those that say where the message goes must have been taken out.
    pub fn read(mut object: Object) -> Result<Self, BadEmail> {
        let values = take_values(&mut object)?;
        let root = part::body(&mut object, &values)?;
        let mut headers = Vec::new();
        let mut seen = HashSet::new();
        for (name, value) in object {
            let (field, property) = match FIELDS.iter().find(|(property, ..)| *property == name) {
                Some((_, field, form)) => ((*field).to_owned(), format!("header:{field}:{form}")),
                None if name.starts_with("header:") => (value::field_name(&name), name.clone()),
                None => return Err(bad(&name, "a new email has no such property")),
            };
            if field.to_ascii_lowercase().starts_with("content-") {
                return Err(bad(&name, "fields of the content belong to a part of the body"));
            }
            if !seen.insert(field.to_ascii_lowercase()) {
                return Err(bad(&name, format!("the field {field} is given twice")));
            }
            headers.extend(value::fields(&name, &property, &value)?);
        }
        Ok(Self { headers, root })
    }

    /// The ids of the blobs that the message needs.
    pub fn blobs(&self) -> Vec<&str> {
        self.root.blobs()
    }

    /// The message. A blob that is missing is empty: the caller has looked.
    pub fn build(self, attachments: &Attachments, stamp: &Stamp<'_>) -> Vec<u8> {
        let mut headers = self.headers;
        let has = |headers: &[(String, HeaderType<'static>)], name: &str| {
            headers.iter().any(|(field, _)| field.eq_ignore_ascii_case(name))
        };
        if !has(&headers, "Date") {
            headers.push(("Date".to_owned(), HeaderType::Date(Date::new(stamp.at))));
        }
        if !has(&headers, "Message-ID") {
            let id = format!("{}@{}", stamp.unique, stamp.hostname);
            headers.push(("Message-ID".to_owned(), HeaderType::MessageId(MessageId::new(id))));
        }
        headers.push(("MIME-Version".to_owned(), HeaderType::Raw("1.0".into())));
        headers.sort_by_key(|(name, _)| rank(name));
        let mut part: MimePart<'_> = self.root.mime(attachments, stamp.unique, &mut 0);
        let content = std::mem::take(&mut part.headers);
        part.headers = headers.into_iter().map(|(name, value)| (name.into(), value)).chain(content).collect();
        let mut out = Vec::new();
        part.write_part(&mut out);
        out
    }
}

/// People expect fields in this order; others follow.
fn rank(name: &str) -> usize {
    let order =
        ["Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID", "In-Reply-To", "References", "Subject"];
    order.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(order.len())
}

/// `bodyValues`: texts by part id.
fn take_values(object: &mut Object) -> Result<HashMap<String, String>, BadEmail> {
    let Some(values) = object.remove("bodyValues") else { return Ok(HashMap::new()) };
    let Value::Object(values) = values else {
        return if values.is_null() { Ok(HashMap::new()) } else { Err(bad("bodyValues", "it must be an object")) };
    };
    let mut texts = HashMap::with_capacity(values.len());
    for (id, value) in values {
        let at = |name: &str| format!("bodyValues/{id}/{name}");
        let Value::Object(mut value) = value else {
            return Err(bad(&format!("bodyValues/{id}"), "it must be an object"));
        };
        let Some(Value::String(text)) = value.remove("value") else {
            return Err(bad(&at("value"), "it must be a string"));
        };
        for flag in ["isEncodingProblem", "isTruncated"] {
            if value.remove(flag).is_some_and(|flag| flag != Value::Bool(false)) {
                return Err(bad(&at(flag), "it must be false"));
            }
        }
        if let Some(other) = value.keys().next() {
            return Err(bad(&at(other), "there is no such property"));
        }
        texts.insert(id, text);
    }
    Ok(texts)
}

#[cfg(test)]
mod tests;
