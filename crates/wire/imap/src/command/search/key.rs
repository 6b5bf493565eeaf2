//! The keys of a search program.

use crate::cursor::{Cursor, Expected, Parsed};
use crate::date::Date;
use crate::flag::Flag;
use crate::sequence::MessageSet;

/// A condition on a message (RFC 9051 §6.4.4). Synonyms are resolved: `UNSEEN` is [`SearchKey::LacksFlag`], `NEW` is
/// [`SearchKey::And`] of `RECENT` and `UNSEEN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchKey {
    /// All of them; two or more.
    And(Vec<SearchKey>),
    /// One of them; two or more, a chain of ORs in one list.
    Or(Vec<SearchKey>),
    Not(Box<SearchKey>),
    /// Every message.
    All,
    /// `SEEN`, `KEYWORD x`, …
    HasFlag(Flag),
    /// `UNSEEN`, `UNKEYWORD x`, …
    LacksFlag(Flag),
    /// Message numbers, or `$`.
    Numbers(MessageSet),
    /// `UID …`
    Uids(MessageSet),
    /// By the internal date, without time and zone.
    Before(Date),
    On(Date),
    Since(Date),
    /// By the `Date` field.
    SentBefore(Date),
    SentOn(Date),
    SentSince(Date),
    /// By the date of filing (RFC 8514 §4.3).
    SavedBefore(Date),
    SavedOn(Date),
    SavedSince(Date),
    /// `SAVEDATESUPPORTED`
    SaveDateSupported,
    /// Internal date at least so many seconds ago (RFC 5032).
    Older(u32),
    /// Internal date at most so many seconds ago.
    Younger(u32),
    Larger(u64),
    Smaller(u64),
    Bcc(String),
    Cc(String),
    From(String),
    To(String),
    Subject(String),
    /// In the body.
    Body(String),
    /// In header or body.
    Text(String),
    /// In the named field; with an empty text, that there is such a field.
    Header {
        field: String,
        text: String,
    },
    /// Changed at or after this modification (RFC 7162 §3.1.5), perhaps only that of one flag.
    ModSeq {
        entry: Option<(String, EntryType)>,
        mod_seq: u64,
    },
    /// RFC 8474 §7.1
    EmailId(String),
    /// RFC 8474 §7.2
    ThreadId(String),
    /// What resembles the condition (RFC 6203).
    Fuzzy(Box<SearchKey>),
}

/// Whose flag `MODSEQ` is about (RFC 7162 §3.1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryType {
    Private,
    Shared,
    All,
}

/// One key if there is one, their conjunction otherwise.
pub(super) fn all_of(mut keys: Vec<SearchKey>) -> SearchKey {
    match keys.pop() {
        Some(only) if keys.is_empty() => only,
        Some(last) => {
            keys.push(last);
            SearchKey::And(keys)
        }
        None => SearchKey::All,
    }
}

/// RFC 9051 §9: `search-key = "ALL" / … / sequence-set / "(" search-key *(SP search-key) ")"`. `readable` is false if the
/// texts are in a charset that is not known here.
pub(super) fn key(cursor: &mut Cursor<'_>, readable: bool) -> Parsed<SearchKey> {
    cursor.count_key()?;
    match cursor.peek() {
        Some(b'(') => cursor.nested(|cursor| cursor.list("search keys", |cursor| key(cursor, readable))).map(all_of),
        Some(b'0'..=b'9' | b'*' | b'$') => cursor.message_set().map(SearchKey::Numbers),
        _ => named(cursor, readable),
    }
}

fn named(cursor: &mut Cursor<'_>, readable: bool) -> Parsed<SearchKey> {
    let at = cursor.at();
    let name = cursor.word();
    let name = name.as_bytes();
    if let Some(key) = flag_key(name) {
        return Ok(key);
    }
    if let Some(key) = text_key(name) {
        return cursor.after_space(|cursor| text(cursor, readable)).map(key);
    }
    if let Some(key) = date_key(name) {
        return cursor.after_space(Cursor::date).map(key);
    }
    match name {
        b"NOT" => inner(cursor, readable).map(SearchKey::Not),
        b"FUZZY" => inner(cursor, readable).map(SearchKey::Fuzzy),
        b"OR" => cursor.nested(|cursor| either(cursor, readable)),
        b"HEADER" => {
            let field = cursor.after_space(|cursor| cursor.text("the name of a header field"))?;
            let text = cursor.after_space(|cursor| text(cursor, readable))?;
            Ok(SearchKey::Header { field, text })
        }
        b"MODSEQ" => cursor.after_space(mod_seq),
        _ => with_plain_argument(cursor, name, at),
    }
}

/// The key that NOT or FUZZY is about.
fn inner(cursor: &mut Cursor<'_>, readable: bool) -> Parsed<Box<SearchKey>> {
    cursor.nested(|cursor| cursor.after_space(|cursor| key(cursor, readable))).map(Box::new)
}

/// `search-key =/ "OR" SP search-key SP search-key`; the second is followed in a loop if it is an OR itself, because
/// clients chain hundreds of them.
fn either(cursor: &mut Cursor<'_>, readable: bool) -> Parsed<SearchKey> {
    let mut keys = Vec::new();
    loop {
        keys.push(cursor.after_space(|cursor| key(cursor, readable))?);
        if !cursor.eat_text(b" OR") {
            keys.push(cursor.after_space(|cursor| key(cursor, readable))?);
            return Ok(SearchKey::Or(keys));
        }
    }
}

