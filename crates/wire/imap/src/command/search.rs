//! SEARCH: what is answered, and the program of search keys that SORT and THREAD share.

mod key;

pub use key::{EntryType, SearchKey};

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};
use crate::sequence::PartialRange;

/// SEARCH (RFC 9051 §6.4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The answer holds UIDs.
    pub uid: bool,
    /// `RETURN (…)`; absent in the form of RFC 3501, which IMAP4rev1 answers with untagged SEARCH and IMAP4rev2 as if
    /// it were `RETURN (ALL)`.
    pub returns: Option<SearchReturn>,
    /// What to look for.
    pub program: SearchProgram,
}

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchProgram {
    /// The charset that was named, in capitals. Text of keys is UTF-8 already where this is UTF-8, US-ASCII or absent;
    /// any other is to be answered with NO [BADCHARSET].
    pub charset: Option<String>,
    /// One key, or [`SearchKey::And`] of several.
    pub key: SearchKey,
}

/// What is answered; none of them set never occurs, because `RETURN ()` is `RETURN (ALL)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchReturn {
    /// `MIN`
    pub min: bool,
    /// `MAX`
    pub max: bool,
    /// `ALL`
    pub all: bool,
    /// `COUNT`
    pub count: bool,
    /// `SAVE`: keep the result as `$`; alone, nothing is answered.
    pub save: bool,
    /// `PARTIAL` (RFC 9394); never together with `ALL`.
    pub partial: Option<PartialRange>,
    /// `UPDATE`: tell when the result changes (RFC 5267 §4.3).
    pub update: bool,
    /// `CONTEXT`: the client will ask again (RFC 5267 §4.2).
    pub context: bool,
    /// `RELEVANCY`: how well each result fits (RFC 6203 §4).
    pub relevancy: bool,
}

impl SearchProgram {
    /// Whether the text of the keys could be read.
    pub fn has_known_charset(&self) -> bool {
        self.charset.as_deref().is_none_or(is_known)
    }
}

fn is_known(charset: &str) -> bool {
    matches!(charset, "UTF-8" | "US-ASCII")
}

/// RFC 9051 §9: `search = "SEARCH" [search-return-opts] SP search-program`
pub(super) fn search(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    let returns = return_options(cursor)?;
    let charset = if cursor.eat_text(b"CHARSET ") { Some(charset(cursor)?) } else { None };
    let program = program(cursor, charset)?;
    Ok(Command::Search(Search { uid, returns, program }))
}

/// RFC 9051 §9: `search-return-opts = SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"`; steps over
/// the space that follows.
pub(super) fn return_options(cursor: &mut Cursor<'_>) -> Parsed<Option<SearchReturn>> {
    if !cursor.eat_text(b"RETURN ") {
        return Ok(None);
    }
    let mut returns = SearchReturn::default();
    cursor.list_or_empty("a list of return options", |cursor| return_option(cursor, &mut returns))?;
    if returns == SearchReturn::default() {
        returns.all = true;
    }
    if returns.all && returns.partial.is_some() {
        return cursor.expected("PARTIAL or ALL, not both");
    }
    cursor.space()?;
    Ok(Some(returns))
}

/// RFC 9051 §9: `search-return-opt = "MIN" / "MAX" / "ALL" / "COUNT" / "SAVE"`,
/// RFC 9394 §3.1: `modifier-partial = "PARTIAL" SP partial-range`,
/// RFC 5267 §5: `search-return-opt =/ "CONTEXT" / "UPDATE"`, RFC 6203 §6: `search-return-opt =/ "RELEVANCY"`
fn return_option(cursor: &mut Cursor<'_>, returns: &mut SearchReturn) -> Parsed<()> {
    let at = cursor.at();
    match cursor.word().as_bytes() {
        b"MIN" => returns.min = true,
        b"MAX" => returns.max = true,
        b"ALL" => returns.all = true,
        b"COUNT" => returns.count = true,
        b"SAVE" => returns.save = true,
        b"PARTIAL" if returns.partial.is_none() => {
            returns.partial = Some(cursor.after_space(Cursor::partial_range)?);
        }
        b"UPDATE" => returns.update = true,
        b"CONTEXT" => returns.context = true,
        b"RELEVANCY" => returns.relevancy = true,
        _ => {
            let what = "MIN, MAX, ALL, COUNT, SAVE, PARTIAL (once), UPDATE, CONTEXT or RELEVANCY";
            return Err(Expected { what, at });
        }
    }
    Ok(())
}

/// RFC 9051 §9: `charset = atom / quoted`; in capitals.
pub(super) fn charset(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let charset = cursor.text("the name of a charset")?.to_ascii_uppercase();
    cursor.space()?;
    Ok(charset)
}

/// RFC 9051 §9: `search-program = ["CHARSET" SP charset SP] search-key *(SP search-key)`, from the first key on.
pub(super) fn program(cursor: &mut Cursor<'_>, charset: Option<String>) -> Parsed<SearchProgram> {
    let readable = charset.as_deref().is_none_or(is_known);
    let mut keys = vec![key::key(cursor, readable)?];
    while cursor.rest().len() > 1 {
        keys.push(cursor.after_space(|cursor| key::key(cursor, readable))?);
    }
    Ok(SearchProgram { charset, key: key::all_of(keys) })
}

/// RFC 5267 §5: `command-select =/ "CANCELUPDATE" 1*(SP quoted)`
pub(super) fn cancel_update(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    const TAG: &str = "a tag in quotation marks";
    let mut tags = Vec::new();
    loop {
        let tag = cursor.string(TAG)?;
        tags.push(String::from_utf8_lossy(&tag).into_owned());
        if !cursor.rest().starts_with(b" \"") {
            return Ok(Command::CancelUpdate(tags));
        }
        cursor.space()?;
    }
}
