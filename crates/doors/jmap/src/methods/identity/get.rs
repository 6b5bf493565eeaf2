//! `Identity/get`: the addresses that the person may send from.

use super::{id, read_id};
use crate::accounts;
use crate::arguments::{Arguments, Get};
use crate::error::Answer;
use crate::turn::Turn;
use postroom_outbound::KeptIdentity;
use postroom_wire_jmap::Object;
use serde_json::{Value, json};

const PROPERTIES: &[&str] =
    &["id", "name", "email", "replyTo", "bcc", "textSignature", "htmlSignature", "mayDelete", "sendsAs"];

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let get = Get::read(arguments, turn.jmap.limits.objects_in_get)?;
    let account = turn.account(&get.account_id).await?;
    let wanted = get.wanted(PROPERTIES)?;
    let all = turn.jmap.outbound.kept_identities(&account).await?;
    let state = account.look().await?.state();
    let (mut list, mut not_found) = (Vec::new(), Vec::new());
    match &get.ids {
        None => list.extend(all.iter().map(|identity| object(identity, &wanted))),
        Some(ids) => {
            for id in ids {
                let number = read_id(turn.real_id(id));
                match all.iter().find(|identity| Some(identity.id) == number) {
                    Some(identity) => list.push(object(identity, &wanted)),
                    None => not_found.push(Value::String(id.clone())),
                }
            }
        }
    }
    let mut answer = Object::new();
    answer.insert("accountId".to_owned(), accounts::id(account.mailbox()).into());
    answer.insert("state".to_owned(), state.to_string().into());
    answer.insert("list".to_owned(), list.into());
    answer.insert("notFound".to_owned(), not_found.into());
    Ok(answer)
}

fn object(identity: &KeptIdentity, wanted: &[&'static str]) -> Value {
    let people = |json: &str| serde_json::from_str::<Value>(json).unwrap_or(Value::Null);
    let properties = wanted.iter().map(|name| {
        let value = match *name {
            "id" => id(identity.id).into(),
            "name" => identity.name.clone().into(),
            "email" => identity.address.clone().into(),
            "replyTo" => people(&identity.reply_to),
            "bcc" => people(&identity.bcc),
            "textSignature" => identity.text_signature.clone().into(),
            "htmlSignature" => identity.html_signature.clone().into(),
            // They come and go with the rights.
            "mayDelete" => false.into(),
            // `behalf`: the person is named in the Sender field.
            "sendsAs" => identity.how.as_str().into(),
            _ => json!(null),
        };
        ((*name).to_owned(), value)
    });
    Value::Object(properties.collect())
}
