//! Who is signed in on a connection, and the mailboxes they have opened in this session.

use crate::Imap;
use crate::names::{self, Meaning};
use crate::reply::{Code, Failure};
use postroom_access::{AccessError, Opened};
use postroom_directory::{Entered, SignedIn};
use postroom_mail::OpenFolder;
use postroom_model::{Actor, Door, MailboxId};
use std::collections::HashMap;

pub(crate) struct User {
    pub(crate) actor: Actor,
    /// Whose folders stand at the top: the person's own, or those of the one mailbox that was signed in to.
    pub(crate) home: MailboxId,
    pub(crate) signed_in: SignedIn,
    opened: HashMap<MailboxId, Opened>,
}

impl User {
    pub(crate) fn new(entered: Entered) -> Self {
        let signed_in = entered.signed_in;
        let home = entered.only.unwrap_or(signed_in.person);
        Self { actor: entered.actor(Door::Imap), home, signed_in, opened: HashMap::new() }
    }

    /// The one mailbox that the sign-in reaches, if it is one.
    pub(crate) fn only(&self) -> Option<MailboxId> {
        self.actor.only
    }

    pub(crate) fn meaning(&self, imap: &Imap, name: &str) -> Meaning {
        match self.only() {
            Some(mailbox) => Meaning::Folder { mailbox, path: name.to_owned() },
            None => names::meaning(&imap.mail.access().org(), self.home, name),
        }
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
