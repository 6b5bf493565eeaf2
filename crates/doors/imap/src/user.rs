//! Who is signed in on a connection, and the mailboxes they have opened in this session.

use crate::Imap;
use crate::names::{self, Meaning};
use crate::reply::{Code, Failure};
use postroom_access::{AccessError, Opened};
use postroom_directory::SignedIn;
use postroom_mail::OpenFolder;
use postroom_model::{Actor, Door, MailboxId};
use std::collections::HashMap;

pub(crate) struct User {
    pub(crate) actor: Actor,
    pub(crate) person: MailboxId,
    pub(crate) signed_in: SignedIn,
    opened: HashMap<MailboxId, Opened>,
}

impl User {
    pub(crate) fn new(signed_in: SignedIn) -> Self {
        let person = signed_in.person;
        Self { actor: Actor::person(person, Door::Imap), person, signed_in, opened: HashMap::new() }
    }

    pub(crate) fn meaning(&self, imap: &Imap, name: &str) -> Meaning {
        names::meaning(&imap.mail.access().org(), self.person, name)
    }

    /// Opens a mailbox, once per session: the record shows when somebody entered, not every command. Who has lost
    /// every right on it enters anew, and the record shows that, too.
    pub(crate) async fn open(&mut self, imap: &Imap, mailbox: MailboxId) -> Result<Opened, AccessError> {
        if let Some(opened) = self.opened.remove(&mailbox).filter(|opened| opened.effective().sees_mailbox()) {
            self.opened.insert(mailbox, opened.clone());
            return Ok(opened);
        }
        let opened = imap.mail.access().open(self.actor, mailbox).await?;
        self.opened.insert(mailbox, opened.clone());
        Ok(opened)
    }

    /// The mailbox and the folder path that a name means. What is no folder is said not to exist.
    pub(crate) async fn locate(&mut self, imap: &Imap, name: &str) -> Result<(Opened, String), Failure> {
        match self.meaning(imap, name) {
            Meaning::Folder { mailbox, path } => Ok((self.open(imap, mailbox).await?, path)),
            Meaning::Mailbox(mailbox) => {
                self.open(imap, mailbox).await?;
                Err(Failure::no(Code::NonExistent, "this is a mailbox; its folders are below it"))
            }
            Meaning::Namespace(_) | Meaning::Nothing => Err(Failure::from(AccessError::NotFound)),
        }
    }

    /// The folder that a name means.
    pub(crate) async fn folder(&mut self, imap: &Imap, name: &str) -> Result<OpenFolder, Failure> {
        let (opened, path) = self.locate(imap, name).await?;
        Ok(imap.mail.open_folder(&opened, &path).await?)
    }
}
