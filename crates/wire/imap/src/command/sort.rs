//! SORT and THREAD (RFC 5256, RFC 5267, RFC 5957).

use super::Command;
use super::search::{SearchProgram, SearchReturn, charset, program, return_options};
use crate::cursor::{Cursor, Expected, Parsed};

/// SORT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The answer holds UIDs.
    pub uid: bool,
    /// `RETURN (…)` (RFC 5267 §3.1)
    pub returns: Option<SearchReturn>,
    /// At least one; the first weighs most.
    pub criteria: Vec<SortCriterion>,
    /// Which messages.
    pub program: SearchProgram,
}

/// One criterion of SORT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortCriterion {
    /// `REVERSE`
    pub reverse: bool,
    pub key: SortKey,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    Arrival,
    Cc,
    Date,
    From,
    Size,
    Subject,
    To,
    /// RFC 5957
    DisplayFrom,
    /// RFC 5957
    DisplayTo,
    /// What fits best comes first (RFC 6203 §5).
    Relevancy,
}

/// THREAD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The answer holds UIDs.
    pub uid: bool,
    /// In capitals: `REFERENCES`, `ORDEREDSUBJECT` or one that is not known here.
    pub algorithm: String,
    /// Which messages.
    pub program: SearchProgram,
}

/// RFC 5256 §5: `sort = "SORT" SP sort-criteria SP search-criteria`, `search-criteria = charset 1*(SP search-key)`,
/// RFC 5267 §5: `sort =/ "SORT" search-return-opts SP sort-criteria SP search-criteria`
pub(super) fn sort(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    let returns = return_options(cursor)?;
    let criteria = cursor.list("sort criteria", criterion)?;
    let program = cursor.after_space(search_criteria)?;
    Ok(Command::Sort(Sort { uid, returns, criteria, program }))
}

/// RFC 5256 §5: `thread = "THREAD" SP thread-alg SP search-criteria`
pub(super) fn thread(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    let algorithm = cursor.atom("the name of a threading algorithm")?.to_ascii_uppercase();
    let program = cursor.after_space(search_criteria)?;
    Ok(Command::Thread(Thread { uid, algorithm, program }))
}

fn search_criteria(cursor: &mut Cursor<'_>) -> Parsed<SearchProgram> {
    let charset = charset(cursor)?;
    program(cursor, Some(charset))
}

/// RFC 5256 §5: `sort-criterion = ["REVERSE" SP] sort-key`
fn criterion(cursor: &mut Cursor<'_>) -> Parsed<SortCriterion> {
    let reverse = cursor.eat_text(b"REVERSE ");
    let at = cursor.at();
    let key = match cursor.word().as_bytes() {
        b"ARRIVAL" => SortKey::Arrival,
        b"CC" => SortKey::Cc,
        b"DATE" => SortKey::Date,
        b"FROM" => SortKey::From,
        b"SIZE" => SortKey::Size,
        b"SUBJECT" => SortKey::Subject,
        b"TO" => SortKey::To,
        b"DISPLAYFROM" => SortKey::DisplayFrom,
        b"DISPLAYTO" => SortKey::DisplayTo,
        b"RELEVANCY" => SortKey::Relevancy,
        _ => return Err(Expected { what: "a sort key such as DATE", at }),
    };
    Ok(SortCriterion { reverse, key })
}
