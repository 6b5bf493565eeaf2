//! `Mailbox/set`: everything that succeeds is one transaction.

use super::sort_order;
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::Answer;
use crate::set::{Outcome, Refused, Set, if_in_state};
use crate::turn::Turn;
use postroom_mail::folders::{FolderChange, FolderSetError, FoldersSet, Named, NewFolder, SetFolders};
use postroom_mail::whole::{Account, View};
use postroom_model::{FolderId, MailboxId, object_id};
use postroom_wire_jmap::{Object, patch};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetMailboxes {
    account_id: String,
    #[serde(default)]
    if_in_state: Option<String>,
    #[serde(default)]
    create: Option<BTreeMap<String, Object>>,
    #[serde(default)]
    update: Option<BTreeMap<String, Object>>,
    #[serde(default)]
    destroy: Option<Vec<String>>,
    #[serde(default)]
    on_destroy_remove_emails: bool,
}

/// What is asked for, by the names that the client gave.
struct Asked {
    set: SetFolders,
    create: Vec<String>,
    update: Vec<String>,
    destroy: Vec<String>,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let asked: SetMailboxes = arguments.read()?;
    let SetMailboxes { account_id, if_in_state, create, update, destroy, on_destroy_remove_emails } = asked;
    let set = Set { account_id, if_in_state, create, update, destroy };
    set.few_enough(turn.jmap.limits.objects_in_set)?;
    let account = turn.account(&set.account_id).await?;
    let mailbox = account.mailbox();
    let mut outcome = Outcome::default();
    let if_in = self::if_in_state(set.if_in_state.as_deref())?;
    let set_folders = SetFolders { if_in, remove_emails: on_destroy_remove_emails, ..SetFolders::default() };
    let mut asked = Asked { set: set_folders, create: Vec::new(), update: Vec::new(), destroy: Vec::new() };
    let mut waiting: BTreeMap<String, Object> = set.create.unwrap_or_default();
    // Those that others of the same call are put into come first.
    while let Some(key) = next(&waiting, &asked.create) {
        let object = waiting.remove(&key).unwrap_or_default();
        match new_folder(turn, mailbox, &asked.create, object) {
            Ok(new) => {
                asked.set.create.push(new);
                asked.create.push(key);
            }
            Err(why) => outcome.refuse_create(&key, &why),
        }
    }
    let destroy = set.destroy.unwrap_or_default();
    for (id, change) in set.update.unwrap_or_default() {
        let read = if destroy.contains(&id) {
            Err(Refused::will_destroy())
        } else {
            named(turn, mailbox, &asked.create, &id)
                .ok_or_else(|| Refused::not_found("mailbox"))
                .and_then(|named| Ok((named, change_of(turn, mailbox, &asked.create, change)?)))
        };
        match read {
            Ok(update) => {
                asked.set.update.push(update);
                asked.update.push(id);
            }
            Err(why) => outcome.refuse_update(&id, &why),
        }
    }
    for id in destroy {
        match named(turn, mailbox, &asked.create, &id) {
            Some(named) if asked.set.destroy.contains(&named) => {}
            Some(named) => {
                asked.set.destroy.push(named);
                asked.destroy.push(id);
            }
            None => outcome.refuse_destroy(&id, &Refused::not_found("mailbox")),
        }
    }
    finish(turn, &account, asked, outcome).await
}

/// A creation whose parent is not waiting itself; any, where they wait for each other.
fn next(waiting: &BTreeMap<String, Object>, done: &[String]) -> Option<String> {
    let free = |object: &Object| {
        let parent = object.get("parentId").and_then(Value::as_str).and_then(|id| id.strip_prefix('#'));
        parent.is_none_or(|parent| !waiting.contains_key(parent) || done.iter().any(|key| key == parent))
    };
    let found = waiting.iter().find(|(_, object)| free(object)).or_else(|| waiting.iter().next());
    found.map(|(key, _)| key.clone())
}

fn named(turn: &Turn, mailbox: MailboxId, made: &[String], id: &str) -> Option<Named> {
    let key = id.strip_prefix('#');
    match key.and_then(|key| made.iter().position(|made| made == key)) {
        Some(at) => Some(Named::Made(at)),
        None => object_id::read_folder(mailbox, turn.real_id(id)).map(Named::Folder),
    }
}

