//! `Email/get`

use super::{keywords, mailbox_ids};
use crate::accounts;
use crate::arguments::{Arguments, few_enough};
use crate::error::{Answer, MethodError};
use crate::turn::Turn;
use postroom_mail::whole::{Account, Message, View};
use postroom_mail::{ContentId, Page, Wanted, body_into, header_into};
use postroom_model::object_id;
use postroom_wire_jmap::email::{
    BodyOptions, BodyProperty, Email, Needs, Property, UnknownProperty, Values, body_defaults, defaults, needs, write,
};
use postroom_wire_jmap::{Object, date};
use postroom_wire_message::{EnvelopeRef, PartRef};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Get {
    account_id: String,
    #[serde(default)]
    ids: Option<Vec<String>>,
    #[serde(default)]
    properties: Option<Vec<String>>,
    #[serde(flatten)]
    body: BodyArguments,
}

/// What Email/get and Email/parse share.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BodyArguments {
    #[serde(default)]
    body_properties: Option<Vec<String>>,
    #[serde(default)]
    fetch_text_body_values: bool,
    #[serde(default, rename = "fetchHTMLBodyValues")]
    fetch_html_body_values: bool,
    #[serde(default)]
    fetch_all_body_values: bool,
    #[serde(default)]
    max_body_value_bytes: usize,
}

impl BodyArguments {
    pub(super) const NAMES: &[&str] =
        &["bodyProperties", "fetchTextBodyValues", "fetchHTMLBodyValues", "fetchAllBodyValues", "maxBodyValueBytes"];
}

/// The properties of an email to answer.
pub(super) struct Asked {
    pub(super) properties: Vec<Property>,
    pub(super) body: Vec<BodyProperty>,
    pub(super) options: BodyOptions,
    pub(super) needs: Needs,
}

impl Asked {
    pub(super) fn of(
        properties: Option<&[String]>,
        body: &BodyArguments,
        otherwise: fn() -> Vec<Property>,
    ) -> Result<Self, UnknownProperty> {
        let properties = match properties {
            Some(names) => names.iter().map(|name| Property::parse(name)).collect::<Result<_, _>>()?,
            None => otherwise(),
        };
        let parts = match &body.body_properties {
            Some(names) => names.iter().map(|name| BodyProperty::parse(name)).collect::<Result<_, _>>()?,
            None => body_defaults(),
        };
        let (text, html) = (body.fetch_text_body_values, body.fetch_html_body_values);
        let values = Values { text, html, all: body.fetch_all_body_values };
        let options = BodyOptions { values, most: body.max_body_value_bytes };
        let needs = needs(&properties, &parts, values);
        Ok(Self { properties, body: parts, options, needs })
    }
}

impl From<UnknownProperty> for MethodError {
    fn from(error: UnknownProperty) -> Self {
        Self::invalid_arguments(format!("properties: {error}"))
    }
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    arguments.only(&[&["accountId", "ids", "properties"][..], BodyArguments::NAMES].concat())?;
    let get: Get = arguments.read()?;
    let most = turn.jmap.limits.objects_in_get;
    few_enough(get.ids.as_deref(), most)?;
    let asked = Asked::of(get.properties.as_deref(), &get.body, defaults)?;
    let account = turn.account(&get.account_id).await?;
    let view = account.look().await?;
    let (mut messages, mut not_found) = (Vec::new(), Vec::new());
    match &get.ids {
        None => {
            messages = view.visible().cloned().collect();
            if messages.len() > most {
                let detail = format!("there are {} emails; ask for at most {most} by id", messages.len());
                return Err(MethodError::request_too_large(detail));
            }
        }
        Some(ids) => {
            for id in ids {
                let email = object_id::read_email(view.mailbox(), turn.real_id(id));
                match email.and_then(|email| view.message(email)) {
                    Some(message) => messages.push(message.clone()),
                    None => not_found.push(Value::String(id.clone())),
                }
            }
        }
    }
    let list = objects(&account, &view, &messages, &asked, &mut not_found).await?;
    let mut answer = Object::new();
    answer.insert("accountId".to_owned(), accounts::id(view.mailbox()).into());
    answer.insert("state".to_owned(), view.state().to_string().into());
    answer.insert("list".to_owned(), list.into());
    answer.insert("notFound".to_owned(), not_found.into());
    Ok(answer)
}

