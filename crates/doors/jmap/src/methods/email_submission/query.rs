//! `EmailSubmission/query`

use super::id;
use super::read_id;
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::{Answer, MethodError};
use crate::methods::email::query::{Window, answer};
use crate::methods::identity;
use crate::turn::Turn;
use postroom_model::{MailboxId, Time, object_id};
use postroom_outbound::Submitted;
use postroom_wire_jmap::date;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    account_id: String,
    #[serde(flatten)]
    list: Asked,
    #[serde(flatten)]
    window: Window,
}

/// The part of a query that /query and /queryChanges share.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    #[serde(default)]
    filter: Value,
    #[serde(default)]
    sort: Option<Vec<Comparator>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Comparator {
    property: String,
    #[serde(default = "yes")]
    is_ascending: bool,
    #[serde(default, rename = "collation")]
    _collation: Option<String>,
}

fn yes() -> bool {
    true
}

pub(super) const ARGUMENTS: &[&str] = &["accountId", "filter", "sort"];
const DEEPEST: usize = 32;

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    arguments.only(&[ARGUMENTS, Window::ARGUMENTS].concat())?;
    let query: Query = arguments.read()?;
    let account = turn.account(&query.account_id).await?;
    let view = account.look().await?;
    let all = turn.jmap.outbound.submissions(&account).await?;
    let found = matching(view.mailbox(), &all, &query.list)?;
    let anchor = query.window.anchor.as_deref().and_then(|id| read_id(turn.real_id(id)));
    let anchor = anchor.and_then(|id| found.iter().position(|submitted| submitted.id == id));
    let place = query.window.place(found.len(), anchor)?;
    let ids = found.iter().skip(place.start).take(place.limit).map(|submitted| id(submitted.id).into()).collect();
    let total = query.window.calculate_total.then_some(found.len());
    Ok(answer(accounts::id(view.mailbox()), view.state().to_string(), &place, ids, total))
}

/// Those that match, in order.
pub(super) fn matching<'a>(
    mailbox: MailboxId,
    all: &'a [Submitted],
    asked: &Asked,
) -> Result<Vec<&'a Submitted>, MethodError> {
    let mut found = Vec::new();
    for submitted in all {
        if matches(mailbox, submitted, &asked.filter, DEEPEST)? {
            found.push(submitted);
        }
    }
    let sort = asked.sort.as_deref().unwrap_or_default();
    if let Some(other) = sort.iter().find(|sort| !["emailId", "threadId", "sentAt"].contains(&sort.property.as_str())) {
        let detail = format!("submissions cannot be sorted by `{}`", other.property);
        return Err(MethodError::unsupported_sort(detail));
    }
    found.sort_by(|a, b| {
        let by = |sort: &Comparator| {
            let order = match sort.property.as_str() {
                "emailId" => a.email.cmp(&b.email),
                "threadId" => a.thread.cmp(&b.thread),
                _ => a.send_at.cmp(&b.send_at),
            };
            if sort.is_ascending { order } else { order.reverse() }
        };
        sort.iter().map(by).find(|order| order.is_ne()).unwrap_or_else(|| a.id.cmp(&b.id))
    });
    Ok(found)
}

fn matches(mailbox: MailboxId, submitted: &Submitted, filter: &Value, depth: usize) -> Result<bool, MethodError> {
    let object = match filter {
        Value::Null => return Ok(true),
        Value::Object(object) => object,
        _ => return Err(invalid("filter", "it must be an object")),
    };
    let Some(operator) = object.get("operator") else {
        for (name, value) in object.iter().filter(|(_, value)| !value.is_null()) {
            if !holds(mailbox, submitted, name, value)? {
                return Ok(false);
            }
        }
        return Ok(true);
    };
    let deeper = depth.checked_sub(1);
    let deeper = deeper.ok_or_else(|| MethodError::unsupported_filter("the filter is nested too deep"))?;
    let Some(Value::Array(conditions)) = object.get("conditions") else {
        return Err(invalid("filter/conditions", "it must be an array"));
    };
    let mut results = Vec::with_capacity(conditions.len());
    for condition in conditions {
        results.push(matches(mailbox, submitted, condition, deeper)?);
    }
    match operator.as_str() {
        Some("AND") => Ok(results.into_iter().all(|holds| holds)),
        Some("OR") => Ok(results.into_iter().any(|holds| holds)),
        Some("NOT") => Ok(!results.into_iter().any(|holds| holds)),
        _ => Err(invalid("filter/operator", "it must be AND, OR or NOT")),
    }
}

fn holds(mailbox: MailboxId, submitted: &Submitted, name: &str, value: &Value) -> Result<bool, MethodError> {
    let ids = || {
        let ids = value.as_array().map(|ids| ids.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
        ids.flatten().ok_or_else(|| invalid(name, "it must be an array of ids"))
    };
    let moment = || {
        let millis = value.as_str().and_then(date::read_utc);
        millis.map(Time).ok_or_else(|| invalid(name, "it must be a UTCDate"))
    };
    Ok(match name {
        "identityIds" => ids()?.contains(&identity::id(submitted.identity).as_str()),
        "emailIds" => ids()?.contains(&object_id::email(mailbox, submitted.email).as_str()),
        "threadIds" => ids()?.contains(&object_id::thread(mailbox, submitted.thread).as_str()),
        "undoStatus" => value.as_str().ok_or_else(|| invalid(name, "it must be a string"))? == "final",
        "before" => submitted.send_at < moment()?,
        "after" => submitted.send_at >= moment()?,
        other => return Err(MethodError::unsupported_filter(format!("submissions cannot be filtered by `{other}`"))),
    })
}

fn invalid(name: &str, why: &str) -> MethodError {
    MethodError::invalid_arguments(format!("{name}: {why}"))
}
