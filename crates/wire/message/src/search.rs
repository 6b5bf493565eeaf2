//! The text of a message for searching. Start reading at [`search_text`].

use std::fmt::Write;

use mail_parser::html_to_text;
use unicode_normalization::UnicodeNormalization;

use crate::address::Address;
use crate::codec::PartRef;
use crate::envelope::Envelope;
use crate::fields::Fields;
use crate::preview::is_invisible;
use crate::text::{TextBody, decode_header};

/// Text beyond this many bytes of a message body is not searched.
pub const MAX_BODY: usize = 1024 * 1024;
/// The same for the header fields together.
pub const MAX_HEADERS: usize = 256 * 1024;
/// Markup and transfer encoding may take this many times the place of the text they hold.
const MARKUP_RATIO: usize = 4;

/// Normalised (see [`normalise`]) and bounded by [`MAX_BODY`] and [`MAX_HEADERS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchText {
    /// All header fields of the message, names included.
    pub headers: String,
    /// The text of all text parts, HTML reduced to text, with the names of attached files and the subjects and senders
    /// of enclosed messages.
    pub body: String,
    pub from: String,
    pub to: String,
    pub cc: String,
    pub bcc: String,
    pub subject: String,
}

/// The searchable text of a message whose structure this is.
pub fn search_text(raw: &[u8], structure: &PartRef<'_>) -> SearchText {
    let header = raw.get(structure.header()).unwrap_or_default();
    let envelope = Envelope::of(header);
    let mut body = Text::default();
    body.part(raw, structure);
    SearchText {
        headers: headers(header),
        body: body.finish(),
        from: people(&envelope.from),
        to: people(&envelope.to),
        cc: people(&envelope.cc),
        bcc: people(&envelope.bcc),
        subject: envelope.subject.as_deref().map(|value| normalise(&decode_header(value))).unwrap_or_default(),
    }
}

fn headers(block: &[u8]) -> String {
    let mut out = String::new();
    for field in Fields::of(block) {
        if out.len() >= MAX_HEADERS {
            break;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}: {}", String::from_utf8_lossy(field.name), decode_header(field.value));
    }
    bounded(normalise(&out), MAX_HEADERS)
}

fn people(list: &[Address]) -> String {
    let mut out = String::new();
    append_people(list, &mut out);
    bounded(normalise(&out), MAX_HEADERS)
}

fn append_people(list: &[Address], out: &mut String) {
    for entry in list {
        if out.len() >= MAX_HEADERS {
            return;
        }
        let text = |value: &Option<Vec<u8>>| value.as_deref().map(decode_header).unwrap_or_default();
        let at = if entry.domain.as_ref().is_some_and(|domain| !domain.is_empty()) { "@" } else { "" };
        let _ = writeln!(out, "{} {}{at}{}", text(&entry.name), text(&entry.local), text(&entry.domain));
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn left(&self) -> usize {
        MAX_BODY.saturating_sub(self.0.len())
    }

    fn part(&mut self, raw: &[u8], part: &PartRef<'_>) {
        if self.left() == 0 {
            return;
        }
        if let Some(name) = part.file_name {
            self.push(name);
        }
        if let Some((envelope, enclosed)) = part.message() {
            self.push(&envelope.subject.map(decode_header).unwrap_or_default());
            append_people(&envelope.to_owned().from, &mut self.0);
            self.part(raw, &enclosed);
        } else if part.kind == b"text" {
            self.text(raw, part);
        }
        part.children.iter().for_each(|child| self.part(raw, &child));
    }

    fn text(&mut self, raw: &[u8], part: &PartRef<'_>) {
        let bytes = raw.get(part.body()).unwrap_or_default();
        let body = TextBody { bytes, encoding: part.encoding, charset: part.param("charset") };
        let text = body.text(self.left().saturating_mul(MARKUP_RATIO));
        if part.subtype == b"html" { self.push(&html_to_text(&text)) } else { self.push(&text) }
    }

    fn push(&mut self, text: &str) {
        self.0.push_str(text.get(..text.floor_char_boundary(self.left())).unwrap_or_default());
        self.0.push('\n');
    }

    fn finish(self) -> String {
        bounded(normalise(&self.0), MAX_BODY)
    }
}

/// Compatible characters may take more room than what they replace.
fn bounded(mut text: String, most: usize) -> String {
    text.truncate(text.floor_char_boundary(most));
    text
}

/// The form in which texts are compared: compatible characters made one (NFKC), small letters, one space between words,
/// no invisible characters. Normalising twice changes nothing.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Nothing composes across white space, so each word is normalised alone: most are ASCII, and that is quick.
    for word in text.split_whitespace() {
        let start = out.len();
        if start > 0 {
            out.push(' ');
        }
        let before = out.len();
        if word.is_ascii() {
            out.extend(
                word.bytes().filter(|byte| byte.is_ascii_graphic()).map(|byte| char::from(byte.to_ascii_lowercase())),
            );
        } else {
            // Small letters of composed characters may come apart again.
            let composed = word.nfkc().filter(|character| !is_ignored(*character));
            push_spaced(&mut out, composed.flat_map(fold).nfkc());
        }
        if out.len() == before {
            out.truncate(start);
        }
    }
    out
}

/// Small letters independent of what stands around them, so that a part of a word is found.
fn fold(character: char) -> impl Iterator<Item = char> {
    let character = if character == 'ς' { 'σ' } else { character };
    let sharp_s = matches!(character, 'ß' | 'ẞ');
    let small = (!sharp_s).then(|| character.to_lowercase()).into_iter().flatten();
    small.chain(sharp_s.then_some(['s', 's']).into_iter().flatten())
}

fn is_ignored(character: char) -> bool {
    is_invisible(character) && !character.is_whitespace()
}

/// Some compatible characters stand for white space and a mark.
fn push_spaced(out: &mut String, characters: impl Iterator<Item = char>) {
    let mut space = false;
    let start = out.len();
    for character in characters {
        if character.is_whitespace() {
            space = true;
        } else if !is_ignored(character) {
            if space && out.len() > start {
                out.push(' ');
            }
            space = false;
            out.push(character);
        }
    }
}

#[cfg(test)]
mod tests;
