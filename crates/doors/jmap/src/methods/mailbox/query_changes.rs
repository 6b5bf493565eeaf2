//! `Mailbox/queryChanges`

use super::list::{self, Asked};
use crate::arguments::{Arguments, most_changes};
use crate::error::{Answer, MethodError};
use crate::turn::Turn;
use crate::{accounts, changes};
use postroom_model::{FolderId, object_id};
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

const ARGUMENTS: &[&str] = &["accountId", "sinceQueryState", "maxChanges", "upToId", "calculateTotal"];

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    arguments.only(&[ARGUMENTS, list::ARGUMENTS].concat())?;
    let asked: QueryChanges = arguments.read()?;
    let most = most_changes(asked.max_changes)?;
    let since = changes::state(&asked.since_query_state)?;
    let account = turn.account(&asked.account_id).await?;
    let view = account.look().await?;
    let mailbox = view.mailbox();
    let found = list::of(&view, &account.subscriptions().await?, &asked.list, &|id| turn.real_id(id).to_owned())?;
    let happened = account.folder_changes(&view, since, usize::MAX).await?;
    let mut touched = happened.changes.created;
    // Counts decide nothing about which mailboxes match, and in what order.
    let updated = if happened.only_counts { Vec::new() } else { happened.changes.updated };
    touched.extend(&updated);
    let removed: Vec<FolderId> = updated.into_iter().chain(happened.changes.destroyed).collect();
    let places = found.iter().enumerate().filter(|(_, folder)| touched.contains(folder));
    let added: Vec<(usize, String)> =
        places.map(|(index, folder)| (index, object_id::folder(mailbox, *folder))).collect();
    if removed.len() + added.len() > most {
        return Err(MethodError::too_many_changes("more changed than maxChanges"));
    }
    let removed = removed.into_iter().map(|folder| object_id::folder(mailbox, folder)).collect();
    let total = asked.calculate_total.then_some(found.len());
    let (account, new) = (accounts::id(mailbox), view.state().to_string());
    Ok(changes::query_answer(account, &asked.since_query_state, new, removed, added, total))
}
