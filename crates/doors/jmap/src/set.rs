//! What every /set has in common (RFC 8620 section 5.3): its arguments, its answer, and why an object was refused.

use crate::arguments::Arguments;
use crate::error::MethodError;
use postroom_mail::emails::{SetError, WholeSetError};
use postroom_mail::whole::State;
use postroom_wire_jmap::Object;
use postroom_wire_jmap::email::BadEmail;
use postroom_wire_jmap::patch::BadPatch;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Set {
    pub(crate) account_id: String,
    #[serde(default)]
    pub(crate) if_in_state: Option<String>,
    #[serde(default)]
    pub(crate) create: Option<BTreeMap<String, Object>>,
    #[serde(default)]
    pub(crate) update: Option<BTreeMap<String, Object>>,
    #[serde(default)]
    pub(crate) destroy: Option<Vec<String>>,
}

impl Set {
    /// Reads the arguments, and holds them to the limit.
    pub(crate) fn read(arguments: Arguments, most: usize) -> Result<Self, MethodError> {
        let set: Self = arguments.read()?;
        set.few_enough(most)?;
        Ok(set)
    }

    pub(crate) fn few_enough(&self, most: usize) -> Result<(), MethodError> {
        let count = |objects: &Option<BTreeMap<String, Object>>| objects.as_ref().map_or(0, BTreeMap::len);
        let all = count(&self.create) + count(&self.update) + self.destroy.as_ref().map_or(0, Vec::len);
        if all > most {
            let detail = format!("{all} objects are to be made, changed and destroyed; at most {most} may be");
            return Err(MethodError::request_too_large(detail));
        }
        Ok(())
    }
}

/// The state that must still hold. One that this server never gave out does not.
pub(crate) fn if_in_state(text: Option<&str>) -> Result<Option<State>, MethodError> {
    text.map(|text| State::parse(text).ok_or_else(mismatch)).transpose()
}

pub(crate) fn mismatch() -> MethodError {
    MethodError::state_mismatch("the state is another by now")
}

impl From<WholeSetError> for MethodError {
    fn from(error: WholeSetError) -> Self {
        match error {
            WholeSetError::StateMismatch => mismatch(),
            WholeSetError::Access(error) => error.into(),
        }
    }
}

/// Why an object was refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused {
    kind: &'static str,
    description: String,
    more: Object,
}

impl Refused {
    pub(crate) fn new(kind: &'static str, description: impl Into<String>) -> Self {
        Self { kind, description: description.into(), more: Object::new() }
    }

    /// A property that does not fit.
    pub(crate) fn property(name: &str, why: impl Into<String>) -> Self {
        Self::new("invalidProperties", why).with("properties", json!([name]))
    }

    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new("notFound", format!("there is no such {what}"))
    }

    pub(crate) fn will_destroy() -> Self {
        Self::new("willDestroy", "the same call destroys it")
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut json = self.more.clone();
        json.insert("type".to_owned(), self.kind.into());
        json.insert("description".to_owned(), self.description.clone().into());
        Value::Object(json)
    }
}

impl From<SetError> for Refused {
    fn from(error: SetError) -> Self {
        let why = error.to_string();
        match error {
            SetError::NotFound => Self::not_found("email"),
            SetError::Denied(_) => Self::new("forbidden", why),
            SetError::NoFolder | SetError::Nowhere => Self::property("mailboxIds", why),
            SetError::ServersFolder => Self::new("forbidden", why),
            SetError::TooManyKeywords => Self::new("tooManyKeywords", why),
            SetError::Full { .. } | SetError::TooMany { .. } => Self::new("overQuota", why),
        }
    }
}

impl From<BadEmail> for Refused {
    fn from(error: BadEmail) -> Self {
        Self::new("invalidProperties", error.why).with("properties", json!(error.properties))
    }
}

impl From<BadPatch> for Refused {
    fn from(error: BadPatch) -> Self {
        Self::new("invalidPatch", error.to_string())
    }
}

/// The answer of a /set, filled object by object.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) created: Object,
    pub(crate) updated: Object,
    pub(crate) destroyed: Vec<Value>,
    pub(crate) not_created: Object,
    pub(crate) not_updated: Object,
    pub(crate) not_destroyed: Object,
}

impl Outcome {
    pub(crate) fn refuse_create(&mut self, key: &str, why: &Refused) {
        self.not_created.insert(key.to_owned(), why.to_json());
    }

    pub(crate) fn refuse_update(&mut self, id: &str, why: &Refused) {
        self.not_updated.insert(id.to_owned(), why.to_json());
    }

    pub(crate) fn refuse_destroy(&mut self, id: &str, why: &Refused) {
        self.not_destroyed.insert(id.to_owned(), why.to_json());
    }

    /// What was asked for and found nothing to do is null.
    pub(crate) fn answer(self, account: String, old: String, new: String) -> Object {
        let some = |object: Object| if object.is_empty() { Value::Null } else { Value::Object(object) };
        let destroyed = if self.destroyed.is_empty() { Value::Null } else { Value::Array(self.destroyed) };
        [
            ("accountId", account.into()),
            ("oldState", old.into()),
            ("newState", new.into()),
            ("created", some(self.created)),
            ("updated", some(self.updated)),
            ("destroyed", destroyed),
            ("notCreated", some(self.not_created)),
            ("notUpdated", some(self.not_updated)),
            ("notDestroyed", some(self.not_destroyed)),
        ]
        .into_iter()
        .map(|(name, value): (&str, Value)| (name.to_owned(), value))
        .collect()
    }
}
