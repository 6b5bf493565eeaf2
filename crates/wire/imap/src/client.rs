//! The client's half, as far as fetching from other servers needs it: what a server answers, bytes to types.
//!
//! The caller reads a line; while [`literal_at_end`] finds an announced literal, it reads that many octets, keeps them
//! apart, and appends the next line. [`parse`] then takes the text, in which a literal is only its `{size}`, and gives
//! [`Body::Literal`] where the octets belong. So nothing here holds a message, and the caller may put a large one on
//! disk. What is not known is [`Reply::Other`]: servers say many things unasked.

mod reader;
mod write;

pub use reader::Malformed;
pub use write::{Name, astring, oauthbearer, xoauth2};

use reader::{Reader, Value};

/// One answer of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `+`: it waits for more.
    Continue(Vec<u8>),
    /// The end of a command.
    Done {
        tag: String,
        said: Said,
    },
    /// An untagged status; the greeting is one.
    Said(Said),
    /// In upper case.
    Capability(Vec<String>),
    /// So many messages are there.
    Exists(u32),
    /// The message of that number has gone.
    Expunge(u32),
    Fetch(Fetched),
    /// Answer to SEARCH or UID SEARCH.
    Search(Vec<u32>),
    Other,
}

/// A status with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub status: Status,
    pub code: Option<Code>,
    /// For people, without control characters.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok,
    No,
    Bad,
    Bye,
    Preauth,
}

/// What stands in brackets before the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    Capability(Vec<String>),
    UidValidity(u32),
    UidNext(u32),
    /// UIDs do not last (RFC 4315).
    UidNotSticky,
    ReadOnly,
    TryCreate,
    AuthenticationFailed,
    /// In upper case, its first word.
    Other(String),
}

/// What a FETCH response says about one message; items that nobody asked for are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    pub number: u32,
    pub uid: Option<u32>,
    pub size: Option<u64>,
    pub flags: Option<Vec<String>>,
    /// Seconds since 1970-01-01 UTC.
    pub internal_date: Option<i64>,
    pub body: Option<Body>,
}

/// The whole message, as the server gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Nil,
    /// Counted from 0 among the literals of this answer.
    Literal(usize),
    Quoted(Vec<u8>),
}

/// The size of the literal that a line announces at its end; the line stands without its line ending. A status
/// ends with text for people, which announces nothing.
pub fn literal_at_end(line: &[u8], first: bool) -> Option<u64> {
    if first && line.strip_prefix(b"* ").is_none_or(|rest| status_of(rest).is_some()) {
        return None;
    }
    let inside = line.strip_suffix(b"}")?;
    let open = memchr::memrchr(b'{', inside)?;
    let digits = inside[open + 1..].strip_suffix(b"+").unwrap_or(&inside[open + 1..]);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // A number that does not fit is a size that nobody takes.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX))
}

/// Reads one answer; see the module for how literals stand in it.
pub fn parse(text: &[u8]) -> Result<Reply, Malformed> {
    if let Some(rest) = text.strip_prefix(b"+") {
        return Ok(Reply::Continue(rest.trim_ascii().to_vec()));
    }
    let Some(rest) = text.strip_prefix(b"* ") else { return done(text) };
    if let Some((status, rest)) = status_of(rest) {
        return Ok(Reply::Said(said(status, rest)));
    }
    let mut reader = Reader::new(rest);
    let first = reader.word();
    if let Some(number) = number(first) {
        return numbered(&mut reader, number);
    }
    match first.to_ascii_uppercase().as_slice() {
        b"CAPABILITY" => Ok(Reply::Capability(words(reader.rest()))),
        b"SEARCH" => Ok(Reply::Search(reader.rest().split(|byte| *byte == b' ').filter_map(number).collect())),
        _ => Ok(Reply::Other),
    }
}

