//! `Email/import`: messages from blobs.

use super::fields::Where;
use super::set::created;
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::{Answer, MethodError};
use crate::methods::blob_bytes;
use crate::set::{Outcome, Refused, if_in_state};
use crate::turn::Turn;
use postroom_mail::emails::{NewContent, NewEmail, SetEmails};
use postroom_mail::whole::Account;
use postroom_model::{Time, object_id};
use postroom_wire_jmap::Object;
use postroom_wire_message::Fields;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Import {
    account_id: String,
    #[serde(default)]
    if_in_state: Option<String>,
    emails: BTreeMap<String, Object>,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let import: Import = arguments.read()?;
    let most = turn.jmap.limits.objects_in_set;
    if import.emails.len() > most {
        return Err(MethodError::request_too_large(format!("at most {most} emails can be imported in one call")));
    }
    let account = turn.account(&import.account_id).await?;
    let mut outcome = Outcome::default();
    let mut set = SetEmails { if_in: if_in_state(import.if_in_state.as_deref())?, ..SetEmails::default() };
    let mut keys = Vec::new();
    for (key, object) in import.emails {
        match one(turn, &account, object).await? {
            Ok(new) => {
                set.create.push(new);
                keys.push(key);
            }
            Err(why) => outcome.refuse_create(&key, &why),
        }
    }
    let mailbox = account.mailbox();
    let done = account.set_emails(set).await?;
    for (key, made) in keys.into_iter().zip(done.created) {
        match made {
            Ok(made) => {
                turn.made(&key, &object_id::email(mailbox, made.email));
                outcome.created.insert(key, created(mailbox, &made));
            }
            Err(why) => outcome.refuse_create(&key, &why.into()),
        }
    }
    let answer = outcome.answer(accounts::id(mailbox), done.old.to_string(), done.new.to_string());
    let own = ["accountId", "oldState", "newState", "created", "notCreated"];
    Ok(answer.into_iter().filter(|(name, _)| own.contains(&name.as_str())).collect())
}

async fn one(turn: &Turn, account: &Account, mut object: Object) -> Result<Result<NewEmail, Refused>, MethodError> {
    let place = match Where::take(&mut object, account.mailbox(), &|id| turn.real_id(id).to_owned()) {
        Ok(place) => place,
        Err(why) => return Ok(Err(why)),
    };
    let Some(Value::String(blob)) = object.remove("blobId") else {
        return Ok(Err(Refused::property("blobId", "it must be the id of a blob")));
    };
    if let Some(other) = object.keys().next() {
        return Ok(Err(Refused::property(other, "an import has no such property")));
    }
    let raw = match blob_bytes(account.mailbox(), turn.real_id(&blob)) {
        Some(bytes) => account.bytes(&bytes).await?,
        None => None,
    };
    let Some(raw) = raw else {
        return Ok(Err(Refused::property("blobId", "there is no such blob")));
    };
    if Fields::of(&raw).next().is_none() {
        return Ok(Err(Refused::new("invalidEmail", "the blob is no message: it has no header field")));
    }
    let received = place.received_at().or_else(|| received_at(&raw));
    let content = NewContent::New(Box::new(account.mail().prepare(raw).await?));
    Ok(Ok(NewEmail { received_at: received, ..place.with(content) }))
}

/// The moment of the newest Received field (RFC 8621 section 4.8).
fn received_at(raw: &[u8]) -> Option<Time> {
    let newest = Fields::of(raw).find(|field| field.is("Received"))?;
    let (_, date) = std::str::from_utf8(newest.value).ok()?.rsplit_once(';')?;
    postroom_wire_message::parse_date(date.as_bytes()).map(Time::from_seconds)
}
