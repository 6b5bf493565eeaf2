//! The parts of a message to be made: from `bodyStructure`, or from `textBody`, `htmlBody` and `attachments`. Start
//! reading at [`body`].

use super::value;
use super::{Attachments, BadEmail, bad};
use crate::Object;
use mail_builder::headers::HeaderType;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::{BodyPart, MimePart};
use serde_json::Value;
use std::collections::HashMap;

/// A part to be made.
#[derive(Debug, Default)]
pub(super) struct Part {
    kind: String,
    charset: Option<String>,
    name: Option<String>,
    disposition: Option<String>,
    cid: Option<String>,
    headers: Vec<(String, HeaderType<'static>)>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Blob(String),
    Parts(Vec<Part>),
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// Parts within parts.
const DEEPEST: usize = 32;

/// Takes the properties of the body out of a new email.
pub(super) fn body(object: &mut Object, values: &HashMap<String, String>) -> Result<Part, BadEmail> {
    let mut take = |name: &str| object.remove(name).filter(|value| !value.is_null());
    let (structure, text, html) = (take("bodyStructure"), take("textBody"), take("htmlBody"));
    let attachments = take("attachments");
    if let Some(structure) = structure {
        let others = [("textBody", &text), ("htmlBody", &html), ("attachments", &attachments)];
        if let Some((name, _)) = others.iter().find(|(_, value)| value.is_some()) {
            return Err(bad(name, "a body is either given as bodyStructure or in pieces"));
        }
        return read("bodyStructure", structure, values, DEEPEST);
    }
    let text = text.map(|value| single("textBody", "text/plain", value, values)).transpose()?;
    let html = html.map(|value| single("htmlBody", "text/html", value, values)).transpose()?;
    let mut files = match attachments {
        None => Vec::new(),
        Some(Value::Array(files)) => {
            let files = files.into_iter().enumerate();
            files
                .map(|(at, file)| read(&format!("attachments/{at}"), file, values, 1))
                .collect::<Result<Vec<_>, _>>()?
        }
        Some(_) => return Err(bad("attachments", "it must be an array")),
    };
    let mut shown = Vec::new();
    if html.is_some() {
        // Pictures that the HTML shows stay beside it.
        let (inline, others) =
            files.into_iter().partition(|file| file.cid.is_some() && file.disposition.as_deref() == Some("inline"));
        (shown, files) = (inline, others);
    }
    let html = html.map(|html| wrapped("multipart/related", html, shown));
    let body = match (text, html) {
        (Some(text), Some(html)) => multipart("multipart/alternative", vec![text, html]),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Part { kind: "text/plain".to_owned(), ..Part::default() },
    };
    for file in &mut files {
        file.disposition.get_or_insert_with(|| "attachment".to_owned());
    }
    Ok(wrapped("multipart/mixed", body, files))
}

fn multipart(kind: &str, parts: Vec<Part>) -> Part {
    Part { kind: kind.to_owned(), content: Content::Parts(parts), ..Part::default() }
}

fn wrapped(kind: &str, first: Part, others: Vec<Part>) -> Part {
    if others.is_empty() { first } else { multipart(kind, std::iter::once(first).chain(others).collect()) }
}

/// `textBody` and `htmlBody` have exactly one part, of a given type.
fn single(at: &str, kind: &str, value: Value, values: &HashMap<String, String>) -> Result<Part, BadEmail> {
    let Value::Array(mut parts) = value else { return Err(bad(at, "it must be an array")) };
    let (Some(part), true) = (parts.pop(), parts.is_empty()) else {
        return Err(bad(at, "it must hold exactly one part"));
    };
    let mut part = read(at, part, values, 0)?;
    if part.kind == "text/plain" && kind == "text/html" && matches!(part.content, Content::Text(_)) {
        return Err(bad(&format!("{at}/type"), format!("it must be {kind}")));
    }
    if part.kind != kind {
        return Err(bad(&format!("{at}/type"), format!("it must be {kind}")));
    }
    part.kind = kind.to_owned();
    Ok(part)
}

fn read(at: &str, json: Value, values: &HashMap<String, String>, depth: usize) -> Result<Part, BadEmail> {
    let Value::Object(mut json) = json else { return Err(bad(at, "it must be an object")) };
    json.retain(|_, value| !value.is_null());
    let mut take = Taker { at, json: &mut json };
    let (part_id, blob_id, charset) = (take.text("partId")?, take.text("blobId")?, take.text("charset")?);
    let size = take.json.remove("size");
    let mut part = Part {
        name: take.text("name")?,
        disposition: take.text("disposition")?.map(|word| word.to_ascii_lowercase()),
        cid: take.text("cid")?,
        ..Part::default()
    };
    let kind = take.text("type")?.map(|kind| kind.to_ascii_lowercase());
    if let Some(kind) = kind.as_ref().filter(|kind| !is_type(kind)) {
        return Err(bad(&format!("{at}/type"), format!("`{}` is no media type", kind.escape_debug())));
    }
    take.checked(&part)?;
    if let Some(tags) = take.strings("language")? {
        part.headers.push(("Content-Language".to_owned(), HeaderType::Raw(Raw::new(tags.join(", ")))));
    }
    if let Some(location) = take.text("location")? {
        part.headers.push(("Content-Location".to_owned(), HeaderType::Raw(Raw::new(location))));
    }
    let sub_parts = take.json.remove("subParts");
    part.headers.extend(take.headers()?);
    part.content = match (part_id, blob_id, sub_parts) {
        (Some(_), Some(_), _) => return Err(bad(&format!("{at}/blobId"), "a part has a partId or a blobId, not both")),
        (Some(id), None, None) => {
            if charset.is_some() || size.is_some() {
                let name = if charset.is_some() { "charset" } else { "size" };
                return Err(bad(&format!("{at}/{name}"), "a part with a partId has none"));
            }
            let text = values.get(&id).ok_or_else(|| bad(&format!("{at}/partId"), "it is not in bodyValues"))?;
            Content::Text(text.clone())
        }
        (None, Some(blob), None) => Content::Blob(blob),
        (None, None, Some(Value::Array(parts))) => {
            let deeper = depth.checked_sub(1).ok_or_else(|| bad(at, "there must be no parts here, or not so deep"))?;
            let parts = parts.into_iter().enumerate();
            let parts = parts.map(|(index, part)| read(&format!("{at}/subParts/{index}"), part, values, deeper));
            Content::Parts(parts.collect::<Result<_, _>>()?)
        }
        _ => return Err(bad(at, "a part needs a partId, a blobId or subParts")),
    };
    part.kind = finished_kind(at, kind, &part.content)?;
    part.charset = charset.filter(|_| part.kind.starts_with("text/"));
    Ok(part)
}

/// The type, where it fits the content.
fn finished_kind(at: &str, kind: Option<String>, content: &Content) -> Result<String, BadEmail> {
    let multipart = kind.as_ref().is_some_and(|kind| kind.starts_with("multipart/"));
    let kind = match content {
        Content::Parts(_) if kind.is_some() && !multipart => {
            return Err(bad(&format!("{at}/type"), "only a multipart has subParts"));
        }
        Content::Text(_) | Content::Blob(_) if multipart => {
            return Err(bad(&format!("{at}/type"), "a multipart has subParts"));
        }
        Content::Parts(_) => kind.unwrap_or_else(|| "multipart/mixed".to_owned()),
        Content::Text(_) => kind.unwrap_or_else(|| "text/plain".to_owned()),
        Content::Blob(_) => kind.unwrap_or_else(|| "application/octet-stream".to_owned()),
    };
    Ok(kind)
}

/// `type/subtype` (RFC 6838 section 4.2).
fn is_type(kind: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    kind.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// Takes properties out of a part.
struct Taker<'a> {
    at: &'a str,
    json: &'a mut Object,
}

impl Taker<'_> {
    fn text(&mut self, name: &str) -> Result<Option<String>, BadEmail> {
        match self.json.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.contains(char::is_control) => Ok(Some(text)),
            Some(_) => Err(bad(&format!("{}/{name}", self.at), "it must be one line of text")),
        }
    }

