//! `SearchSnippet/get`: where in an email the words that were looked for stand.

use crate::accounts;
use crate::arguments::{Arguments, few_enough};
use crate::error::{Answer, MethodError};
use crate::methods::email::filter::{self, Searched};
use crate::turn::Turn;
use postroom_mail::uploads::{Bytes, Source};
use postroom_model::object_id;
use postroom_wire_jmap::{Object, snippet};
use postroom_wire_message::{Parsed, shown_text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Get {
    account_id: String,
    #[serde(default)]
    filter: Value,
    email_ids: Vec<String>,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let get: Get = arguments.read()?;
    few_enough(Some(&get.email_ids), turn.jmap.limits.objects_in_get)?;
    let account = turn.account(&get.account_id).await?;
    let view = account.look().await?;
    let mailbox = view.mailbox();
    let filter = filter::read(&get.filter, mailbox, &|id| turn.real_id(id))?;
    if let Some(filter) = &filter {
        account.may_search(&view, filter)?;
    }
    let searched = Arc::new(filter.as_ref().map(filter::searched).unwrap_or_default());
    let (mut list, mut not_found) = (Vec::new(), Vec::new());
    for id in &get.email_ids {
        let email = object_id::read_email(mailbox, turn.real_id(id)).filter(|email| view.message(*email).is_some());
        let raw = match email {
            Some(email) if !searched.is_empty() => {
                account.bytes(&Bytes { source: Source::Email(email), parts: Vec::new() }).await?
            }
            Some(_) => Some(Vec::new()),
            None => None,
        };
        let Some(raw) = raw else {
            not_found.push(Value::String(id.clone()));
            continue;
        };
        let searched = searched.clone();
        let found = tokio::task::spawn_blocking(move || snippets(&raw, &searched)).await;
        let (subject, preview) = found.map_err(|_| MethodError::server_fail("making a snippet panicked"))?;
        list.push(json!({ "emailId": turn.real_id(id), "subject": subject, "preview": preview }));
    }
    let not_found = if not_found.is_empty() { Value::Null } else { Value::Array(not_found) };
    let answer = [("accountId", accounts::id(mailbox).into()), ("list", list.into()), ("notFound", not_found)];
    Ok(answer.into_iter().map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect::<Object>())
}

/// Subject and preview with what was looked for marked.
fn snippets(raw: &[u8], searched: &Searched) -> (Option<String>, Option<String>) {
    if searched.is_empty() {
        return (None, None);
    }
    let parsed = Parsed::of(raw);
    let subject = snippet::whole(&parsed.subject_text, &searched.subject);
    let preview = if searched.body.is_empty() {
        None
    } else {
        snippet::excerpt(&shown_text(raw, &parsed.structure), &searched.body)
    };
    (subject, preview)
}
