//! The organisation file: read, compared with what there is, applied in one transaction, and written again.
//!
//! [`OrganisationFile::parse`] reads a file and refuses it whole, with line and reason. `resolve` checks it against
//! what there is and gives what is wanted; `difference` compares the two, both described in names only; `apply`
//! does the steps of the difference. `export` writes what there is as such a file. A key that is absent from
//! something the file names means the key's default.

mod apply;
mod current;
mod described;
mod difference;
mod export;
mod raw;
mod read;
mod resolve;
mod routes;
mod steps;

pub use apply::{ApplyError, Options, Report};
pub use difference::{Difference, Group, Line, Sign};
pub use export::ExportError;
pub use read::OrganisationFile;

use serde::Serialize;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    pub text: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// Why a file was refused, in order of line. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

#[cfg(test)]
mod tests;