fn new_folder(turn: &Turn, mailbox: MailboxId, made: &[String], object: Object) -> Result<NewFolder, Refused> {
    let mut new = NewFolder { name: String::new(), parent: None, sort_order: None, subscribed: None };
    let mut has_name = false;
    for (name, value) in object {
        match (name.as_str(), value) {
            ("name", Value::String(text)) => {
                new.name = text;
                has_name = true;
            }
            ("parentId", value) => new.parent = parent(turn, mailbox, made, &value)?,
            ("sortOrder", value) => new.sort_order = Some(order(&value)?),
            ("isSubscribed", Value::Bool(subscribed)) => new.subscribed = Some(subscribed),
            ("role", Value::Null) => {}
            ("role", _) => return Err(Refused::property("role", ROLES)),
            _ => return Err(Refused::property(&name, "a new mailbox has no such property, or not such a value")),
        }
    }
    if has_name { Ok(new) } else { Err(Refused::property("name", "a mailbox needs a name")) }
}

const ROLES: &str = "the mailboxes with roles are there from the start, and no other gets one";

fn parent(turn: &Turn, mailbox: MailboxId, made: &[String], value: &Value) -> Result<Option<Named>, Refused> {
    match value {
        Value::Null => Ok(None),
        Value::String(id) => {
            let named = named(turn, mailbox, made, id);
            named.map(Some).ok_or_else(|| Refused::property("parentId", "there is no such mailbox"))
        }
        _ => Err(Refused::property("parentId", "it must be an id or null")),
    }
}

fn order(value: &Value) -> Result<u32, Refused> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number < 1 << 31);
    number.ok_or_else(|| Refused::property("sortOrder", "it must be an unsigned integer below 2^31"))
}

fn change_of(turn: &Turn, mailbox: MailboxId, made: &[String], change: Object) -> Result<FolderChange, Refused> {
    let mut found = FolderChange::default();
    for change in patch::read(change)? {
        let shown = change.path.join("/");
        match (shown.as_str(), change.value) {
            ("name", Value::String(name)) => found.name = Some(name),
            ("parentId", value) => found.parent = Some(parent(turn, mailbox, made, &value)?),
            ("sortOrder", value) => found.sort_order = Some(order(&value)?),
            ("isSubscribed", Value::Bool(subscribed)) => found.subscribed = Some(subscribed),
            ("role", _) => return Err(Refused::property("role", ROLES)),
            _ => return Err(Refused::property(&shown, "it cannot be changed, or not to such a value")),
        }
    }
    Ok(found)
}

async fn finish(turn: &mut Turn, account: &Account, asked: Asked, mut outcome: Outcome) -> Answer {
    let mailbox = account.mailbox();
    let FoldersSet { old, new, created, updated, destroyed } = account.set_folders(asked.set).await?;
    let view = account.look().await?;
    for (key, made) in asked.create.into_iter().zip(created) {
        match made {
            Ok(folder) => {
                turn.made(&key, &object_id::folder(mailbox, folder));
                outcome.created.insert(key, created_object(&view, folder));
            }
            Err(why) => outcome.refuse_create(&key, &refused(mailbox, &why)),
        }
    }
    for (id, done) in asked.update.into_iter().zip(updated) {
        match done {
            Ok(()) => drop(outcome.updated.insert(turn.real_id(&id).to_owned(), Value::Null)),
            Err(why) => outcome.refuse_update(&id, &refused(mailbox, &why)),
        }
    }
    for (id, done) in asked.destroy.into_iter().zip(destroyed) {
        match done {
            Ok(_) => outcome.destroyed.push(turn.real_id(&id).into()),
            Err(why) => outcome.refuse_destroy(&id, &refused(mailbox, &why)),
        }
    }
    Ok(outcome.answer(accounts::id(mailbox), old.to_string(), new.to_string()))
}

/// What the server adds to a mailbox that was made.
fn created_object(view: &View, folder: FolderId) -> Value {
    let id = object_id::folder(view.mailbox(), folder);
    match view.folder(folder) {
        Some(folder) => json!({
            "id": id,
            "role": null,
            "sortOrder": sort_order(&folder),
            "totalEmails": folder.emails,
            "unreadEmails": folder.unread,
            "totalThreads": folder.threads,
            "unreadThreads": folder.unread_threads,
            "myRights": super::rights(&folder, view.effective().whole),
            "isSubscribed": view.automap(),
        }),
        None => json!({ "id": id }),
    }
}

fn refused(mailbox: MailboxId, why: &FolderSetError) -> Refused {
    let text = why.to_string();
    match why {
        FolderSetError::NotFound => Refused::not_found("mailbox"),
        FolderSetError::NoParent | FolderSetError::BelowItself => Refused::property("parentId", text),
        FolderSetError::Denied(_) | FolderSetError::SpecialUse(_) => Refused::new("forbidden", text),
        FolderSetError::Exists(folder) => {
            Refused::new("alreadyExists", text).with("existingId", object_id::folder(mailbox, *folder).into())
        }
        FolderSetError::BadName(_) => Refused::property("name", text),
        FolderSetError::HasChildren => Refused::new("mailboxHasChild", text),
        FolderSetError::HasEmails => Refused::new("mailboxHasEmail", text),
    }
}
