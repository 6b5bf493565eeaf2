//! `Thread/get`

use crate::accounts;
use crate::arguments::{Arguments, Get};
use crate::error::{Answer, MethodError};
use crate::turn::Turn;
use postroom_mail::whole::View;
use postroom_model::{ThreadId, object_id};
use postroom_wire_jmap::Object;
use serde_json::Value;
use std::collections::BTreeSet;

const PROPERTIES: &[&str] = &["id", "emailIds"];

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let most = turn.jmap.limits.objects_in_get;
    let get = Get::read(arguments, most)?;
    let account = turn.account(&get.account_id).await?;
    let wanted = get.wanted(PROPERTIES)?;
    let view = account.look().await?;
    let (mut list, mut not_found) = (Vec::new(), Vec::new());
    match &get.ids {
        None => {
            let threads: BTreeSet<ThreadId> = view.visible().map(|message| message.thread).collect();
            if threads.len() > most {
                let detail = format!("there are {} threads; ask for at most {most} by id", threads.len());
                return Err(MethodError::request_too_large(detail));
            }
            list.extend(threads.into_iter().filter_map(|thread| object(&view, thread, &wanted)));
        }
        Some(ids) => {
            for id in ids {
                let thread = object_id::read_thread(view.mailbox(), id);
                match thread.and_then(|thread| object(&view, thread, &wanted)) {
                    Some(thread) => list.push(thread),
                    None => not_found.push(Value::String(id.clone())),
                }
            }
        }
    }
    let mut answer = Object::new();
    answer.insert("accountId".to_owned(), accounts::id(view.mailbox()).into());
    answer.insert("state".to_owned(), view.state().to_string().into());
    answer.insert("list".to_owned(), list.into());
    answer.insert("notFound".to_owned(), not_found.into());
    Ok(answer)
}

/// None: no email of it shows.
fn object(view: &View, thread: ThreadId, wanted: &[&str]) -> Option<Value> {
    let emails = view.thread(thread);
    if emails.is_empty() {
        return None;
    }
    let mut out = Object::new();
    out.insert("id".to_owned(), object_id::thread(view.mailbox(), thread).into());
    if wanted.contains(&"emailIds") {
        let ids = emails.into_iter().map(|email| Value::String(object_id::email(view.mailbox(), email)));
        out.insert("emailIds".to_owned(), ids.collect());
    }
    Some(Value::Object(out))
}
