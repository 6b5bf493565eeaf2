//! `Blob/upload`: blobs put together from text, base64 and pieces of others (RFC 9404 section 4.1).

use super::MOST_SOURCES;
use super::copy::refused;
use crate::arguments::Arguments;
use crate::error::{Answer, MethodError};
use crate::methods::blob_bytes;
use crate::set::{Outcome, Refused};
use crate::turn::Turn;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_mail::whole::Account;
use postroom_wire_jmap::Object;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Upload {
    account_id: String,
    create: BTreeMap<String, New>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct New {
    data: Vec<Object>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let upload: Upload = arguments.read()?;
    let most = turn.jmap.limits.objects_in_set;
    if upload.create.len() > most {
        return Err(MethodError::request_too_large(format!("at most {most} blobs can be made in one call")));
    }
    let account = turn.account(&upload.account_id).await?;
    let mut outcome = Outcome::default();
    for (key, new) in upload.create {
        let made = match gathered(turn, &account, &new.data).await? {
            Ok(bytes) => {
                let size = bytes.len();
                match account.upload(bytes, turn.jmap.limits.uploads_waiting).await {
                    Ok(id) => Ok((format!("U{id}"), size)),
                    Err(error) => Err(refused(error)?),
                }
            }
            Err(why) => Err(why),
        };
        match made {
            Ok((id, size)) => {
                turn.made(&key, &id);
                outcome.created.insert(key, json!({ "id": id, "type": new.kind, "size": size }));
            }
            Err(why) => outcome.refuse_create(&key, &why),
        }
    }
    let some = |object: Object| if object.is_empty() { Value::Null } else { Value::Object(object) };
    let answer = [
        ("accountId", upload.account_id.into()),
        ("created", some(outcome.created)),
        ("notCreated", some(outcome.not_created)),
    ];
    Ok(answer.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

async fn gathered(turn: &Turn, account: &Account, data: &[Object]) -> Result<Result<Vec<u8>, Refused>, MethodError> {
    if data.len() > MOST_SOURCES {
        return Ok(Err(Refused::property("data", format!("a blob has at most {MOST_SOURCES} sources"))));
    }
    let mut bytes = Vec::new();
    for (at, source) in data.iter().enumerate() {
        let shown = format!("data/{at}");
        match one(turn, account, source, &shown).await? {
            Ok(more) => bytes.extend(more),
            Err(why) => return Ok(Err(why)),
        }
        let most = turn.jmap.limits.upload;
        if bytes.len() > most {
            return Ok(Err(Refused::new("tooLarge", format!("a blob has at most {most} octets"))));
        }
    }
    Ok(Ok(bytes))
}

async fn one(
    turn: &Turn,
    account: &Account,
    source: &Object,
    shown: &str,
) -> Result<Result<Vec<u8>, Refused>, MethodError> {
    let text = |name: &str| source.get(name).and_then(Value::as_str);
    let number = |name: &str| match source.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
            number
                .map(Some)
                .ok_or_else(|| Refused::property(&format!("{shown}/{name}"), "it must be an unsigned integer"))
        }
    };
    let (plain, encoded, blob) = (text("data:asText"), text("data:asBase64"), text("blobId"));
    Ok(match (plain, encoded, blob) {
        (Some(plain), None, None) => Ok(plain.as_bytes().to_vec()),
        (None, Some(encoded), None) => STANDARD
            .decode(encoded)
            .map_err(|_| Refused::property(&format!("{shown}/data:asBase64"), "it is no base64")),
        (None, None, Some(blob)) => {
            let (offset, length) = match (number("offset"), number("length")) {
                (Ok(offset), Ok(length)) => (offset.unwrap_or(0), length),
                (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
            };
            let found = match blob_bytes(account.mailbox(), turn.real_id(blob)) {
                Some(bytes) => account.bytes(&bytes).await?,
                None => None,
            };
            let Some(found) = found else {
                return Ok(Err(Refused::new("blobNotFound", "there is no such blob").with("notFound", json!([blob]))));
            };
            let end = length.map_or(Some(found.len()), |length| offset.checked_add(length));
            let piece = end.and_then(|end| found.get(offset..end)).map(<[u8]>::to_vec);
            piece.ok_or_else(|| Refused::property(shown, "the blob is not that long"))
        }
        _ => Err(Refused::property(shown, "it needs one of data:asText, data:asBase64 and blobId")),
    })
}
