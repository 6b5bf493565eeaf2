//! Modified UTF-7, the spelling of folder names in IMAP4rev1 (RFC 3501 §5.1.3).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// Encodes: printable ASCII stands for itself, `&` is `&-`, all else is `&` base64 of UTF-16BE `-`.
pub fn encode(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c| is_direct(c) != is_direct(first)).unwrap_or(rest.len());
        let (chunk, after) = rest.split_at(run);
        if is_direct(first) {
            encode_direct(&mut out, chunk);
        } else {
            encode_shifted(&mut out, chunk);
        }
        rest = after;
    }
    out
}

/// Decodes; `None` unless it is exactly what [`encode`] gives for the result, so that a name has one spelling.
pub fn decode(wire: &str) -> Option<String> {
    let mut out = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some(shift) = rest.find('&') {
        let (direct, shifted) = rest.split_at(shift);
        out.push_str(direct);
        let end = shifted.find('-')?;
        match &shifted[1..end] {
            "" => out.push('&'),
            base64 => decode_shifted(&mut out, base64)?,
        }
        rest = &shifted[end + 1..];
    }
    out.push_str(rest);
    (encode(&out) == wire).then_some(out)
}

fn is_direct(c: char) -> bool {
    (' '..='~').contains(&c)
}

fn encode_direct(out: &mut String, chunk: &str) {
    for c in chunk.chars() {
        out.push(c);
        if c == '&' {
            out.push('-');
        }
    }
}

fn encode_shifted(out: &mut String, chunk: &str) {
    out.push('&');
    let (mut bits, mut held) = (0_u32, 0);
    for unit in chunk.encode_utf16() {
        bits = (bits << 16) | u32::from(unit);
        held += 16;
        while held >= 6 {
            held -= 6;
            out.push(digit(bits >> held));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        out.push(digit(bits << (6 - held)));
    }
    out.push('-');
}

fn digit(bits: u32) -> char {
    char::from(ALPHABET[(bits & 63) as usize])
}

fn decode_shifted(out: &mut String, base64: &str) -> Option<()> {
    let mut units = Vec::with_capacity(base64.len() * 3 / 8 + 1);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in base64.bytes() {
        bits = (bits << 6) | value(byte)?;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    for c in char::decode_utf16(units) {
        out.push(c.ok()?);
    }
    Some(())
}

fn value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b',' => 63,
        _ => return None,
    }))
}
