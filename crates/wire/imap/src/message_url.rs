//! IMAP URLs (RFC 5092) that name a message or a section of one, as CATENATE (RFC 4469) uses them.
//! Start reading at [`parse`].

use bytes::Bytes;

use crate::command::ParseOptions;
use crate::command::section::{self, Section};
use crate::cursor::Cursor;

/// A message, or a section of it, on some server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageUrl {
    /// Host and port of an absolute URL. None: this server.
    pub server: Option<String>,
    /// None: the selected folder.
    pub folder: Option<String>,
    /// What the folder's UIDVALIDITY has to be.
    pub uid_validity: Option<u32>,
    /// Which message.
    pub uid: u32,
    /// What of it.
    pub section: Section,
    /// Octets to leave out, and octets to give at most.
    pub partial: Option<(u64, Option<u64>)>,
}

/// The text is no URL of a message, or one that needs URLAUTH, which is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no URL of a message")]
pub struct NoMessageUrl;

/// RFC 5092 §11: `imessageref = enc-mailbox [uidvalidity] "/" iuid ["/" isection] ["/" ipartial]`, behind
/// `imap://server/` or behind `/`; without a folder it is relative to the selected one: `;UID=20/;SECTION=1.2`.
pub fn parse(url: &str) -> Result<MessageUrl, NoMessageUrl> {
    let (server, path) = split_server(url)?;
    let at = find_ignoring_case(path, ";UID=").ok_or(NoMessageUrl)?;
    let (folder, message) = (&path[..at], &path[at..]);
    let folder = folder.strip_suffix('/').unwrap_or(folder);
    let (folder, uid_validity) = match find_ignoring_case(folder, ";UIDVALIDITY=") {
        Some(at) => (&folder[..at], Some(number(&folder[at + ";UIDVALIDITY=".len()..])?)),
        None => (folder, None),
    };
    let folder = if folder.is_empty() { None } else { Some(decoded(folder)?) };
    if server.is_some() && folder.is_none() {
        return Err(NoMessageUrl);
    }
    let mut found = MessageUrl { server, folder, uid_validity, uid: 0, section: Section::default(), partial: None };
    let mut pieces = message.split("/;");
    found.uid = number(after(pieces.next(), ";UID=").ok_or(NoMessageUrl)?)?;
    for piece in pieces {
        if let Some(section) = after(Some(piece), "SECTION=").filter(|_| found.partial.is_none()) {
            found.section = section_of(&decoded(section)?)?;
        } else if let Some(range) = after(Some(piece), "PARTIAL=") {
            found.partial = Some(partial_of(range)?);
        } else {
            return Err(NoMessageUrl);
        }
    }
    Ok(found)
}

/// The host and port of an absolute URL, without the user that may stand before it; and the rest.
fn split_server(url: &str) -> Result<(Option<String>, &str), NoMessageUrl> {
    if let Some(rest) = after(Some(url), "imap://") {
        let (authority, path) = rest.split_once('/').ok_or(NoMessageUrl)?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        return Ok((Some(host.to_ascii_lowercase()), path));
    }
    match url.strip_prefix('/') {
        Some(path) => Ok((None, path)),
        None if url.starts_with(';') => Ok((None, url)),
        None => Err(NoMessageUrl),
    }
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    text.windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted))
}

/// What follows a word, in any case.
fn after<'a>(text: Option<&'a str>, word: &str) -> Option<&'a str> {
    let (start, rest) = text?.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

/// RFC 5092 §11: `nz-number`
fn number(text: &str) -> Result<u32, NoMessageUrl> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number > 0).ok_or(NoMessageUrl)
}

/// RFC 5092 §11: `partial-range = number ["." nz-number]`
fn partial_of(text: &str) -> Result<(u64, Option<u64>), NoMessageUrl> {
    let one = |text: &str| -> Result<u64, NoMessageUrl> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| digits).ok_or(NoMessageUrl)
    };
    match text.split_once('.') {
        Some((offset, count)) => Ok((one(offset)?, Some(one(count)?).filter(|count| *count > 0))),
        None => Ok((one(text)?, None)),
    }
}

/// Reads what stands between the brackets of `BODY[…]`.
fn section_of(text: &str) -> Result<Section, NoMessageUrl> {
    let source = Bytes::from(format!("[{text}]"));
    let options = ParseOptions { utf8: true, ..ParseOptions::default() };
    let mut cursor = Cursor::new(&source, &options);
    let section = section::section(&mut cursor).map_err(|_| NoMessageUrl)?;
    if cursor.rest().is_empty() && !text.is_empty() { Ok(section) } else { Err(NoMessageUrl) }
}

/// RFC 3986 §2.1: `%` and two hexadecimal digits stand for an octet; together they are UTF-8.
fn decoded(text: &str) -> Result<String, NoMessageUrl> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = digit().zip(digit()).ok_or(NoMessageUrl)?;
                u8::try_from(high * 16 + low).map_err(|_| NoMessageUrl)?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| NoMessageUrl)
}

#[cfg(test)]
mod tests;
