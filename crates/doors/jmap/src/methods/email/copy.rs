//! `Email/copy`: emails of another account, here as well.

use super::fields;
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::{Answer, MethodError};
use crate::set::{Outcome, Refused, Set, if_in_state, mismatch};
use crate::turn::Turn;
use postroom_mail::emails::{NewContent, NewEmail, SetEmails};
use postroom_mail::whole::View;
use postroom_model::{MailboxId, object_id};
use postroom_wire_jmap::Object;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Copy {
    from_account_id: String,
    #[serde(default)]
    if_from_in_state: Option<String>,
    account_id: String,
    #[serde(default)]
    if_in_state: Option<String>,
    create: BTreeMap<String, Object>,
    #[serde(default)]
    on_success_destroy_original: bool,
    #[serde(default)]
    destroy_from_if_in_state: Option<String>,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let copy: Copy = arguments.read()?;
    let most = turn.jmap.limits.objects_in_set;
    if copy.create.len() > most {
        return Err(MethodError::request_too_large(format!("at most {most} emails can be copied in one call")));
    }
    if copy.from_account_id == copy.account_id {
        return Err(MethodError::invalid_arguments("fromAccountId: it must be another account than accountId"));
    }
    let from = turn.account(&copy.from_account_id).await.map_err(MethodError::of_from_account)?;
    let account = turn.account(&copy.account_id).await?;
    let view = from.look().await?;
    if if_in_state(copy.if_from_in_state.as_deref())?.is_some_and(|state| state != view.state()) {
        return Err(mismatch());
    }
    let mut set = SetEmails { if_in: if_in_state(copy.if_in_state.as_deref())?, ..SetEmails::default() };
    let (mut outcome, mut keys) = (Outcome::default(), Vec::new());
    for (key, object) in copy.create {
        match one(turn, &view, account.mailbox(), object) {
            Ok((original, new)) => {
                set.create.push(new);
                keys.push((key, original));
            }
            Err(why) => outcome.refuse_create(&key, &why),
        }
    }
    let mailbox = account.mailbox();
    let done = account.set_emails(set).await?;
    let mut copied = Vec::new();
    for ((key, original), made) in keys.into_iter().zip(done.created) {
        match made {
            Ok(made) => {
                turn.made(&key, &object_id::email(mailbox, made.email));
                outcome.created.insert(key, super::set::created(mailbox, &made));
                copied.push(original);
            }
            Err(why) => outcome.refuse_create(&key, &why.into()),
        }
    }
    if copy.on_success_destroy_original && !copied.is_empty() {
        destroy_originals(turn, copy.from_account_id.clone(), copy.destroy_from_if_in_state, copied).await;
    }
    let answer = outcome.answer(accounts::id(mailbox), done.old.to_string(), done.new.to_string());
    let own = ["accountId", "oldState", "newState", "created", "notCreated"];
    let mut answer: Object = answer.into_iter().filter(|(name, _)| own.contains(&name.as_str())).collect();
    answer.insert("fromAccountId".to_owned(), copy.from_account_id.into());
    Ok(answer)
}

fn one(turn: &Turn, view: &View, target: MailboxId, mut object: Object) -> Result<(String, NewEmail), Refused> {
    let Some(Value::String(id)) = object.remove("id") else {
        return Err(Refused::property("id", "it must be the id of the original"));
    };
    let id = turn.real_id(&id).to_owned();
    let message = object_id::read_email(view.mailbox(), &id).and_then(|email| view.message(email));
    let message = message.ok_or_else(|| Refused::not_found("email"))?;
    // What is not said comes along.
    object.entry("keywords").or_insert_with(|| Value::Object(super::keywords(message)));
    object.entry("receivedAt").or_insert_with(|| json!(postroom_wire_jmap::date::utc(message.received_at.0)));
    let place = fields::Where::take(&mut object, target, &|id| turn.real_id(id).to_owned())?;
    if let Some(other) = object.keys().next() {
        return Err(Refused::property(other, "a copy has no such property"));
    }
    let content = NewContent::Stored { content: message.content, size: u64::from(message.size) };
    Ok((id, place.with(content)))
}

/// The implicit Email/set; its answer follows that of the copy.
async fn destroy_originals(turn: &mut Turn, account_id: String, if_in_state: Option<String>, ids: Vec<String>) {
    let set = Set { account_id, if_in_state, create: None, update: None, destroy: Some(ids) };
    match super::set::carry_out(turn, set).await {
        Ok(answer) => turn.also("Email/set", answer),
        Err(error) => turn.also("error", error.into_object()),
    }
}
