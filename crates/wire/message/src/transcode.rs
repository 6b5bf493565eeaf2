//! Makes a message fit for protocols whose strings hold no NUL: parts that hold one are put into base64 (RFC 3516
//! section 4.4 lets a server do that). Start reading at [`without_nul`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::edit::{header_value, set_or_add_header};
use crate::fields::header_end;
use crate::parsed::Parsed;
use crate::structure::{Content, Part};

/// The message with each part that holds NUL in base64; all else stays as it is. None: there is NUL where no encoding can
/// hide it, in a header or between parts.
pub fn without_nul(raw: &[u8]) -> Option<Vec<u8>> {
    let parsed = Parsed::of(raw);
    let mut leaves = Vec::new();
    collect(&parsed.structure, &mut leaves);
    let (mut out, mut at) = (Vec::with_capacity(raw.len() + raw.len() / 2), 0);
    for leaf in leaves {
        let (header, body) = (raw.get(leaf.header())?, raw.get(leaf.body())?);
        if !holds_nul(body) {
            continue;
        }
        out.extend_from_slice(raw.get(at..leaf.header_start)?);
        out.extend_from_slice(&labelled(header, leaf.header_start == 0));
        put_base64(&mut out, body);
        at = leaf.body_end;
    }
    out.extend_from_slice(raw.get(at..)?);
    (!holds_nul(&out)).then_some(out)
}

fn holds_nul(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes).is_some()
}

/// The parts that hold no others and whose bytes stand as they are, in order; those of enclosed messages too.
fn collect<'p>(part: &'p Part, leaves: &mut Vec<&'p Part>) {
    match &part.content {
        Content::Leaf if matches!(part.encoding.as_slice(), b"7bit" | b"8bit" | b"binary") => leaves.push(part),
        Content::Leaf => {}
        Content::Multipart(children) => children.iter().for_each(|child| collect(child, leaves)),
        Content::Message(message) => collect(&message.1, leaves),
    }
}

/// A header that says base64, with its blank line. `whole`: it is the message's own.
fn labelled(header: &[u8], whole: bool) -> Vec<u8> {
    let mut fields = set_or_add_header(header, "Content-Transfer-Encoding", "base64");
    if whole && header_value(header, "MIME-Version").is_none() {
        fields = set_or_add_header(&fields, "MIME-Version", "1.0");
    }
    if header_end(header) == 0 && !fields.ends_with(b"\r\n\r\n") && !fields.ends_with(b"\n\n") {
        fields.extend_from_slice(b"\r\n");
    }
    fields
}

/// RFC 2045 6.8: lines of at most 76 characters.
fn put_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    for line in bytes.chunks(57) {
        out.extend_from_slice(STANDARD.encode(line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests;
