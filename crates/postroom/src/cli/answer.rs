//! What a command ends with, wherever it ran.

use super::Request;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// For stdout.
    pub(crate) output: String,
    /// For stderr.
    pub(crate) warnings: Vec<String>,
    pub(crate) ending: Ending,
    /// The rest of the work, of a command that works in parts. The warnings then say how far it is.
    #[serde(default)]
    pub(crate) next: Option<Box<Request>>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ending {
    Done,
    /// Something went wrong on the way.
    Failed(String),
    /// The input is not accepted; nothing was changed.
    Refused(String),
}

impl Answer {
    pub(crate) fn done(output: impl Into<String>) -> Self {
        Self { output: output.into(), warnings: Vec::new(), ending: Ending::Done, next: None }
    }

    pub(crate) fn failed(why: impl Into<String>) -> Self {
        Self { output: String::new(), warnings: Vec::new(), ending: Ending::Failed(why.into()), next: None }
    }

    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self { output: String::new(), warnings: Vec::new(), ending: Ending::Refused(why.into()), next: None }
    }

    /// A value as JSON, on lines of its own.
    pub(crate) fn json<T: Serialize>(value: &T) -> Self {
        match serde_json::to_string_pretty(value) {
            Ok(json) => Self::done(json + "\n"),
            Err(error) => Self::failed(error.to_string()),
        }
    }

    /// A part is done, and this is the rest.
    pub(crate) fn goes_on(how_far: String, next: Request) -> Self {
        Self { warnings: vec![how_far], next: Some(Box::new(next)), ..Self::done("") }
    }

    #[must_use]
    pub(crate) fn with_warnings(mut self, warnings: Vec<String>) -> Self {
        self.warnings = warnings;
        self
    }
}