fn flag_key(name: &[u8]) -> Option<SearchKey> {
    use SearchKey::{HasFlag, LacksFlag};
    Some(match name {
        b"ALL" => SearchKey::All,
        b"ANSWERED" => HasFlag(Flag::Answered),
        b"DELETED" => HasFlag(Flag::Deleted),
        b"DRAFT" => HasFlag(Flag::Draft),
        b"FLAGGED" => HasFlag(Flag::Flagged),
        b"SEEN" => HasFlag(Flag::Seen),
        b"RECENT" => HasFlag(Flag::Recent),
        b"UNANSWERED" => LacksFlag(Flag::Answered),
        b"UNDELETED" => LacksFlag(Flag::Deleted),
        b"UNDRAFT" => LacksFlag(Flag::Draft),
        b"UNFLAGGED" => LacksFlag(Flag::Flagged),
        b"UNSEEN" => LacksFlag(Flag::Seen),
        b"OLD" => LacksFlag(Flag::Recent),
        b"NEW" => SearchKey::And(vec![HasFlag(Flag::Recent), LacksFlag(Flag::Seen)]),
        b"SAVEDATESUPPORTED" => SearchKey::SaveDateSupported,
        _ => return None,
    })
}

fn text_key(name: &[u8]) -> Option<fn(String) -> SearchKey> {
    Some(match name {
        b"BCC" => SearchKey::Bcc,
        b"CC" => SearchKey::Cc,
        b"FROM" => SearchKey::From,
        b"TO" => SearchKey::To,
        b"SUBJECT" => SearchKey::Subject,
        b"BODY" => SearchKey::Body,
        b"TEXT" => SearchKey::Text,
        _ => return None,
    })
}

fn date_key(name: &[u8]) -> Option<fn(Date) -> SearchKey> {
    Some(match name {
        b"BEFORE" => SearchKey::Before,
        b"ON" => SearchKey::On,
        b"SINCE" => SearchKey::Since,
        b"SENTBEFORE" => SearchKey::SentBefore,
        b"SENTON" => SearchKey::SentOn,
        b"SENTSINCE" => SearchKey::SentSince,
        b"SAVEDBEFORE" => SearchKey::SavedBefore,
        b"SAVEDON" => SearchKey::SavedOn,
        b"SAVEDSINCE" => SearchKey::SavedSince,
        _ => return None,
    })
}

fn with_plain_argument(cursor: &mut Cursor<'_>, name: &[u8], at: usize) -> Parsed<SearchKey> {
    const SECONDS: &str = "a number of seconds";
    const OCTETS: &str = "a number of octets";
    let parser: fn(&mut Cursor<'_>) -> Parsed<SearchKey> = match name {
        b"KEYWORD" => |cursor| keyword(cursor).map(SearchKey::HasFlag),
        b"UNKEYWORD" => |cursor| keyword(cursor).map(SearchKey::LacksFlag),
        b"UID" => |cursor| cursor.message_set().map(SearchKey::Uids),
        b"LARGER" => |cursor| cursor.number64(OCTETS).map(SearchKey::Larger),
        b"SMALLER" => |cursor| cursor.number64(OCTETS).map(SearchKey::Smaller),
        b"OLDER" => |cursor| cursor.nz_number(SECONDS).map(|seconds| SearchKey::Older(seconds.get())),
        b"YOUNGER" => |cursor| cursor.nz_number(SECONDS).map(|seconds| SearchKey::Younger(seconds.get())),
        b"EMAILID" => |cursor| object_id(cursor).map(SearchKey::EmailId),
        b"THREADID" => |cursor| object_id(cursor).map(SearchKey::ThreadId),
        _ => return Err(Expected { what: "a search key", at }),
    };
    cursor.after_space(parser)
}

/// RFC 9051 §9: `flag-keyword = "$MDNSent" / "$Forwarded" / … / atom`
fn keyword(cursor: &mut Cursor<'_>) -> Parsed<Flag> {
    cursor.atom("a keyword").map(Flag::from_name)
}

/// RFC 8474 §7: `objectid = 1*255(ALPHA / DIGIT / "_" / "-")`
fn object_id(cursor: &mut Cursor<'_>) -> Parsed<String> {
    const ID: &str = "an object id";
    let at = cursor.at();
    let id = cursor.atom(ID)?;
    let fits = id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if fits { Ok(id.to_owned()) } else { Err(Expected { what: ID, at }) }
}

fn text(cursor: &mut Cursor<'_>, readable: bool) -> Parsed<String> {
    const TEXT: &str = "a text to search for";
    if readable {
        return cursor.text(TEXT);
    }
    cursor.astring(TEXT).map(|text| String::from_utf8_lossy(&text).into_owned())
}

/// RFC 7162 §7: `search-modsequence = "MODSEQ" [search-modseq-ext] SP mod-sequence-valzer`,
/// `search-modseq-ext = SP entry-name SP entry-type-req`
fn mod_seq(cursor: &mut Cursor<'_>) -> Parsed<SearchKey> {
    let mut entry = None;
    if cursor.peek() == Some(b'"') {
        let name = cursor.text("the name of an entry")?;
        entry = Some((name, cursor.after_space(entry_type)?));
        cursor.space()?;
    }
    let mod_seq = cursor.number64("a modification sequence")?;
    Ok(SearchKey::ModSeq { entry, mod_seq })
}

fn entry_type(cursor: &mut Cursor<'_>) -> Parsed<EntryType> {
    let at = cursor.at();
    Ok(match cursor.word().as_bytes() {
        b"PRIV" => EntryType::Private,
        b"SHARED" => EntryType::Shared,
        b"ALL" => EntryType::All,
        _ => return Err(Expected { what: "priv, shared or all", at }),
    })
}
