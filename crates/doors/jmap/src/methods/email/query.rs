//! `Email/query`

use super::filter;
use super::sort::{self, Comparator};
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::{Answer, MethodError};
use crate::turn::Turn;
use postroom_mail::whole::Folding;
use postroom_model::object_id;
use postroom_wire_jmap::Object;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    account_id: String,
    #[serde(default)]
    filter: Value,
    #[serde(default)]
    sort: Option<Vec<Comparator>>,
    #[serde(default)]
    collapse_threads: bool,
    #[serde(flatten)]
    window: Window,
}

const ARGUMENTS: &[&str] = &["accountId", "filter", "sort", "collapseThreads"];

/// Which part of the answer is wanted (RFC 8620 section 5.5).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Window {
    #[serde(default)]
    position: i64,
    #[serde(default)]
    pub(crate) anchor: Option<String>,
    #[serde(default)]
    anchor_offset: i64,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    pub(crate) calculate_total: bool,
}

/// Ids in one answer at most.
pub(crate) const MOST_IDS: usize = 10_000;

impl Window {
    pub(crate) const ARGUMENTS: &[&str] = &["position", "anchor", "anchorOffset", "limit", "calculateTotal"];

    /// Where the answer begins and how many ids it holds; `limited`: fewer than were asked for. `anchor`: where the
    /// anchor stands.
    pub(crate) fn place(&self, total: usize, anchor: Option<usize>) -> Result<Place, MethodError> {
        let total_signed = i64::try_from(total).unwrap_or(i64::MAX);
        let start = match (&self.anchor, anchor) {
            (Some(_), Some(at)) => i64::try_from(at).unwrap_or(i64::MAX).saturating_add(self.anchor_offset).max(0),
            (Some(_), None) => return Err(MethodError::anchor_not_found("the anchor is not in the results")),
            (None, _) if self.position < 0 => total_signed.saturating_add(self.position).max(0),
            (None, _) => self.position,
        };
        let asked = self.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let limit = asked.min(MOST_IDS);
        Ok(Place { start: usize::try_from(start).unwrap_or(0), limit, limited: asked > MOST_IDS })
    }
}

pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) limit: usize,
    /// The client is told the limit that was applied.
    limited: bool,
}

/// The common part of every /query answer.
pub(crate) fn answer(account: String, state: String, place: &Place, ids: Vec<Value>, total: Option<usize>) -> Object {
    let mut answer = Object::new();
    answer.insert("accountId".to_owned(), account.into());
    answer.insert("queryState".to_owned(), state.into());
    answer.insert("canCalculateChanges".to_owned(), true.into());
    answer.insert("position".to_owned(), place.start.into());
    answer.insert("ids".to_owned(), ids.into());
    if let Some(total) = total {
        answer.insert("total".to_owned(), total.into());
    }
    if place.limited {
        answer.insert("limit".to_owned(), place.limit.into());
    }
    answer
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    arguments.only(&[ARGUMENTS, Window::ARGUMENTS].concat())?;
    let query: Query = arguments.read()?;
    let account = turn.account(&query.account_id).await?;
    let view = account.look().await?;
    let mailbox = view.mailbox();
    let filter = filter::read(&query.filter, mailbox, &|id| turn.real_id(id))?;
    let sort = sort::read(query.sort)?;
    let folding = if query.collapse_threads { Folding::Threads } else { Folding::Emails };
    let found = account.query(&view, filter.as_ref(), &sort, folding).await?;
    let anchor = query.window.anchor.as_deref().map(|id| turn.real_id(id));
    let anchor = anchor.and_then(|id| found.position(&view, object_id::read_email(mailbox, id)?));
    let place = query.window.place(found.len(), anchor)?;
    let ids = found.page(place.start, place.limit).into_iter().map(|id| object_id::email(mailbox, id).into()).collect();
    let total = query.window.calculate_total.then_some(found.len());
    Ok(answer(accounts::id(mailbox), view.state().to_string(), &place, ids, total))
}