/// Messages that are read together when their text is needed.
const BODIES: usize = 32;

/// The emails as objects. One that is destroyed meanwhile goes to `not_found`.
pub(super) async fn objects(
    account: &Account,
    view: &View,
    messages: &[Arc<Message>],
    asked: &Asked,
    not_found: &mut Vec<Value>,
) -> Result<Vec<Value>, MethodError> {
    let needs = asked.needs;
    let wanted = Wanted {
        envelope: needs.envelope,
        structure: needs.structure,
        preview: needs.preview,
        content: needs.content || needs.header,
    };
    let size = if wanted.content { BODIES } else { messages.len().max(1) };
    let mut list = Vec::with_capacity(messages.len());
    for chunk in messages.chunks(size) {
        let contents: Vec<ContentId> = chunk.iter().map(|message| message.content).collect();
        let page = if wanted.is_nothing() { None } else { Some(account.page(contents, wanted).await?) };
        for message in chunk {
            match object(view, message, page.as_ref(), asked).await? {
                Some(object) => list.push(Value::Object(object)),
                None => not_found.push(object_id::email(view.mailbox(), message.email).into()),
            }
        }
    }
    Ok(list)
}

async fn object(
    view: &View,
    message: &Message,
    page: Option<&Page>,
    asked: &Asked,
) -> Result<Option<Object>, MethodError> {
    let id = object_id::email(view.mailbox(), message.email);
    let mut out = Object::new();
    own(view, message, &id, asked, &mut out);
    let Some(page) = page else {
        let nothing = source(&id, message.has_attachment);
        write(&nothing, &asked.properties, &asked.body, &asked.options, &mut out);
        return Ok(Some(out));
    };
    let mut raw = Vec::new();
    if asked.needs.content || asked.needs.header {
        let Some(stored) = page.content(message.content) else { return Ok(None) };
        if asked.needs.content {
            body_into(stored, &mut raw).await?;
        } else {
            header_into(stored, &mut raw).await?;
        }
    }
    let summary = page.summary(message.content);
    let structure = summary.filter(|_| asked.needs.structure).and_then(|s| PartRef::decode(s.structure).ok());
    let email = Email {
        envelope: summary.filter(|_| asked.needs.envelope).and_then(|s| EnvelopeRef::decode(s.envelope).ok()),
        structure: structure.as_ref(),
        preview: summary.map_or("", |summary| std::str::from_utf8(summary.preview).unwrap_or("")),
        raw: &raw,
        ..source(&id, message.has_attachment)
    };
    write(&email, &asked.properties, &asked.body, &asked.options, &mut out);
    Ok(Some(out))
}

fn source(blob: &str, has_attachment: bool) -> Email<'_> {
    Email { blob, envelope: None, structure: None, preview: "", has_attachment, raw: &[] }
}

/// The properties that the mailbox gives an email; `id` always.
fn own(view: &View, message: &Message, id: &str, asked: &Asked, out: &mut Object) {
    out.insert("id".to_owned(), id.into());
    for property in &asked.properties {
        let value = match property {
            Property::BlobId => id.into(),
            Property::ThreadId => object_id::thread(view.mailbox(), message.thread).into(),
            Property::MailboxIds => Value::Object(mailbox_ids(view, message)),
            Property::Keywords => Value::Object(keywords(message)),
            Property::Size => message.size.into(),
            Property::ReceivedAt => date::utc(message.received_at.0).into(),
            _ => continue,
        };
        out.insert(property.name().to_owned(), value);
    }
}
