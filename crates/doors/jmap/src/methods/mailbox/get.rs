//! `Mailbox/get`

use super::{rights, role, sort_order};
use crate::accounts;
use crate::arguments::{Arguments, Get};
use crate::error::Answer;
use crate::turn::Turn;
use postroom_mail::whole::{Shown, View};
use postroom_model::{FolderId, object_id};
use postroom_wire_jmap::Object;
use serde_json::{Value, json};
use std::collections::HashMap;

pub(super) const PROPERTIES: &[&str] = &[
    "id",
    "name",
    "parentId",
    "role",
    "sortOrder",
    "totalEmails",
    "unreadEmails",
    "totalThreads",
    "unreadThreads",
    "myRights",
    "isSubscribed",
];

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let get = Get::read(arguments, turn.jmap.limits.objects_in_get)?;
    let account = turn.account(&get.account_id).await?;
    let wanted = get.wanted(PROPERTIES)?;
    let view = account.look().await?;
    let said = if wanted.contains(&"isSubscribed") { account.subscriptions().await? } else { HashMap::new() };
    let (mut list, mut not_found) = (Vec::new(), Vec::new());
    match &get.ids {
        None => list.extend(view.folders().iter().map(|folder| object(&view, folder, &wanted, &said))),
        Some(ids) => {
            for id in ids {
                let folder = object_id::read_folder(view.mailbox(), turn.real_id(id)).and_then(|id| view.folder(id));
                match folder {
                    Some(folder) => list.push(object(&view, &folder, &wanted, &said)),
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

fn object(view: &View, folder: &Shown, wanted: &[&'static str], said: &HashMap<FolderId, bool>) -> Value {
    let mailbox = view.mailbox();
    let properties = wanted.iter().map(|name| {
        let value = match *name {
            "id" => object_id::folder(mailbox, folder.id).into(),
            "name" => folder.name.clone().into(),
            "parentId" => folder.parent.map(|parent| object_id::folder(mailbox, parent)).into(),
            "role" => role(folder.special_use).into(),
            "sortOrder" => sort_order(folder).into(),
            "totalEmails" => folder.emails.into(),
            "unreadEmails" => folder.unread.into(),
            "totalThreads" => folder.threads.into(),
            "unreadThreads" => folder.unread_threads.into(),
            "myRights" => rights(folder, view.effective().whole),
            "isSubscribed" => said.get(&folder.id).copied().unwrap_or(view.automap()).into(),
            _ => json!(null),
        };
        ((*name).to_owned(), value)
    });
    Value::Object(properties.collect())
}
