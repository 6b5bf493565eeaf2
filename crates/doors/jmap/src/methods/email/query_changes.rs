//! `Email/queryChanges`

use super::filter;
use super::sort::{self, Comparator};
use crate::arguments::{Arguments, most_changes};
use crate::error::Answer;
use crate::turn::Turn;
use crate::{accounts, changes};
use postroom_mail::whole::Folding;
use postroom_model::object_id;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct QueryChanges {
    account_id: String,
    #[serde(default)]
    filter: Value,
    #[serde(default)]
    sort: Option<Vec<Comparator>>,
    #[serde(default)]
    collapse_threads: bool,
    since_query_state: String,
    #[serde(default)]
    max_changes: Option<u64>,
    /// Lets a server leave out what comes after; everything is told.
    #[serde(default, rename = "upToId")]
    _up_to_id: Option<String>,
    #[serde(default)]
    calculate_total: bool,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let asked: QueryChanges = arguments.read()?;
    let most = most_changes(asked.max_changes)?;
    let since = changes::state(&asked.since_query_state)?;
    let account = turn.account(&asked.account_id).await?;
    let view = account.look().await?;
    let mailbox = view.mailbox();
    let filter = filter::read(&asked.filter, mailbox, &|id| turn.real_id(id))?;
    let sort = sort::read(asked.sort)?;
    let folding = if asked.collapse_threads { Folding::Threads } else { Folding::Emails };
    let found = account.query_changes(&view, (filter.as_ref(), &sort, folding), since, most).await?;
    let removed = found.removed.into_iter().map(|id| object_id::email(mailbox, id)).collect();
    let added = found.added.into_iter().map(|(index, id)| (index, object_id::email(mailbox, id))).collect();
    let total = asked.calculate_total.then_some(found.total);
    let (account, new) = (accounts::id(mailbox), view.state().to_string());
    Ok(changes::query_answer(account, &asked.since_query_state, new, removed, added, total))
}
