//! `postroom import MAILBOX PATH`

use super::Answer;
use super::mailbox::find;
use crate::office::Office;
use postroom_model::Actor;
use postroom_transfer::{Format, ImportPart, TransferError};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Flags, keywords and dates come along. Folders of a Maildir come along, too; what others call Sent, Trash or
Spam goes to Sent Items, Deleted Items and Junk. An mbox file goes into the folder of its name, or into the
one that --folder says.

Interrupted, the same command goes on where it was; run again later, it brings only what is new there. A
running server reads the files itself, so they must be where it can read them.

Examples:
  postroom import support /var/vmail/support/Maildir
  postroom import support old.mbox --folder Archive/2019")]
pub(crate) struct Args {
    /// The mailbox: its name or one of its addresses
    mailbox: String,
    /// An mbox file or a Maildir
    path: PathBuf,
    /// The folder here, its levels parted by `/`
    #[arg(long)]
    folder: Option<String>,
    /// What stands there; found out where it is not said
    #[arg(long, value_parser = ["mbox", "maildir"])]
    format: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    mailbox: String,
    path: PathBuf,
    folder: Option<String>,
    format: Option<Format>,
    from: u64,
    filed: u64,
    known: u64,
}

impl Args {
    pub(super) fn prepare(self) -> Result<Request, Answer> {
        // The server has another current folder.
        let absolute = std::path::absolute(&self.path);
        let path = absolute.map_err(|error| Answer::refused(format!("{}: {error}", self.path.display())))?;
        let format = self.format.as_deref().and_then(Format::parse);
        Ok(Request { mailbox: self.mailbox, path, folder: self.folder, format, from: 0, filed: 0, known: 0 })
    }
}

pub(super) async fn run(office: &Office, mut request: Request) -> Answer {
    let mailbox = match find(&office.access.org(), &request.mailbox) {
        Ok(mailbox) => mailbox,
        Err(refused) => return refused,
    };
    let part = ImportPart {
        mailbox: mailbox.id,
        path: request.path.clone(),
        format: request.format,
        folder: request.folder.clone(),
        from: request.from,
    };
    let done = match office.transfer.import(Actor::operator(), part).await {
        Ok(done) => done,
        Err(error) => return wrong(&error),
    };
    (request.filed, request.known) = (request.filed + done.filed, request.known + done.known);
    let left: Vec<String> = done.left.iter().map(|name| format!("{name}: no folder here can have that name")).collect();
    match done.next {
        Some(next) => {
            request.from = next;
            let percent = next.saturating_mul(100) / done.of.max(1);
            let how_far = format!("{percent} % ({} messages)", request.filed + request.known);
            Answer::goes_on(how_far, super::Request::Import(request))
        }
        None => {
            let text = format!("{} messages imported, {} were here already\n", request.filed, request.known);
            Answer::done(text).with_warnings(left)
        }
    }
}

pub(super) fn wrong(error: &TransferError) -> Answer {
    match error {
        TransferError::Store(error) => Answer::failed(error.detail()),
        TransferError::Full { .. } | TransferError::File(..) => Answer::failed(error.to_string()),
        TransferError::NoMail(_) | TransferError::BadFolder(_) | TransferError::NoMailbox => {
            Answer::refused(error.to_string())
        }
    }
}