fn done(text: &[u8]) -> Result<Reply, Malformed> {
    let space = memchr::memchr(b' ', text).ok_or(Malformed("a tag"))?;
    let (tag, rest) = text.split_at(space);
    let (status, rest) = status_of(&rest[1..]).ok_or(Malformed("OK, NO or BAD"))?;
    let tag = String::from_utf8(tag.to_vec()).map_err(|_| Malformed("a tag"))?;
    Ok(Reply::Done { tag, said: said(status, rest) })
}

/// The status that stands in front, and what follows it.
fn status_of(text: &[u8]) -> Option<(Status, &[u8])> {
    let end = memchr::memchr(b' ', text).unwrap_or(text.len());
    let status = match text[..end].to_ascii_uppercase().as_slice() {
        b"OK" => Status::Ok,
        b"NO" => Status::No,
        b"BAD" => Status::Bad,
        b"BYE" => Status::Bye,
        b"PREAUTH" => Status::Preauth,
        _ => return None,
    };
    Some((status, text[end..].trim_ascii_start()))
}

fn said(status: Status, text: &[u8]) -> Said {
    let (code, text) = match text.strip_prefix(b"[").and_then(|rest| Some((rest, memchr::memchr(b']', rest)?))) {
        Some((rest, end)) => (code(&rest[..end]), rest[end + 1..].trim_ascii_start()),
        None => (None, text),
    };
    let text = String::from_utf8_lossy(text);
    Said { status, code, text: text.chars().filter(|c| !c.is_control()).take(500).collect() }
}

fn code(text: &[u8]) -> Option<Code> {
    let (name, rest) = text.split_at(memchr::memchr(b' ', text).unwrap_or(text.len()));
    let rest = rest.trim_ascii();
    Some(match name.to_ascii_uppercase().as_slice() {
        b"CAPABILITY" => Code::Capability(words(rest)),
        b"UIDVALIDITY" => Code::UidValidity(number(rest)?),
        b"UIDNEXT" => Code::UidNext(number(rest)?),
        b"UIDNOTSTICKY" => Code::UidNotSticky,
        b"READ-ONLY" => Code::ReadOnly,
        b"TRYCREATE" => Code::TryCreate,
        b"AUTHENTICATIONFAILED" => Code::AuthenticationFailed,
        other => Code::Other(String::from_utf8_lossy(other).into_owned()),
    })
}

fn words(text: &[u8]) -> Vec<String> {
    let words = text.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    words.map(|word| String::from_utf8_lossy(word).to_ascii_uppercase()).collect()
}

fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn numbered(reader: &mut Reader<'_>, number: u32) -> Result<Reply, Malformed> {
    match reader.word().to_ascii_uppercase().as_slice() {
        b"EXISTS" => Ok(Reply::Exists(number)),
        b"EXPUNGE" => Ok(Reply::Expunge(number)),
        b"FETCH" => fetched(reader, number).map(Reply::Fetch),
        _ => Ok(Reply::Other),
    }
}

fn fetched(reader: &mut Reader<'_>, number: u32) -> Result<Fetched, Malformed> {
    let mut fetched = Fetched { number, ..Fetched::default() };
    reader.open()?;
    while !reader.close() {
        let name = reader.item_name()?.to_ascii_uppercase();
        let value = reader.value()?;
        match (name.as_slice(), value) {
            (b"UID", Value::Atom(text)) => fetched.uid = self::number(text),
            (b"RFC822.SIZE", Value::Atom(text)) => {
                fetched.size = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
            }
            (b"FLAGS", Value::List(flags)) => {
                fetched.flags = Some(flags.iter().map(|flag| String::from_utf8_lossy(flag).into_owned()).collect());
            }
            (b"INTERNALDATE", Value::Quoted(date)) => fetched.internal_date = reader::date_time(&date),
            (b"BODY[]", Value::Literal(index)) => fetched.body = Some(Body::Literal(index)),
            (b"BODY[]", Value::Quoted(text)) => fetched.body = Some(Body::Quoted(text)),
            (b"BODY[]", Value::Atom(b"NIL" | b"nil" | b"Nil")) => fetched.body = Some(Body::Nil),
            _ => {}
        }
    }
    Ok(fetched)
}

#[cfg(test)]
mod tests;
