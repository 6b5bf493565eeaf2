//! The body of a message: its structure, which parts are shown, and their text (RFC 8621 section 4.1.4).

use super::properties::{BodyProperty, Property};
use super::write::{Email, headers};
use crate::{Object, blob_id};
use postroom_wire_message::{PartRef, binary, part_text};
use serde_json::{Value, json};

/// Which text parts come along in `bodyValues`, and how much of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BodyOptions {
    pub values: Values,
    /// 0: all of it.
    pub most: usize,
}

/// Which text parts come along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values {
    pub text: bool,
    pub html: bool,
    pub all: bool,
}

/// `bodyStructure`, `textBody`, `htmlBody` or `attachments`.
pub(super) fn property(email: &Email<'_>, root: &PartRef<'_>, which: &Property, wanted: &[BodyProperty]) -> Value {
    if *which == Property::BodyStructure {
        return structure(email, root, &number_of_root(root), wanted);
    }
    let mut found = Vec::new();
    walk(root, &number_of_root(root), &mut |part, number| {
        let listed = match which {
            Property::TextBody => part.roles.in_text_body(),
            Property::HtmlBody => part.roles.in_html_body(),
            _ => part.roles.is_attachment(),
        };
        if listed {
            found.push(Value::Object(described(email, part, number, wanted)));
        }
    });
    Value::Array(found)
}

/// A message that is no multipart has one part, number 1; the root of a multipart has none.
fn number_of_root(root: &PartRef<'_>) -> Vec<u32> {
    if root.is_multipart() { Vec::new() } else { vec![1] }
}

fn walk(part: &PartRef<'_>, number: &[u32], each: &mut dyn FnMut(&PartRef<'_>, &[u32])) {
    each(part, number);
    for (index, child) in (1u32..).zip(part.children.iter()) {
        walk(&child, &[number, &[index]].concat(), each);
    }
}

fn structure(email: &Email<'_>, part: &PartRef<'_>, number: &[u32], wanted: &[BodyProperty]) -> Value {
    let mut out = described(email, part, number, wanted);
    if part.is_multipart() {
        let parts = (1u32..).zip(part.children.iter());
        let parts = parts.map(|(index, child)| structure(email, &child, &[number, &[index]].concat(), wanted));
        out.insert("subParts".to_owned(), parts.collect());
    }
    Value::Object(out)
}

fn described(email: &Email<'_>, part: &PartRef<'_>, number: &[u32], wanted: &[BodyProperty]) -> Object {
    let mut out = Object::new();
    let header = || email.raw.get(part.header()).unwrap_or_default();
    let text = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let leaf = !part.is_multipart();
    for property in wanted {
        let value = match property {
            BodyProperty::PartId => leaf.then(|| dotted(number)).into(),
            BodyProperty::BlobId => leaf.then(|| blob_id::of_part(email.blob, number)).into(),
            BodyProperty::Size if leaf => {
                let decoded = binary::decoded_size(email.raw, part);
                decoded.unwrap_or_else(|_| part.size()).into()
            }
            BodyProperty::Size => part.size().into(),
            BodyProperty::Headers => headers(header()),
            BodyProperty::Name => part.file_name.into(),
            BodyProperty::Type => Value::String(kind(part)),
            BodyProperty::Charset => charset(part),
            BodyProperty::Disposition => text(part.disposition.map(|disposition| disposition.kind)).into(),
            BodyProperty::Cid => part.id.map(bare_id).into(),
            BodyProperty::Language if part.language.is_empty() => Value::Null,
            BodyProperty::Language => part.language.iter().map(|tag| text(Some(tag))).collect(),
            BodyProperty::Location => text(part.location).into(),
            BodyProperty::SubParts => continue,
            BodyProperty::Header(property) => property.value(header()),
        };
        out.insert(property.name().to_owned(), value);
    }
    out
}

fn dotted(number: &[u32]) -> String {
    number.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

fn kind(part: &PartRef<'_>) -> String {
    format!("{}/{}", String::from_utf8_lossy(part.kind), String::from_utf8_lossy(part.subtype))
}

fn charset(part: &PartRef<'_>) -> Value {
    match part.param("charset") {
        Some(charset) => Value::String(String::from_utf8_lossy(charset).into_owned()),
        None if part.kind == b"text" => Value::String("us-ascii".to_owned()),
        None => Value::Null,
    }
}

/// A Content-ID without its brackets.
fn bare_id(id: &[u8]) -> String {
    let id = String::from_utf8_lossy(id).trim().to_owned();
    let bare = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    bare.map_or(id.clone(), str::to_owned)
}

/// `bodyValues`: the text of the parts that were asked for, by part id.
pub(super) fn values(email: &Email<'_>, root: &PartRef<'_>, options: &BodyOptions) -> Value {
    let mut out = Object::new();
    walk(root, &number_of_root(root), &mut |part, number| {
        let wanted = options.values.all
            || (options.values.text && part.roles.in_text_body())
            || (options.values.html && part.roles.in_html_body());
        if wanted && part.kind == b"text" {
            let text = part_text(email.raw, part);
            let (value, truncated) = shortened(text.text, options.most, part.subtype == b"html");
            let value = json!({ "value": value, "isEncodingProblem": text.has_problem, "isTruncated": truncated });
            out.insert(dotted(number), value);
        }
    });
    Value::Object(out)
}

/// At most so many octets (0: all), no character and no tag cut in two.
fn shortened(mut text: String, most: usize, html: bool) -> (String, bool) {
    if most == 0 || text.len() <= most {
        return (text, false);
    }
    let mut end = text.floor_char_boundary(most);
    let head = text.get(..end).unwrap_or_default();
    if html && let Some(open) = head.rfind('<').filter(|open| !head.get(*open..).unwrap_or_default().contains('>')) {
        end = open;
    }
    text.truncate(end);
    (text, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_cut_in_two() {
        let check = |text: &str, most, html, expected: (&str, bool)| {
            assert_eq!(shortened(text.to_owned(), most, html), (expected.0.to_owned(), expected.1));
        };
        check("abc", 0, false, ("abc", false));
        check("abc", 3, false, ("abc", false));
        check("abc", 2, false, ("ab", true));
        check("aé", 2, false, ("a", true));
        check("a<b>c", 3, true, ("a", true));
        check("a<b>c", 4, true, ("a<b>", true));
        check("a<b>c", 3, false, ("a<b", true));
    }
}
