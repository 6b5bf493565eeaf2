//! `Blob/get`: the bytes of blobs, and their digests (RFC 9404 section 4.2).

use super::DIGESTS;
use crate::accounts;
use crate::arguments::{Arguments, few_enough, unknown_property};
use crate::error::{Answer, MethodError};
use crate::methods::blob_bytes;
use crate::turn::Turn;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_mail::digest;
use postroom_wire_jmap::Object;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Get {
    account_id: String,
    ids: Vec<String>,
    #[serde(default)]
    properties: Option<Vec<String>>,
    #[serde(default)]
    offset: Option<usize>,
    #[serde(default)]
    length: Option<usize>,
}

/// Octets of blobs in one answer.
const MOST: usize = 64 * 1024 * 1024;

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let get: Get = arguments.read()?;
    few_enough(Some(&get.ids), turn.jmap.limits.objects_in_get)?;
    let wanted = get.properties.clone().unwrap_or_else(|| vec!["data".to_owned(), "size".to_owned()]);
    let known = |name: &str| {
        let digest = name.strip_prefix("digest:").is_some_and(|digest| DIGESTS.contains(&digest));
        digest || ["id", "data", "data:asText", "data:asBase64", "size"].contains(&name)
    };
    if let Some(other) = wanted.iter().find(|name| !known(name)) {
        return Err(unknown_property(other));
    }
    let account = turn.account(&get.account_id).await?;
    let (mut list, mut not_found, mut total) = (Vec::new(), Vec::new(), 0);
    for id in &get.ids {
        let found = match blob_bytes(account.mailbox(), turn.real_id(id)) {
            Some(bytes) => account.bytes(&bytes).await?,
            None => None,
        };
        match found {
            Some(bytes) => {
                let object = object(turn.real_id(id), &bytes, &wanted, &get);
                total += bytes.len();
                list.push(Value::Object(object));
            }
            None => not_found.push(Value::String(id.clone())),
        }
        if total > MOST {
            return Err(MethodError::request_too_large(format!("the blobs take more than {MOST} octets together")));
        }
    }
    let answer =
        [("accountId", accounts::id(account.mailbox()).into()), ("list", list.into()), ("notFound", not_found.into())];
    Ok(answer.into_iter().map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect())
}

fn object(id: &str, bytes: &[u8], wanted: &[String], get: &Get) -> Object {
    let start = get.offset.unwrap_or(0).min(bytes.len());
    let asked = get.length.map_or(bytes.len(), |length| get.offset.unwrap_or(0).saturating_add(length));
    let end = asked.clamp(start, bytes.len());
    let part = bytes.get(start..end).unwrap_or_default();
    let truncated = asked > bytes.len() || get.offset.is_some_and(|offset| offset > bytes.len());
    let mut out = Object::new();
    out.insert("id".to_owned(), id.into());
    let text = std::str::from_utf8(part).ok();
    for name in wanted {
        match name.as_str() {
            "size" => drop(out.insert(name.clone(), bytes.len().into())),
            "data" => match text {
                Some(text) => drop(out.insert("data:asText".to_owned(), text.into())),
                None => drop(out.insert("data:asBase64".to_owned(), STANDARD.encode(part).into())),
            },
            "data:asText" => {
                out.insert(name.clone(), text.into());
                if text.is_none() {
                    out.insert("isEncodingProblem".to_owned(), true.into());
                }
            }
            "data:asBase64" => drop(out.insert(name.clone(), STANDARD.encode(part).into())),
            "digest:sha-256" => drop(out.insert(name.clone(), STANDARD.encode(digest::sha256(part)).into())),
            "digest:sha" => drop(out.insert(name.clone(), STANDARD.encode(digest::sha1(part)).into())),
            _ => {}
        }
    }
    if truncated {
        out.insert("isTruncated".to_owned(), true.into());
    }
    out
}
