//! `postroom export`

use super::Answer;
use crate::office::Office;
use postroom_directory::file::ExportError;
use postroom_model::Actor;
use serde::{Deserialize, Serialize};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Passwords are written as hashes. Applied to an empty installation, the file gives the same organisation;
applied to this one, no difference.

Example:
  postroom export > org.toml")]
pub(crate) struct Args {}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {}

impl Args {
    pub(super) fn prepare(self) -> Request {
        Request {}
    }
}

pub(super) async fn run(office: &Office, _request: Request) -> Answer {
    match office.directory.export(Actor::operator()).await {
        Ok(text) => Answer::done(text),
        Err(ExportError::Store(error)) => Answer::failed(error.detail()),
        Err(error @ (ExportError::Format(_) | ExportError::NotAllowed(_))) => Answer::failed(error.to_string()),
    }
}