    fn strings(&mut self, name: &str) -> Result<Option<Vec<String>>, BadEmail> {
        let wrong = || bad(&format!("{}/{name}", self.at), "it must be an array of words");
        let Some(value) = self.json.remove(name) else { return Ok(None) };
        let words = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
        let words = words.ok_or_else(wrong)?;
        let word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if words.is_empty() {
            return Ok(None);
        }
        if words.iter().all(word) { Ok(Some(words.into_iter().map(str::to_owned).collect())) } else { Err(wrong()) }
    }

    /// Words that stand in a header field as they are.
    fn checked(&self, part: &Part) -> Result<(), BadEmail> {
        let word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if part.disposition.as_deref().is_some_and(|disposition| !word(disposition)) {
            return Err(bad(&format!("{}/disposition", self.at), "it must be one word"));
        }
        if part
            .cid
            .as_deref()
            .is_some_and(|cid| cid.is_empty() || cid.contains(|c: char| c.is_whitespace() || "<>".contains(c)))
        {
            return Err(bad(&format!("{}/cid", self.at), "it must be an id without angle brackets"));
        }
        Ok(())
    }

    /// What is left must be header fields of the part.
    fn headers(&mut self) -> Result<Vec<(String, HeaderType<'static>)>, BadEmail> {
        let mut found = Vec::new();
        for (name, value) in std::mem::take(self.json) {
            let at = format!("{}/{name}", self.at);
            if !name.starts_with("header:") {
                return Err(bad(&at, "a part has no such property"));
            }
            let field = value::field_name(&name).to_ascii_lowercase();
            let own = ["content-type", "content-disposition", "content-transfer-encoding", "content-id"];
            if own.contains(&field.as_str()) {
                return Err(bad(&at, "the server writes this field"));
            }
            found.extend(value::fields(&at, &name, &value)?);
        }
        Ok(found)
    }
}

