//! Header edits on the raw bytes: nothing else of the message changes. Start reading at [`prepend`] and
//! [`set_or_add_header`].
//!
//! New fields end with the line break that the message itself uses. A value may be folded (a line break followed by
//! white space); any other line break in it becomes such a fold, so that no value can start a field of its own.

use std::borrow::Cow;

use crate::fields::{Fields, header_end, unfold};

/// The values of every field of this name, as they stand after the colon.
pub fn header_values<'a>(raw: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    Fields::of(raw).filter(move |field| field.is(name)).map(|field| field.value)
}

/// The value of the first field of this name, unfolded and trimmed.
pub fn header_value<'a>(raw: &'a [u8], name: &str) -> Option<Cow<'a, [u8]>> {
    header_values(raw, name).next().map(unfold)
}

/// The message with these fields in front of it, the first on top.
pub fn prepend(raw: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let line_break = line_break(raw);
    let length: usize = fields.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    let mut out = Vec::with_capacity(raw.len() + length + 2);
    fields.iter().for_each(|(name, value)| put_field(&mut out, name, value, line_break));
    if header_end(raw) == 0 {
        // All body: without a blank line its first line would be taken for a field.
        out.extend_from_slice(line_break);
    }
    out.extend_from_slice(raw);
    out
}

/// The message with exactly one field of this name: the first gets the value, others are removed, a new one stands on
/// top.
pub fn set_or_add_header(raw: &[u8], name: &str, value: &str) -> Vec<u8> {
    let mut found = Fields::of(raw).filter(|field| field.is(name));
    let Some(first) = found.next() else {
        return prepend(raw, &[(name, value)]);
    };
    let mut out = Vec::with_capacity(raw.len() + value.len());
    out.extend_from_slice(raw.get(..first.start).unwrap_or_default());
    put_field(&mut out, name, value, line_break(raw));
    let kept = found.fold(first.end, |from, again| {
        out.extend_from_slice(raw.get(from..again.start).unwrap_or_default());
        again.end
    });
    out.extend_from_slice(raw.get(kept..).unwrap_or_default());
    out
}

/// The message without any field of these names.
pub fn remove_headers<'a>(raw: &'a [u8], names: &[&str]) -> Cow<'a, [u8]> {
    let mut found = Fields::of(raw).filter(|field| names.iter().any(|name| field.is(name))).peekable();
    if found.peek().is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let kept = found.fold(0, |from, field| {
        out.extend_from_slice(raw.get(from..field.start).unwrap_or_default());
        field.end
    });
    out.extend_from_slice(raw.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

fn line_break(raw: &[u8]) -> &'static [u8] {
    match memchr::memchr(b'\n', raw) {
        Some(0) => b"\n",
        Some(at) if raw.get(at - 1) != Some(&b'\r') => b"\n",
        _ => b"\r\n",
    }
}

fn put_field(out: &mut Vec<u8>, name: &str, value: &str, line_break: &[u8]) {
    out.extend(name.bytes().filter(|byte| byte.is_ascii_graphic() && *byte != b':'));
    out.push(b':');
    for (number, line) in value.trim().split(['\r', '\n']).filter(|line| !line.trim().is_empty()).enumerate() {
        if number > 0 {
            out.extend_from_slice(line_break);
        }
        if !line.starts_with([' ', '\t']) {
            out.push(b' ');
        }
        out.extend(line.trim_end().bytes().filter(|byte| *byte != 0));
    }
    out.extend_from_slice(line_break);
}

#[cfg(test)]
mod tests;
