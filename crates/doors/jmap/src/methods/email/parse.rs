//! `Email/parse`: blobs shown as emails.

use super::get::{Asked, BodyArguments};
use crate::accounts;
use crate::arguments::{Arguments, few_enough};
use crate::error::{Answer, MethodError};
use crate::methods::blob_bytes;
use crate::turn::Turn;
use postroom_wire_jmap::Object;
use postroom_wire_jmap::email::{Email, Property, parse_defaults, write};
use postroom_wire_message::{EnvelopeRef, Fields, Parsed, PartRef};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parse {
    account_id: String,
    blob_ids: Vec<String>,
    #[serde(default)]
    properties: Option<Vec<String>>,
    #[serde(flatten)]
    body: BodyArguments,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    arguments.only(&[&["accountId", "blobIds", "properties"][..], BodyArguments::NAMES].concat())?;
    let parse: Parse = arguments.read()?;
    few_enough(Some(&parse.blob_ids), turn.jmap.limits.objects_in_get)?;
    let asked = Arc::new(Asked::of(parse.properties.as_deref(), &parse.body, parse_defaults)?);
    let account = turn.account(&parse.account_id).await?;
    let (mut parsed, mut not_parsable, mut not_found) = (Object::new(), Vec::new(), Vec::new());
    for id in parse.blob_ids {
        let bytes = match blob_bytes(account.mailbox(), turn.real_id(&id)) {
            Some(bytes) => account.bytes(&bytes).await?,
            None => None,
        };
        let Some(raw) = bytes else {
            not_found.push(Value::String(id));
            continue;
        };
        let (blob, asked) = (turn.real_id(&id).to_owned(), asked.clone());
        let shown = tokio::task::spawn_blocking(move || shown(&blob, &raw, &asked)).await;
        match shown.map_err(|_| MethodError::server_fail("showing a message panicked"))? {
            Some(email) => drop(parsed.insert(id, Value::Object(email))),
            None => not_parsable.push(Value::String(id)),
        }
    }
    let some = |list: Vec<Value>| if list.is_empty() { Value::Null } else { Value::Array(list) };
    let parsed = if parsed.is_empty() { Value::Null } else { Value::Object(parsed) };
    let answer = [
        ("accountId", accounts::id(account.mailbox()).into()),
        ("parsed", parsed),
        ("notParsable", some(not_parsable)),
        ("notFound", some(not_found)),
    ];
    Ok(answer.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// None: it is no message.
fn shown(blob: &str, raw: &[u8], asked: &Asked) -> Option<Object> {
    Fields::of(raw).next()?;
    let parsed = Parsed::of(raw);
    let (envelope, structure) = (parsed.envelope.encode(), parsed.structure.encode());
    let structure = PartRef::decode(&structure).ok()?;
    let email = Email {
        blob,
        envelope: EnvelopeRef::decode(&envelope).ok(),
        structure: Some(&structure),
        preview: &parsed.preview,
        has_attachment: parsed.has_attachment,
        raw,
    };
    let mut out = Object::new();
    for property in &asked.properties {
        // A blob has none of what a mailbox gives an email.
        let value = match property {
            Property::Id | Property::MailboxIds | Property::Keywords | Property::ThreadId | Property::ReceivedAt => {
                Value::Null
            }
            Property::BlobId => blob.into(),
            Property::Size => raw.len().into(),
            _ => continue,
        };
        out.insert(property.name().to_owned(), value);
    }
    write(&email, &asked.properties, &asked.body, &asked.options, &mut out);
    Some(out)
}
