//! The first words of a message, for lists.

use mail_parser::preview_html;

use crate::structure::{Content, Part};
use crate::text::TextBody;

/// RFC 8621 4.1.4 allows 256; RFC 8970 asks for 200.
pub const MAX_PREVIEW_CHARS: usize = 200;
/// Not more of the text parts is looked at, however little text is in them.
const MAX_PARTS: usize = 8;
/// Stored bytes that usually hold enough text, and those to try if they did not.
const STEPS: [usize; 2] = [4 * 1024, 256 * 1024];

/// At most [`MAX_PREVIEW_CHARS`] characters of the first text body that has any, white space collapsed.
pub(crate) fn preview(raw: &[u8], root: &Part) -> String {
    let parts = root.walk().into_iter().filter(|part| part.roles.in_text_body() && part.kind == b"text");
    parts.take(MAX_PARTS).map(|part| of_part(raw, part)).find(|text| !text.is_empty()).unwrap_or_default()
}

fn of_part(raw: &[u8], part: &Part) -> String {
    debug_assert!(matches!(part.content, Content::Leaf));
    let bytes = raw.get(part.body()).unwrap_or_default();
    let body = TextBody { bytes, encoding: &part.encoding, charset: part.param("charset") };
    let mut words = String::new();
    for most in STEPS {
        let text = body.text(most);
        words = if part.subtype == b"html" {
            collapsed(&preview_html(&text, MAX_PREVIEW_CHARS * 8))
        } else {
            collapsed(&text)
        };
        if bytes.len() <= most || words.chars().count() == MAX_PREVIEW_CHARS {
            break;
        }
    }
    words
}

/// One space between words, no control characters and none of the invisible ones that newsletters pad with.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(MAX_PREVIEW_CHARS);
    let mut count = 0;
    let mut space = false;
    for character in text.chars() {
        if character.is_whitespace() {
            space = count > 0;
        } else if !is_invisible(character) {
            let needed = 1 + usize::from(space);
            if count + needed > MAX_PREVIEW_CHARS {
                break;
            }
            if space {
                out.push(' ');
            }
            out.push(character);
            count += needed;
            space = false;
        }
    }
    out
}

pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
