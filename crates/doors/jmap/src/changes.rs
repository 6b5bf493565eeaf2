//! What every /changes and /queryChanges has in common (RFC 8620 sections 5.2 and 5.6).

use crate::arguments::ChangesSince;
use crate::error::MethodError;
use postroom_mail::whole::{Changes, State};
use postroom_wire_jmap::Object;
use serde_json::{Value, json};

/// A state that a client brings back.
pub(crate) fn state(text: &str) -> Result<State, MethodError> {
    let unknown = || MethodError::cannot_calculate_changes("this server gave out no such state");
    State::parse(text).ok_or_else(unknown)
}

/// The answer to a /changes.
pub(crate) fn answer<I: Copy>(asked: &ChangesSince, changes: &Changes<I>, id: impl Fn(I) -> String) -> Object {
    let ids = |list: &[I]| list.iter().map(|item| Value::String(id(*item))).collect::<Value>();
    [
        ("accountId", Value::String(asked.account_id.clone())),
        ("oldState", asked.since_state.clone().into()),
        ("newState", changes.until.to_string().into()),
        ("hasMoreChanges", changes.more.into()),
        ("created", ids(&changes.created)),
        ("updated", ids(&changes.updated)),
        ("destroyed", ids(&changes.destroyed)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// The answer to a /queryChanges.
pub(crate) fn query_answer(
    account: String,
    old: &str,
    new: String,
    removed: Vec<String>,
    added: Vec<(usize, String)>,
    total: Option<usize>,
) -> Object {
    let added: Vec<Value> = added.into_iter().map(|(index, id)| json!({ "id": id, "index": index })).collect();
    let mut answer = Object::new();
    answer.insert("accountId".to_owned(), account.into());
    answer.insert("oldQueryState".to_owned(), old.into());
    answer.insert("newQueryState".to_owned(), new.into());
    answer.insert("removed".to_owned(), removed.into());
    answer.insert("added".to_owned(), added.into());
    if let Some(total) = total {
        answer.insert("total".to_owned(), total.into());
    }
    answer
}
