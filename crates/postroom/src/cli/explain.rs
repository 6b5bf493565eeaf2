//! `postroom explain USER MAILBOX [RIGHT]`

use super::Answer;
use crate::office::Office;
use postroom_directory::ExplainError;
use postroom_model::{Actor, Right};
use serde::{Deserialize, Serialize};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  postroom explain alice support             every right, with where it comes from
  postroom explain alice support send.as     this one only")]
pub(crate) struct Args {
    /// Login name or address of the user
    user: String,
    /// Name or address of the mailbox
    mailbox: String,
    /// A right, such as message.read or send.as
    right: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    user: String,
    mailbox: String,
    right: Option<String>,
    json: bool,
}

impl Args {
    pub(super) fn prepare(self) -> Result<Request, Answer> {
        if let Some(Err(unknown)) = self.right.as_deref().map(Right::parse) {
            let names: Vec<&str> = Right::ALL.into_iter().map(Right::as_str).collect();
            return Err(Answer::refused(format!("`{}` is no right; there are {}", unknown.0, names.join(", "))));
        }
        Ok(Request { user: self.user, mailbox: self.mailbox, right: self.right, json: self.json })
    }
}

pub(super) async fn run(office: &Office, request: Request) -> Answer {
    let right = match request.right.as_deref().map(Right::parse).transpose() {
        Ok(right) => right,
        Err(unknown) => return Answer::refused(unknown.to_string()),
    };
    match office.directory.explain(Actor::operator(), &request.user, &request.mailbox, right).await {
        Ok(explanation) if request.json => Answer::json(&explanation),
        Ok(explanation) => Answer::done(explanation.to_string()),
        Err(ExplainError::Store(error)) => Answer::failed(error.detail()),
        Err(error @ (ExplainError::NoUser(_) | ExplainError::NoMailbox(_) | ExplainError::NotAllowed(_))) => {
            Answer::refused(error.to_string())
        }
    }
}
