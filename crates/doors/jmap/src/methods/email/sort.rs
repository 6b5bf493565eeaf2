//! The order of Email/query (RFC 8621 section 4.4.2).

use super::mark;
use crate::error::MethodError;
use postroom_mail::whole::{Mark, Sort, SortBy};
use serde::Deserialize;

/// Announced in the session as `emailQuerySortOptions`.
pub(crate) const NAMES: [&str; 9] = [
    "receivedAt",
    "size",
    "from",
    "to",
    "subject",
    "sentAt",
    "hasKeyword",
    "allInThreadHaveKeyword",
    "someInThreadHaveKeyword",
];

/// One comparator as clients write it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Comparator {
    property: String,
    #[serde(default = "yes")]
    is_ascending: bool,
    #[serde(default)]
    collation: Option<String>,
    #[serde(default)]
    keyword: Option<String>,
}

fn yes() -> bool {
    true
}

/// Comparators beyond this are refused.
const MOST: usize = 16;

pub(crate) fn read(comparators: Option<Vec<Comparator>>) -> Result<Vec<Sort>, MethodError> {
    let comparators = comparators.unwrap_or_default();
    if comparators.len() > MOST {
        return Err(MethodError::unsupported_sort(format!("at most {MOST} properties can be sorted by")));
    }
    comparators.iter().map(one).collect()
}

fn one(comparator: &Comparator) -> Result<Sort, MethodError> {
    if let Some(collation) = &comparator.collation
        && !["i;unicode-casemap", "i;ascii-casemap"].contains(&collation.as_str())
    {
        return Err(MethodError::unsupported_sort(format!("there is no collation `{collation}` here")));
    }
    let marked = |by: fn(Mark) -> SortBy| -> Result<SortBy, MethodError> {
        let missing = || MethodError::invalid_arguments(format!("sort: `{}` needs a keyword", comparator.property));
        let keyword = comparator.keyword.as_deref().ok_or_else(missing)?;
        Ok(by(mark(keyword).map_err(|why| MethodError::invalid_arguments(format!("sort/keyword: {why}")))?))
    };
    let by = match comparator.property.as_str() {
        "receivedAt" => SortBy::ReceivedAt,
        "size" => SortBy::Size,
        "from" => SortBy::From,
        "to" => SortBy::To,
        "subject" => SortBy::Subject,
        "sentAt" => SortBy::SentAt,
        "hasKeyword" => marked(SortBy::Has)?,
        "allInThreadHaveKeyword" => marked(SortBy::AllInThread)?,
        "someInThreadHaveKeyword" => marked(SortBy::SomeInThread)?,
        other => return Err(MethodError::unsupported_sort(format!("emails cannot be sorted by `{other}`"))),
    };
    Ok(Sort { by, ascending: comparator.is_ascending })
}
