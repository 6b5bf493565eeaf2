//! `Blob/lookup`: which emails, threads and mailboxes hold a blob (RFC 9404 section 4.3).

use crate::accounts;
use crate::arguments::{Arguments, few_enough};
use crate::error::{Answer, MethodError};
use crate::methods::blob_bytes;
use crate::turn::Turn;
use postroom_mail::uploads::Source;
use postroom_model::object_id;
use postroom_wire_jmap::Object;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Lookup {
    account_id: String,
    type_names: Vec<String>,
    ids: Vec<String>,
}

/// Types that can hold a blob.
pub(crate) const TYPES: [&str; 3] = ["Email", "Mailbox", "Thread"];

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let lookup: Lookup = arguments.read()?;
    few_enough(Some(&lookup.ids), turn.jmap.limits.objects_in_get)?;
    if let Some(other) = lookup.type_names.iter().find(|name| !TYPES.contains(&name.as_str())) {
        return Err(MethodError::unknown_data_type(format!("typeNames: no blobs are in `{other}`")));
    }
    let account = turn.account(&lookup.account_id).await?;
    let view = account.look().await?;
    let mailbox = view.mailbox();
    let (mut list, mut not_found) = (Vec::new(), Vec::new());
    for id in &lookup.ids {
        let bytes = blob_bytes(mailbox, turn.real_id(id));
        let found = match &bytes {
            Some(bytes) => account.content(bytes.source).await?,
            None => None,
        };
        let (Some(bytes), Some(content)) = (bytes, found) else {
            not_found.push(Value::String(id.clone()));
            continue;
        };
        // An upload may have become an email, whose content is the same.
        let holds = view.visible().filter(|message| match bytes.source {
            Source::Email(email) => message.email == email,
            Source::Upload(_) => bytes.parts.is_empty() && message.content == content.content,
        });
        let holds: Vec<_> = holds.collect();
        let mut matched = Object::new();
        for name in &lookup.type_names {
            let mut ids: Vec<String> = match name.as_str() {
                "Email" => holds.iter().map(|message| object_id::email(mailbox, message.email)).collect(),
                "Thread" => holds.iter().map(|message| object_id::thread(mailbox, message.thread)).collect(),
                _ => {
                    let folders = holds.iter().flat_map(|message| view.folders_of(message));
                    folders.map(|folder| object_id::folder(mailbox, folder)).collect()
                }
            };
            ids.sort_unstable();
            ids.dedup();
            matched.insert(name.clone(), ids.into());
        }
        list.push(json!({ "id": turn.real_id(id), "matchedIds": matched }));
    }
    let answer = [("accountId", accounts::id(mailbox).into()), ("list", list.into()), ("notFound", not_found.into())];
    Ok(answer.into_iter().map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect())
}
