//! The arguments of a call, read into a type: what does not fit is answered with the name of the field.

use crate::error::MethodError;
use postroom_wire_jmap::Object;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Arguments that were not read yet.
pub(crate) struct Arguments(Object);

impl Arguments {
    pub(crate) fn new(arguments: Object) -> Self {
        Self(arguments)
    }

    /// As they are, for what takes any.
    pub(crate) fn whole(self) -> Object {
        self.0
    }

    /// Refuses any argument but these.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), MethodError> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            Some(other) => Err(MethodError::invalid_arguments(format!("there is no argument `{other}`"))),
            None => Ok(()),
        }
    }

    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, MethodError> {
        read(Value::Object(self.0)).map_err(MethodError::invalid_arguments)
    }
}

/// Reads a JSON value; the error names the field.
pub(crate) fn read<T: DeserializeOwned>(json: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(json).map_err(|error| match error.path().to_string() {
        path if path == "." => error.inner().to_string(),
        path => format!("{path}: {}", error.inner()),
    })
}

/// Of every /get (RFC 8620 section 5.1).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Get {
    pub(crate) account_id: String,
    #[serde(default)]
    pub(crate) ids: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) properties: Option<Vec<String>>,
}

impl Get {
    /// Reads the arguments, and holds them to the limit.
    pub(crate) fn read(arguments: Arguments, most: usize) -> Result<Self, MethodError> {
        let get: Self = arguments.read()?;
        few_enough(get.ids.as_deref(), most)?;
        Ok(get)
    }

    /// The properties to answer, each one of `known`; `id` always is.
    pub(crate) fn wanted(&self, known: &'static [&'static str]) -> Result<Vec<&'static str>, MethodError> {
        let Some(properties) = &self.properties else { return Ok(known.to_vec()) };
        let mut wanted = vec!["id"];
        for property in properties {
            let found = known.iter().find(|name| *name == property);
            let found = found.ok_or_else(|| unknown_property(property))?;
            if !wanted.contains(found) {
                wanted.push(found);
            }
        }
        Ok(wanted)
    }
}

pub(crate) fn unknown_property(name: &str) -> MethodError {
    MethodError::invalid_arguments(format!("properties: there is no property `{name}`"))
}

/// At most so many ids are looked at in one call.
pub(crate) fn few_enough(ids: Option<&[String]>, most: usize) -> Result<(), MethodError> {
    match ids {
        Some(ids) if ids.len() > most => {
            Err(MethodError::request_too_large(format!("{} ids are asked for; at most {most} may be", ids.len())))
        }
        _ => Ok(()),
    }
}

/// Of every /changes (section 5.2).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChangesSince {
    pub(crate) account_id: String,
    pub(crate) since_state: String,
    #[serde(default)]
    pub(crate) max_changes: Option<u64>,
}

impl ChangesSince {
    /// How many changes the client wants to be told at most.
    pub(crate) fn most(&self) -> Result<usize, MethodError> {
        most_changes(self.max_changes)
    }
}

pub(crate) fn most_changes(wanted: Option<u64>) -> Result<usize, MethodError> {
    match wanted {
        Some(0) => Err(MethodError::invalid_arguments("maxChanges: it must be at least 1")),
        Some(most) => Ok(usize::try_from(most).unwrap_or(usize::MAX)),
        None => Ok(usize::MAX),
    }
}
