//! The tokens of an address list: white space and comments, quoted strings, atoms, domains, angle brackets.

/// A place in a header value. `malformed` is set when the bytes end inside something or hold what cannot stand there.
pub(super) struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    comment: Option<Vec<u8>>,
    pub(super) malformed: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, comment: None, malformed: false }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The last comment since the last call: the way old programs write the name.
    pub(super) fn take_comment(&mut self) -> Option<Vec<u8>> {
        self.comment.take().filter(|comment| !comment.is_empty())
    }

    /// Steps over white space and comments; `true` if there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | 0 => self.bump(),
                b'(' => self.comment(),
                _ => break,
            }
        }
        self.at > start
    }

    fn comment(&mut self) {
        let mut text = Vec::new();
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            self.bump();
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => self.escaped(&mut text),
                b'\r' | b'\n' | 0 => {}
                _ => text.push(byte),
            }
            if depth == 0 {
                self.comment = Some(text.trim_ascii().to_vec());
                return;
            }
            if depth > 1 && matches!(byte, b'(') || depth > 0 && byte == b')' {
                text.push(byte);
            }
        }
        self.malformed = true;
        self.comment = Some(text.trim_ascii().to_vec());
    }

    fn escaped(&mut self, text: &mut Vec<u8>) {
        if let Some(byte) = self.peek() {
            self.bump();
            if !matches!(byte, b'\r' | b'\n' | 0) {
                text.push(byte);
            }
        }
    }

    /// The content of a quoted string, quoting removed. Stands on the opening quote.
    pub(super) fn quoted(&mut self) -> Vec<u8> {
        self.bump();
        let mut text = Vec::new();
        while let Some(byte) = self.peek() {
            self.bump();
            match byte {
                b'"' => return text,
                b'\\' => self.escaped(&mut text),
                b'\r' | b'\n' | 0 => {}
                _ => text.push(byte),
            }
        }
        self.malformed = true;
        text
    }

    /// A run of bytes that have no meaning of their own in an address. An encoded word is one run even where it holds
    /// bytes that RFC 2047 section 5 does not allow there. Always moves on.
    pub(super) fn atom(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let mut length = rest.iter().position(|&byte| is_special(byte)).unwrap_or(rest.len());
        if let Some(whole) = encoded_word(rest).filter(|whole| *whole > length) {
            self.malformed = true;
            length = whole;
        }
        if length == 0 {
            // `>`, `]`, `)`, `[` out of place.
            self.malformed = true;
            length = 1;
        }
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// What stands after an `@`: `example.org`, `example . org`, `[192.0.2.1]`.
    pub(super) fn domain(&mut self) -> Vec<u8> {
        let mut domain = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'[') if domain.is_empty() => {
                    self.literal(&mut domain);
                    return domain;
                }
                Some(byte) if !is_special(byte) && (domain.is_empty() || byte == b'.' || domain.ends_with(b".")) => {
                    domain.extend_from_slice(self.atom());
                }
                _ => return domain,
            }
        }
    }

    fn literal(&mut self, domain: &mut Vec<u8>) {
        while let Some(byte) = self.peek() {
            match byte {
                b'>' | b',' => break,
                b' ' | b'\t' | b'\r' | b'\n' | 0 => {}
                _ => domain.push(byte),
            }
            self.bump();
            if byte == b']' {
                return;
            }
        }
        self.malformed = true;
    }

    /// The inside of `<...>`, the opening bracket already read: local part and domain. A route (`@a,@b:`) is dropped.
    pub(super) fn angle(&mut self) -> (Vec<u8>, Vec<u8>) {
        let kept = self.comment.take();
        let mut local = Vec::new();
        let mut domain = Vec::new();
        let mut in_route = false;
        let mut spaced = false;
        loop {
            let space = self.skip_space();
            match self.peek() {
                Some(b'>') => {
                    self.bump();
                    break;
                }
                Some(b'@') => {
                    self.bump();
                    in_route = local.is_empty();
                    // Two `@`: the last one decides, the rest is local part.
                    if !domain.is_empty() && !in_route {
                        self.malformed = true;
                        local.push(b'@');
                        local.append(&mut domain);
                    }
                    domain = self.domain();
                }
                Some(b':') if in_route => {
                    self.bump();
                    domain.clear();
                    in_route = false;
                }
                Some(b',') if in_route => self.bump(),
                // `<Undisclosed-Recipients:;>` is what some programs make of an empty group.
                Some(b';') if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.malformed = true;
                    self.bump();
                }
                None | Some(b',' | b';' | b'<') => {
                    self.malformed = true;
                    break;
                }
                Some(byte) => {
                    spaced |= space && !local.is_empty() && byte != b'.' && !local.ends_with(b".");
                    self.malformed |= spaced || !domain.is_empty();
                    let target = if domain.is_empty() { &mut local } else { &mut domain };
                    if byte == b'"' {
                        let text = self.quoted();
                        target.extend_from_slice(&text);
                    } else {
                        target.extend_from_slice(self.atom());
                    }
                }
            }
        }
        self.comment = kept;
        (local, domain)
    }
}

fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\r' | b'\n' | 0 | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b':' | b';' | b'@' | b',' | b'"'
    )
}

/// The length of `=?charset?encoding?text?=` at the start of the bytes, if it holds no white space.
fn encoded_word(bytes: &[u8]) -> Option<usize> {
    let inner = bytes.strip_prefix(b"=?")?;
    let marks = inner.iter().enumerate().filter(|(_, byte)| **byte == b'?').map(|(at, _)| at);
    let end = marks.skip(2).find(|at| inner.get(at + 1) == Some(&b'='))?;
    let length = 2 + end + 2;
    let word = bytes.get(..length)?;
    (!word.iter().any(u8::is_ascii_whitespace)).then_some(length)
}
