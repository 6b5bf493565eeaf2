//! The properties of a new email that say where it goes: `mailboxIds`, `keywords`, `receivedAt`.

use super::mark;
use crate::set::Refused;
use postroom_mail::emails::{NewContent, NewEmail};
use postroom_mail::whole::Mark;
use postroom_model::{Flags, FolderId, Keyword, MailboxId, Time, object_id};
use postroom_wire_jmap::{Object, date};
use serde_json::Value;

/// Resolves creation ids.
pub(super) type RealId<'a> = &'a dyn Fn(&str) -> String;

/// Where a new email goes, and what it bears.
pub(super) struct Where {
    folders: Vec<FolderId>,
    flags: Flags,
    keywords: Vec<Keyword>,
    received_at: Option<Time>,
}

impl Where {
    /// Takes these properties out of a new email.
    pub(super) fn take(object: &mut Object, mailbox: MailboxId, real_id: RealId<'_>) -> Result<Self, Refused> {
        let folders = object.remove("mailboxIds").unwrap_or_default();
        let folders = self::folders("mailboxIds", &folders, mailbox, real_id)?;
        if folders.is_empty() {
            return Err(Refused::property("mailboxIds", "an email must stand in at least one mailbox"));
        }
        let marks = match object.remove("keywords") {
            None | Some(Value::Null) => Vec::new(),
            Some(marks) => self::marks("keywords", &marks)?,
        };
        let received_at = match object.remove("receivedAt") {
            None | Some(Value::Null) => None,
            Some(text) => {
                let millis = text.as_str().and_then(date::read_utc);
                Some(Time(millis.ok_or_else(|| Refused::property("receivedAt", "it must be a UTCDate"))?))
            }
        };
        let (flags, keywords) = split(marks);
        Ok(Self { folders, flags, keywords, received_at })
    }

    pub(super) fn received_at(&self) -> Option<Time> {
        self.received_at
    }

    pub(super) fn with(self, content: NewContent) -> NewEmail {
        let Self { folders, flags, keywords, received_at } = self;
        NewEmail { content, folders, flags, keywords, received_at }
    }
}

fn split(marks: Vec<Mark>) -> (Flags, Vec<Keyword>) {
    let (mut flags, mut keywords) = (Flags::NONE, Vec::new());
    for mark in marks {
        match mark {
            Mark::Flag(flag) => flags = flags.union(flag),
            Mark::Keyword(text) => keywords.extend(Keyword::parse(&text)),
        }
    }
    (flags, keywords)
}

/// The keywords of an object that maps each to true.
pub(super) fn marks(shown: &str, value: &Value) -> Result<Vec<Mark>, Refused> {
    let Value::Object(marks) = value else { return Err(Refused::property(shown, "it must be an object")) };
    marks
        .iter()
        .map(|(keyword, on)| {
            let at = format!("{shown}/{keyword}");
            if *on != Value::Bool(true) {
                return Err(Refused::property(&at, "it must be true"));
            }
            mark(keyword).map_err(|why| Refused::property(&at, why))
        })
        .collect()
}

/// The folders of an object that maps the id of each to true.
pub(super) fn folders(
    shown: &str,
    value: &Value,
    mailbox: MailboxId,
    real_id: RealId<'_>,
) -> Result<Vec<FolderId>, Refused> {
    let Value::Object(ids) = value else { return Err(Refused::property(shown, "it must be an object")) };
    ids.iter()
        .map(|(id, on)| {
            let at = format!("{shown}/{id}");
            if *on != Value::Bool(true) {
                return Err(Refused::property(&at, "it must be true"));
            }
            object_id::read_folder(mailbox, &real_id(id))
                .ok_or_else(|| Refused::property(&at, "there is no such mailbox"))
        })
        .collect()
}

/// `true` sets, `null` takes away.
pub(super) fn is_on(shown: &str, value: &Value) -> Result<bool, Refused> {
    match value {
        Value::Bool(true) => Ok(true),
        Value::Null => Ok(false),
        _ => Err(Refused::property(shown, "it must be true or null")),
    }
}
