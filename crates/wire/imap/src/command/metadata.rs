//! GETMETADATA and SETMETADATA (RFC 5464).

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};
use crate::folder_name::FolderName;

/// GETMETADATA (RFC 5464 §4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetMetadata {
    /// None, written as the empty name: the server itself.
    pub folder: Option<FolderName>,
    /// Values that are longer are not sent.
    pub max_size: Option<u64>,
    /// How far below the entries is looked.
    pub depth: Depth,
    /// Names of entries in lower case, at least one.
    pub entries: Vec<String>,
}

/// How far below an entry is looked (RFC 5464 §4.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// The entry itself.
    #[default]
    Zero,
    /// It and those directly below.
    One,
    /// It and all below.
    Infinity,
}

/// SETMETADATA (RFC 5464 §4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetMetadata {
    /// None, written as the empty name: the server itself.
    pub folder: Option<FolderName>,
    /// Names of entries in lower case with their new values; none: the entry goes.
    pub values: Vec<(String, Option<Vec<u8>>)>,
}

/// RFC 5464 §5: `getmetadata = "GETMETADATA" [SP getmetadata-options] SP mailbox SP entries`. Some clients send the
/// options behind the mailbox.
pub(super) fn get(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let (mut max_size, mut depth) = (None, Depth::default());
    if cursor.peek() == Some(b'(') {
        cursor.list("a list of options", |cursor| option(cursor, &mut max_size, &mut depth))?;
        cursor.space()?;
    }
    let folder = folder(cursor)?;
    cursor.space()?;
    let late = [&b"(MAXSIZE "[..], b"(DEPTH "];
    if late.iter().any(|word| starts_with(cursor.rest(), word)) {
        cursor.list("a list of options", |cursor| option(cursor, &mut max_size, &mut depth))?;
        cursor.space()?;
    }
    let entries = entries(cursor)?;
    Ok(Command::GetMetadata(GetMetadata { folder, max_size, depth, entries }))
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// RFC 5464 §5: `getmetadata-option = "MAXSIZE" SP number / "DEPTH" SP ("0" / "1" / "infinity")`
fn option(cursor: &mut Cursor<'_>, max_size: &mut Option<u64>, depth: &mut Depth) -> Parsed<()> {
    let at = cursor.at();
    match cursor.word().as_bytes() {
        b"MAXSIZE" => *max_size = Some(cursor.after_space(|cursor| cursor.number64("a number of octets"))?),
        b"DEPTH" => {
            cursor.space()?;
            let at = cursor.at();
            *depth = match cursor.word().as_bytes() {
                b"0" => Depth::Zero,
                b"1" => Depth::One,
                b"INFINITY" => Depth::Infinity,
                _ => return Err(Expected { what: "0, 1 or infinity", at }),
            };
        }
        _ => return Err(Expected { what: "MAXSIZE or DEPTH", at }),
    }
    Ok(())
}

/// RFC 5464 §5: `setmetadata = "SETMETADATA" SP mailbox SP entry-values`,
/// `entry-value = entry SP value`, `value = nstring / literal8`
pub(super) fn set(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let folder = folder(cursor)?;
    let values = cursor.after_space(|cursor| {
        cursor.list("a list of entries and values", |cursor| {
            let entry = entry(cursor)?;
            cursor.space()?;
            let value = match cursor.peek() {
                Some(b'~') => Some(cursor.message_literal()?.0.to_vec()),
                _ => cursor.nstring("a string or NIL")?.map(std::borrow::Cow::into_owned),
            };
            Ok((entry, value))
        })
    })?;
    Ok(Command::SetMetadata(SetMetadata { folder, values }))
}

/// The folder; an empty name is the server.
fn folder(cursor: &mut Cursor<'_>) -> Parsed<Option<FolderName>> {
    if cursor.eat_text(b"\"\"") { Ok(None) } else { cursor.folder().map(Some) }
}

/// RFC 5464 §5: `entries = entry / "(" entry *(SP entry) ")"`
pub(super) fn entries(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    if cursor.peek() == Some(b'(') { cursor.list("entries", entry) } else { Ok(vec![entry(cursor)?]) }
}

/// RFC 5464 §3.2: begins with `/private/` or `/shared/`; ASCII without `*`, `%`, two slashes in a row and one at the
/// end; in any case.
fn entry(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let at = cursor.at();
    let name = cursor.text("the name of an entry")?.to_ascii_lowercase();
    let spelt = name.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'*' && byte != b'%');
    let levels = name.starts_with('/') && !name.contains("//") && !name.ends_with('/');
    let placed = ["/private", "/shared"]
        .iter()
        .any(|scope| name.strip_prefix(scope).is_some_and(|below| below.is_empty() || below.starts_with('/')));
    if spelt && levels && placed {
        Ok(name)
    } else {
        Err(Expected { what: "an entry such as /private/comment or /shared/comment", at })
    }
}
