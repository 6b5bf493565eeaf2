//! `Identity/set`: names, signatures, reply addresses. Identities themselves come and go with the rights to send.

use super::read_id;
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::Answer;
use crate::set::{Outcome, Refused, Set, if_in_state};
use crate::turn::Turn;
use postroom_outbound::IdentityChange;
use postroom_wire_jmap::{Object, patch};
use serde_json::Value;

/// Octets of one text.
const LONGEST: usize = 64 * 1024;

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let set = Set::read(arguments, turn.jmap.limits.objects_in_set)?;
    let account = turn.account(&set.account_id).await?;
    let mut outcome = Outcome::default();
    for key in set.create.unwrap_or_default().keys() {
        let why = "there is one identity for each address that you may send from; ask an administrator for the right";
        outcome.refuse_create(key, &Refused::new("forbidden", why));
    }
    for id in set.destroy.unwrap_or_default() {
        let why = "an identity is there as long as you may send from its address";
        outcome.refuse_destroy(&id, &Refused::new("forbidden", why));
    }
    let (mut ids, mut updates) = (Vec::new(), Vec::new());
    for (id, change) in set.update.unwrap_or_default() {
        let number = read_id(turn.real_id(&id)).ok_or_else(|| Refused::not_found("identity"));
        match number.and_then(|number| Ok((number, change_of(change)?))) {
            Ok(update) => {
                updates.push(update);
                ids.push(id);
            }
            Err(why) => outcome.refuse_update(&id, &why),
        }
    }
    let if_in = if_in_state(set.if_in_state.as_deref())?;
    let done = turn.jmap.outbound.set_identities(&account, if_in, updates).await?;
    for (id, updated) in ids.into_iter().zip(done.updated) {
        if updated {
            outcome.updated.insert(id, Value::Null);
        } else {
            outcome.refuse_update(&id, &Refused::not_found("identity"));
        }
    }
    Ok(outcome.answer(accounts::id(account.mailbox()), done.old.to_string(), done.new.to_string()))
}

fn change_of(change: Object) -> Result<IdentityChange, Refused> {
    let mut found = IdentityChange::default();
    for change in patch::read(change)? {
        let shown = change.path.join("/");
        let text = || match &change.value {
            Value::String(text) if text.len() <= LONGEST => Ok(Some(text.clone())),
            Value::Null => Ok(Some(String::new())),
            _ => Err(Refused::property(&shown, format!("it must be a text of at most {LONGEST} octets"))),
        };
        match shown.as_str() {
            "name" => {
                let name = text()?;
                if name.as_deref().is_some_and(|name| name.len() > 255 || name.contains(char::is_control)) {
                    return Err(Refused::property(&shown, "it must be one line of at most 255 octets"));
                }
                found.name = name;
            }
            "textSignature" => found.text_signature = text()?,
            "htmlSignature" => found.html_signature = text()?,
            "replyTo" => found.reply_to = Some(people(&shown, &change.value)?),
            "bcc" => found.bcc = Some(people(&shown, &change.value)?),
            _ => return Err(Refused::property(&shown, "it cannot be changed")),
        }
    }
    Ok(found)
}

/// An array of addresses, as JSON; empty for null.
fn people(shown: &str, value: &Value) -> Result<String, Refused> {
    let wrong = || Refused::property(shown, "it must be an array of at most 100 addresses, or null");
    let list = match value {
        Value::Null => return Ok(String::new()),
        Value::Array(list) if list.len() <= 100 => list,
        _ => return Err(wrong()),
    };
    for entry in list {
        let fields = entry.as_object().ok_or_else(wrong)?;
        let named = fields.get("name").is_none_or(|name| name.is_null() || name.is_string());
        let known = fields.keys().all(|key| key == "name" || key == "email");
        if !named || !known || !fields.get("email").is_some_and(Value::is_string) {
            return Err(wrong());
        }
    }
    Ok(value.to_string())
}
