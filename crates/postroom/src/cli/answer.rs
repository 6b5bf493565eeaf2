//! What a command ends with, wherever it ran.

use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// For stdout.
    pub(crate) output: String,
    /// For stderr.
    pub(crate) warnings: Vec<String>,
    pub(crate) ending: Ending,
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
        Self { output: output.into(), warnings: Vec::new(), ending: Ending::Done }
    }

    pub(crate) fn failed(why: impl Into<String>) -> Self {
        Self { output: String::new(), warnings: Vec::new(), ending: Ending::Failed(why.into()) }
    }

    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self { output: String::new(), warnings: Vec::new(), ending: Ending::Refused(why.into()) }
    }

    /// A value as JSON, on lines of its own.
    pub(crate) fn json<T: Serialize>(value: &T) -> Self {
        match serde_json::to_string_pretty(value) {
            Ok(json) => Self::done(json + "\n"),
            Err(error) => Self::failed(error.to_string()),
        }
    }

    #[must_use]
    pub(crate) fn with_warnings(mut self, warnings: Vec<String>) -> Self {
        self.warnings = warnings;
        self
    }
}