impl Part {
    pub(super) fn blobs(&self) -> Vec<&str> {
        match &self.content {
            Content::Text(_) => Vec::new(),
            Content::Blob(id) => vec![id],
            Content::Parts(parts) => parts.iter().flat_map(Self::blobs).collect(),
        }
    }

    /// The part as it is written. `unique`: what boundaries are made of.
    pub(super) fn mime<'a>(self, attachments: &'a Attachments, unique: &str, boundaries: &mut u32) -> MimePart<'a> {
        let mut kind = ContentType::new(self.kind.clone());
        if matches!(self.content, Content::Text(_)) && self.kind.starts_with("text/") {
            kind = kind.attribute("charset", "utf-8");
        }
        if let Some(charset) = self.charset {
            kind = kind.attribute("charset", charset);
        }
        if matches!(self.content, Content::Parts(_)) {
            *boundaries += 1;
            kind = kind.attribute("boundary", format!("={unique}_{boundaries}"));
        }
        if let Some(name) = &self.name {
            kind = kind.attribute("name", name.clone());
        }
        let mut headers = vec![("Content-Type".into(), HeaderType::ContentType(kind))];
        if self.disposition.is_some() || self.name.is_some() {
            let mut disposition = ContentType::new(self.disposition.unwrap_or_else(|| "attachment".to_owned()));
            if let Some(name) = self.name {
                disposition = disposition.attribute("filename", name);
            }
            headers.push(("Content-Disposition".into(), HeaderType::ContentType(disposition)));
        }
        if let Some(cid) = self.cid {
            headers.push(("Content-ID".into(), HeaderType::Raw(Raw::new(format!("<{cid}>")))));
        }
        headers.extend(self.headers.into_iter().map(|(name, value)| (name.into(), value)));
        let contents = match self.content {
            Content::Text(text) => BodyPart::Text(text.replace("\r\n", "\n").replace('\n', "\r\n").into()),
            Content::Blob(id) => {
                if self.kind.starts_with("message/") {
                    // RFC 2046 section 5.2.1 allows a message no encoding.
                    headers.push(("Content-Transfer-Encoding".into(), HeaderType::Raw(Raw::new("8bit"))));
                } else {
                    headers.push(("Content-Transfer-Encoding".into(), HeaderType::Raw(Raw::new("base64"))));
                }
                let bytes = attachments.get(&id).map(Vec::as_slice).unwrap_or_default();
                let message = self.kind.starts_with("message/");
                BodyPart::Binary(if message { bytes.into() } else { base64_lines(bytes).into() })
            }
            Content::Parts(parts) => {
                BodyPart::Multipart(parts.into_iter().map(|part| part.mime(attachments, unique, boundaries)).collect())
            }
        };
        MimePart { headers, contents }
    }
}

/// Base64 in lines of 76 characters (RFC 2045 section 6.8).
fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut lines = Vec::with_capacity(encoded.len() + encoded.len() / 38);
    for line in encoded.as_bytes().chunks(76) {
        lines.extend_from_slice(line);
        lines.extend_from_slice(b"\r\n");
    }
    lines
}
