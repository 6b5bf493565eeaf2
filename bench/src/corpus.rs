//! Real mails, endlessly: the corpus in rotation, each message with a Message-ID and a Subject of its own.
//!
//! The mails are read and dot-stuffed once, so that making message number `i` costs three copies and the load
//! generator stays cheap. Start reading at [`Corpus::read`] and [`Corpus::write_message`].

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result, While};

/// Longer ones are left out: they would measure the disk, not the server.
const LARGEST: usize = 2_000_000;

pub(crate) struct Corpus {
    mails: Vec<Mail>,
    /// Makes the Message-IDs of this run differ from those of any other.
    run: String,
}

/// One mail, cut where its own number goes in: `until_subject` [i] `after_subject` Message-ID, `body`.
struct Mail {
    until_subject: Vec<u8>,
    after_subject: Vec<u8>,
    /// Begins after the empty line, dot-stuffed, ends with CRLF.
    body: Vec<u8>,
}

impl Corpus {
    pub(crate) fn read(folder: &Path, run: String) -> Result<Self> {
        let mut files = Vec::new();
        text_files(folder, &mut files).during("reading the corpus")?;
        files.sort();
        let mut mails = Vec::with_capacity(files.len());
        for file in files {
            mails.extend(Mail::parse(&std::fs::read(file)?));
        }
        if mails.is_empty() {
            return Err(Failure::new("the corpus folder holds no mail; scripts/bench-corpus fetches it"));
        }
        Ok(Self { mails, run })
    }

    pub(crate) fn len(&self) -> usize {
        self.mails.len()
    }

    /// Message `i` as it goes over SMTP or LMTP after DATA: dot-stuffed and ended by the final dot.
    pub(crate) fn write_message(&self, i: usize, out: &mut Vec<u8>) {
        let mail = &self.mails[i % self.mails.len()];
        out.clear();
        out.extend_from_slice(&mail.until_subject);
        out.extend_from_slice(format!(" [{i}]").as_bytes());
        out.extend_from_slice(&mail.after_subject);
        out.extend_from_slice(format!("Message-ID: <{i}.{}@bench.example>\r\n\r\n", self.run).as_bytes());
        out.extend_from_slice(&mail.body);
        out.extend_from_slice(b".\r\n");
    }
}

/// What [`Corpus::write_message`] wrote, as it stands in a mailbox: without the dots of the protocol.
pub(crate) fn without_dots(message: &[u8]) -> Vec<u8> {
    let message = message.strip_suffix(b".\r\n").unwrap_or(message);
    let mut out = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        out.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
    }
    out
}

fn text_files(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            text_files(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "txt") {
            found.push(path);
        }
    }
    Ok(())
}

impl Mail {
    /// None where the file is no mail (no empty line) or too large.
    fn parse(raw: &[u8]) -> Option<Self> {
        let text = with_plain_newlines(raw);
        let end_of_header = memchr::memmem::find(&text, b"\n\n")?;
        if text.len() > LARGEST {
            return None;
        }
        let header = header_fields(&text[..end_of_header]);
        let subject = header.iter().position(|line| starts_with_name(line, b"subject:"));
        let (until_subject, after_subject) = match subject {
            Some(at) => {
                let mut until = crlf(&header[..at]);
                let (name, rest) = header[at].split_at("subject:".len());
                until.extend_from_slice(name);
                let mut after = [rest, b"\r\n"].concat();
                after.extend_from_slice(&crlf(&header[at + 1..]));
                (until, after)
            }
            None => ([&crlf(&header), b"Subject:".as_slice()].concat(), b"\r\n".to_vec()),
        };
        Some(Self { until_subject, after_subject, body: dot_stuffed(&text[end_of_header + 2..]) })
    }
}

/// Without the mbox line in front, with `\n` only, without NUL.
fn with_plain_newlines(raw: &[u8]) -> Vec<u8> {
    let raw = match raw.strip_prefix(b"From ") {
        Some(rest) => memchr::memchr(b'\n', rest).map_or(&[][..], |end| &rest[end + 1..]),
        None => raw,
    };
    let mut out = Vec::with_capacity(raw.len());
    for (i, &byte) in raw.iter().enumerate() {
        match byte {
            b'\r' if raw.get(i + 1) == Some(&b'\n') => {}
            b'\r' => out.push(b'\n'),
            0 => out.push(b' '),
            other => out.push(other),
        }
    }
    out
}

/// The lines that are header fields, with their continuations; without the Message-ID, which gets replaced.
fn header_fields(header: &[u8]) -> Vec<&[u8]> {
    let mut kept = Vec::new();
    let mut keep = false;
    for line in header.split(|&b| b == b'\n') {
        let continues = line.is_empty() || matches!(line[0], b' ' | b'\t');
        if !continues {
            keep = has_field_name(line) && !starts_with_name(line, b"message-id:");
        }
        if keep {
            kept.push(line);
        }
    }
    kept
}

/// RFC 5322 section 2.2: a field name is printable US-ASCII without the colon.
fn has_field_name(line: &[u8]) -> bool {
    memchr::memchr(b':', line).is_some_and(|colon| colon > 0 && line[..colon].iter().all(u8::is_ascii_graphic))
}

fn starts_with_name(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

fn crlf(lines: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn dot_stuffed(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + body.len() / 32);
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    for line in body.split(|&b| b == b'\n') {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests;
