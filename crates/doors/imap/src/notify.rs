//! What NOTIFY asked for (RFC 5465), and telling it: STATUS of folders in which something happened, LIST of those that
//! came, went, or have another name.
//!
//! Which folders there are for the person is read again whenever folders or rights change, and compared: a grant that is
//! taken away looks like a folder that is gone. What may not be seen is never in that list, so nothing of it is told.
//! Start reading at [`Session::tell_elsewhere`].

mod listing;
mod watching;

pub(crate) use listing::Known;
pub(crate) use watching::stirred;

use crate::reply::Code;
use crate::session::Session;
use postroom_access::AccessError;
use postroom_mail::Stirred;
use postroom_model::{FolderId, MailboxId};
use postroom_wire_imap::command::fetch::FetchItem;
use postroom_wire_imap::command::notify::{EventGroup, Events};
use postroom_wire_imap::command::status::StatusItem;
use postroom_wire_imap::response::{self, Status};
use std::io;
use watching::Account;

/// What a session is told without asking.
pub(crate) struct Notify {
    /// Of the selected folder; None: nothing.
    pub(crate) selected: Option<Selected>,
    /// Of all others; for a folder the first group that fits counts.
    pub(crate) groups: Vec<EventGroup>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) known: Vec<Known>,
    /// Grants, labels and the like: how far they had come when the list was made.
    pub(crate) facts: tokio::sync::watch::Receiver<u64>,
    pub(crate) facts_seen: u64,
}

/// Of the selected folder: new and removed messages always.
#[derive(Clone)]
pub(crate) struct Selected {
    /// Removed messages only when a command allows it.
    pub(crate) delayed: bool,
    pub(crate) flags: bool,
    /// What is told of new messages.
    pub(crate) fetch: Vec<FetchItem>,
}

impl Notify {
    /// The events of interest in a folder.
    pub(crate) fn events(&self, folder: &Known) -> Option<&Events> {
        self.groups.iter().find(|group| folder.is_meant(&group.folders)).map(|group| &group.events)
    }
}

/// What STATUS tells at the beginning, and when something happened.
pub(crate) fn status_items(events: &Events, stirred: Stirred) -> Vec<StatusItem> {
    let mut items = Vec::new();
    if events.message_new && stirred.messages {
        items.extend([StatusItem::Messages, StatusItem::UidNext, StatusItem::UidValidity]);
    }
    if events.flag_change && (stirred.flags || stirred.messages) {
        if items.is_empty() {
            items.push(StatusItem::UidValidity);
        }
        items.push(StatusItem::HighestModSeq);
    }
    items
}

impl Session {
    /// What NOTIFY asked for and happened outside of the selected folder.
    pub(crate) async fn tell_elsewhere(&mut self) -> io::Result<()> {
        let Some(mut notify) = self.notify.take() else { return Ok(()) };
        let told = self.tell_of(&mut notify).await;
        self.notify = Some(notify);
        match told {
            Ok(()) => Ok(()),
            Err(Lost::Io(error)) => Err(error),
            Err(Lost::TooMuch) => {
                self.overflow();
                Ok(())
            }
        }
    }

    /// Nothing is told any more until the client asks again.
    fn overflow(&mut self) {
        let text = "too much happened to tell it all; use NOTIFY again";
        response::untagged(&mut self.out, Status::Ok, Some(Code::NotificationOverflow), text);
        if let Some(notify) = &mut self.notify {
            notify.selected = None;
            notify.groups.clear();
            notify.accounts.clear();
            notify.known.clear();
        }
    }

    async fn tell_of(&mut self, notify: &mut Notify) -> Result<(), Lost> {
        if notify.groups.is_empty() {
            return Ok(());
        }
        let Some(actor) = self.user.as_ref().map(|user| user.actor) else { return Ok(()) };
        let facts = *notify.facts.borrow();
        let mut tree = facts != notify.facts_seen;
        notify.facts_seen = facts;
        let mut stirred: Vec<(MailboxId, FolderId, Stirred)> = Vec::new();
        for account in notify.accounts.iter_mut().filter(|account| account.has_news()) {
            match self.imap.mail.happened(actor, account.mailbox, account.seen).await {
                Ok(happened) if happened.too_much => return Err(Lost::TooMuch),
                Ok(happened) => {
                    account.seen = happened.until;
                    tree |= happened.tree;
                    stirred.extend(happened.folders.into_iter().map(|(folder, what)| (account.mailbox, folder, what)));
                }
                Err(AccessError::NotFound | AccessError::Denied(_)) => {
                    account.skip();
                    tree = true;
                }
                Err(AccessError::Store(_)) => return Err(Lost::TooMuch),
            }
        }
        if tree {
            self.list_again(notify).await?;
        }
        for (mailbox, folder, what) in stirred {
            self.tell_status(notify, mailbox, folder, what).await?;
        }
        Ok(())
    }

    /// STATUS of one folder, if it is of interest. The selected one is told by other means.
    pub(crate) async fn tell_status(
        &mut self,
        notify: &Notify,
        mailbox: MailboxId,
        folder: FolderId,
        what: Stirred,
    ) -> Result<(), Lost> {
        let selected = self.view.as_ref().map(|view| (view.folder.mailbox(), view.folder.id()));
        let known = notify.known.iter().find(|known| known.is(mailbox, folder));
        let Some(known) = known.filter(|_| selected != Some((mailbox, folder))) else { return Ok(()) };
        let Some(events) = notify.events(known) else { return Ok(()) };
        let items = status_items(events, what);
        if items.is_empty() {
            return Ok(());
        }
        if crate::commands::tell_status(self, mailbox, &known.info, &known.name, &items).await.is_err() {
            // It may not be read, or it is gone: the next list will say so.
            return Ok(());
        }
        if self.out.len() > crate::session::FLUSH_AT {
            self.flush().await?;
        }
        Ok(())
    }
}

/// Why the rest could not be told.
pub(crate) enum Lost {
    Io(io::Error),
    TooMuch,
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
