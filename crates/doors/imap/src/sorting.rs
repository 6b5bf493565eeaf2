//! Putting messages in order (RFC 5256, RFC 5957). Start reading at [`rows`].

use crate::commands::Result;
use crate::search::Found;
use crate::view::View;
use postroom_mail::{ContentId, StoredSummary};
use postroom_wire_imap::command::sort::{SortCriterion, SortKey};
use postroom_wire_message::{AddressesRef, EnvelopeRef, decode_header, normalise};
use std::cmp::Ordering;
use std::collections::HashMap;

/// A message with the values of the criteria, in their order.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) uid: u32,
    values: Vec<Value>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Number(i64),
    Text(String),
}

/// Summaries are read so many at a time.
const PAGE: usize = 256;

/// The messages found, in their order, with what they are compared by.
pub(crate) async fn rows(view: &View, found: &Found, criteria: &[SortCriterion]) -> Result<Vec<Row>> {
    let from_memory =
        |criterion: &SortCriterion| matches!(criterion.key, SortKey::Arrival | SortKey::Size | SortKey::Relevancy);
    let summaries_needed = !criteria.iter().all(from_memory);
    let mut rows = Vec::with_capacity(found.numbers.len());
    let scored: Vec<(u32, u8)> = found.numbers.iter().copied().zip(found.relevancy.iter().copied()).collect();
    for page in scored.chunks(PAGE) {
        let entries =
            page.iter().filter_map(|(number, score)| Some((*score, view.messages.get(*number as usize - 1)?)));
        let entries: Vec<_> = entries.collect();
        let contents: Vec<ContentId> = entries.iter().map(|(_, entry)| entry.content).collect();
        let known = if summaries_needed { view.folder.summaries(contents).await? } else { HashMap::new() };
        for (score, entry) in entries {
            let summary = known.get(&entry.content);
            let envelope = summary.and_then(|summary| EnvelopeRef::decode(&summary.envelope).ok());
            let value = |criterion: &SortCriterion| match criterion.key {
                SortKey::Arrival => Value::Number(entry.received_at.0),
                // What fits best comes first (RFC 6203 section 5).
                SortKey::Relevancy => Value::Number(100 - i64::from(score)),
                SortKey::Size => Value::Number(i64::from(entry.size)),
                // RFC 5256 section 2.2: without a sent date the internal date takes its place.
                SortKey::Date => Value::Number(sent(summary).unwrap_or(entry.received_at.seconds())),
                key => Value::Text(text(key, summary, envelope.as_ref())),
            };
            rows.push(Row { uid: entry.uid, values: criteria.iter().map(value).collect() });
        }
    }
    Ok(rows)
}

fn sent(summary: Option<&StoredSummary>) -> Option<i64> {
    summary?.sent_at
}

fn text(key: SortKey, summary: Option<&StoredSummary>, envelope: Option<&EnvelopeRef<'_>>) -> String {
    let text = match (key, envelope) {
        (SortKey::Subject, _) => summary.map(|summary| summary.base_subject.clone()).unwrap_or_default(),
        (_, None) => String::new(),
        (SortKey::Cc, Some(envelope)) => mailbox(envelope.cc),
        (SortKey::From, Some(envelope)) => mailbox(envelope.from),
        (SortKey::To, Some(envelope)) => mailbox(envelope.to),
        (SortKey::DisplayFrom, Some(envelope)) => display(envelope.from),
        (SortKey::DisplayTo, Some(envelope)) => display(envelope.to),
        (SortKey::Arrival | SortKey::Size | SortKey::Date | SortKey::Relevancy, Some(_)) => String::new(),
    };
    // i;unicode-casemap (RFC 5051) compares in capitals: `_` stands behind the letters.
    normalise(&text).to_uppercase()
}

/// The part before @ of the first address (RFC 5256 section 3).
fn mailbox(list: AddressesRef<'_>) -> String {
    let first = list.iter().find_map(|address| address.local);
    String::from_utf8_lossy(first.unwrap_or_default()).into_owned()
}

/// The display name of the first address, else the address itself (RFC 5957 section 3).
fn display(list: AddressesRef<'_>) -> String {
    let Some(first) = list.iter().next() else { return String::new() };
    let name = first.name.map(decode_header).unwrap_or_default();
    if !name.trim().is_empty() {
        return name;
    }
    let part = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    format!("{}@{}", part(first.local), part(first.domain))
}

/// Messages that are equal in all criteria stand in the order of the folder.
pub(crate) fn compare(a: &Row, b: &Row, criteria: &[SortCriterion]) -> Ordering {
    let pairs = criteria.iter().zip(a.values.iter().zip(&b.values));
    let first = pairs.map(|(criterion, (a, b))| if criterion.reverse { b.cmp(a) } else { a.cmp(b) });
    first.fold(Ordering::Equal, Ordering::then).then(a.uid.cmp(&b.uid))
}
