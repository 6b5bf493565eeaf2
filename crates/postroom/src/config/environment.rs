//! `POSTROOM_…` variables: each key of the configuration, written over what the file says.
//!
//! `POSTROOM_LISTEN_SMTP` is `smtp` in `[listen]`, `POSTROOM_HOSTNAME` is `hostname`.

use super::ConfigError;
use super::file::File;
use serde::Deserialize;
use toml::{Table, Value};

const PREFIX: &str = "POSTROOM_";
const SECTIONS: [&str; 11] =
    ["database", "blobs", "listen", "http", "tls", "auth", "secrets", "outgoing", "dns", "inbound", "limits"];
/// Variables with the prefix that are no keys of the configuration: they are read elsewhere.
const OTHERS: [&str; 4] = ["POSTROOM_CONFIG", "POSTROOM_DATA", "POSTROOM_LOG", "POSTROOM_PASSWORD"];

/// What the environment says.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    keys: Vec<Key>,
    /// Variables with the prefix that mean nothing here.
    pub(super) strangers: Vec<String>,
}

#[derive(Debug)]
struct Key {
    section: Option<&'static str>,
    name: String,
    value: String,
}

impl Overlay {
    /// Reads and checks the variables, each by itself, so that an error names the one at fault.
    pub(super) fn read(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut overlay = Self::default();
        for (variable, value) in variables {
            let Some(rest) = variable.strip_prefix(PREFIX) else { continue };
            if OTHERS.contains(&variable.as_str()) {
                continue;
            }
            let Some(key) = Key::new(rest, value) else {
                overlay.strangers.push(variable);
                continue;
            };
            let mut alone = Table::new();
            key.write_into(&mut alone);
            File::deserialize(alone)
                .map_err(|error| ConfigError::Variable { variable, why: error.message().to_owned() })?;
            overlay.keys.push(key);
        }
        Ok(overlay)
    }

    pub(super) fn write_into(&self, table: &mut Table) {
        for key in &self.keys {
            key.write_into(table);
        }
    }
}

impl Key {
    /// None for a variable that names no section and no key without one.
    fn new(rest: &str, value: String) -> Option<Self> {
        let name = rest.to_ascii_lowercase();
        if name == "hostname" {
            return Some(Self { section: None, name, value });
        }
        SECTIONS.into_iter().find_map(|section| {
            let key = name.strip_prefix(section)?.strip_prefix('_')?;
            Some(Self { section: Some(section), name: key.to_owned(), value: value.clone() })
        })
    }

    fn write_into(&self, table: &mut Table) {
        let value = Value::String(self.value.clone());
        let Some(section) = self.section else {
            table.insert(self.name.clone(), value);
            return;
        };
        let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(keys) = section {
            keys.insert(self.name.clone(), value);
        }
    }
}
