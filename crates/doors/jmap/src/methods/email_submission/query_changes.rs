//! `EmailSubmission/queryChanges`

use super::query::{self, Asked, matching};
use crate::arguments::{Arguments, most_changes};
use crate::error::{Answer, MethodError};
use crate::turn::Turn;
use crate::{accounts, changes};
use postroom_mail::whole::ObjectKind;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryChanges {
    account_id: String,
    #[serde(flatten)]
    list: Asked,
    since_query_state: String,
    #[serde(default)]
    max_changes: Option<u64>,
    #[serde(default)]
    calculate_total: bool,
}

const ARGUMENTS: &[&str] = &["sinceQueryState", "maxChanges", "upToId", "calculateTotal"];

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    arguments.only(&[ARGUMENTS, query::ARGUMENTS].concat())?;
    let asked: QueryChanges = arguments.read()?;
    let most = most_changes(asked.max_changes)?;
    let since = changes::state(&asked.since_query_state)?;
    let account = turn.account(&asked.account_id).await?;
    let view = account.look().await?;
    let all = turn.jmap.outbound.submissions(&account).await?;
    let found = matching(view.mailbox(), &all, &asked.list)?;
    let exists = |id| all.iter().any(|submitted| submitted.id == id);
    let happened = account.object_changes(&view, since, usize::MAX, ObjectKind::Submission, exists).await?;
    let removed: Vec<String> =
        happened.updated.iter().chain(&happened.destroyed).map(|submitted| super::id(*submitted)).collect();
    let touched = |id: &i64| happened.created.contains(id) || happened.updated.contains(id);
    let places = found.iter().enumerate().filter(|(_, submitted)| touched(&submitted.id));
    let added: Vec<(usize, String)> = places.map(|(index, submitted)| (index, super::id(submitted.id))).collect();
    if removed.len() + added.len() > most {
        return Err(MethodError::too_many_changes("more changed than maxChanges"));
    }
    let total = asked.calculate_total.then_some(found.len());
    let (account, new) = (accounts::id(view.mailbox()), view.state().to_string());
    Ok(changes::query_answer(account, &asked.since_query_state, new, removed, added, total))
}
