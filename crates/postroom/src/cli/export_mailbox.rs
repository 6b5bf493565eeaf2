//! `postroom export-mailbox MAILBOX DIR`

use super::Answer;
use super::import::wrong;
use super::mailbox::find;
use crate::office::Office;
use postroom_model::{Actor, FolderId, Uid};
use postroom_transfer::{ExportPart, Format};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A Maildir (Maildir++, as Dovecot and others read it) keeps bytes, folders, flags, keywords and dates. Exported
again into the same folder it adds what is new; interrupted, the same command goes on. As mbox there is one
file for each folder, written anew.

A running server writes the files itself, as its own user.

Examples:
  postroom export-mailbox support /srv/export/support
  postroom export-mailbox support /srv/export/support --format mbox")]
pub(crate) struct Args {
    /// The mailbox: its name or one of its addresses
    mailbox: String,
    /// The folder that the files go into
    dir: PathBuf,
    /// How mail is written
    #[arg(long, value_parser = ["maildir", "mbox"], default_value = "maildir")]
    format: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    mailbox: String,
    path: PathBuf,
    format: Format,
    from: Option<(FolderId, Uid)>,
    written: u64,
    known: u64,
}

impl Args {
    pub(super) fn prepare(self) -> Result<Request, Answer> {
        let absolute = std::path::absolute(&self.dir);
        let path = absolute.map_err(|error| Answer::refused(format!("{}: {error}", self.dir.display())))?;
        let format = Format::parse(&self.format).unwrap_or(Format::Maildir);
        Ok(Request { mailbox: self.mailbox, path, format, from: None, written: 0, known: 0 })
    }
}

pub(super) async fn run(office: &Office, mut request: Request) -> Answer {
    let mailbox = match find(&office.access.org(), &request.mailbox) {
        Ok(mailbox) => mailbox,
        Err(refused) => return refused,
    };
    let part =
        ExportPart { mailbox: mailbox.id, path: request.path.clone(), format: request.format, from: request.from };
    let done = match office.transfer.export(Actor::operator(), part).await {
        Ok(done) => done,
        Err(error) => return wrong(&error),
    };
    (request.written, request.known) = (request.written + done.written, request.known + done.known);
    match done.next {
        Some(next) => {
            request.from = Some(next);
            let how_far = format!("{} ({} messages)", done.folder, request.written + request.known);
            Answer::goes_on(how_far, super::Request::ExportMailbox(request))
        }
        None => {
            let text = format!("{} messages written, {} were there already\n", request.written, request.known);
            Answer::done(text)
        }
    }
}
