//! The folders there are for the person, and what changed among them.

use super::watching::Account;
use super::{Lost, Notify};
use crate::commands::{Node, attributes, nodes};
use crate::session::Session;
use postroom_mail::FolderInfo;
use postroom_model::{FolderId, MailboxId};
use postroom_wire_imap::command::notify::{EventGroup, Events, Folders};
use postroom_wire_imap::response::{self, FolderAttribute, ListLine};
use std::collections::HashMap;

/// A folder as it was listed last.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) mailbox: MailboxId,
    pub(crate) info: FolderInfo,
    pub(crate) name: String,
    /// Of the person's own mailbox.
    own: bool,
    attributes: Vec<FolderAttribute>,
}

impl Known {
    fn of(node: &Node) -> Option<Self> {
        let (mailbox, info) = node.folder.clone()?;
        Some(Self { mailbox, info, name: node.name.clone(), own: node.own, attributes: attributes(node, true) })
    }

    pub(crate) fn is(&self, mailbox: MailboxId, folder: FolderId) -> bool {
        self.mailbox == mailbox && self.info.id == folder
    }

    /// Whether a group of events is about the folder.
    pub(super) fn is_meant(&self, folders: &Folders) -> bool {
        let below =
            |above: &str| self.name.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match folders {
            Folders::Selected | Folders::SelectedDelayed => false,
            Folders::Inboxes => self.own && self.name == "INBOX",
            Folders::Personal => self.own,
            Folders::Subscribed => self.info.subscribed,
            Folders::Subtree(names) => names.iter().any(|name| name.as_str().is_empty() || below(name.as_str())),
            Folders::Mailboxes(names) => names.iter().any(|name| self.name == name.as_str()),
        }
    }
}

/// The names that are asked for by name: they are looked up even where a mailbox does not map by itself.
fn named(groups: &[EventGroup]) -> Vec<String> {
    let names = groups.iter().flat_map(|group| match &group.folders {
        Folders::Subtree(names) | Folders::Mailboxes(names) => names.as_slice(),
        _ => &[],
    });
    names.map(|name| name.as_str().to_owned()).collect()
}

impl Session {
    /// Reads the list and begins to watch the mailboxes in it; what was listed before is given back.
    pub(crate) async fn read_list(&mut self, notify: &mut Notify) -> Result<Vec<Known>, Lost> {
        let imap = self.imap.clone();
        let nodes = nodes(&imap, self, &named(&notify.groups)).await.map_err(|_| Lost::TooMuch)?;
        let known: Vec<Known> = nodes.iter().filter_map(Known::of).collect();
        let Some(actor) = self.user.as_ref().map(|user| user.actor) else { return Ok(Vec::new()) };
        notify.accounts.retain(|account| known.iter().any(|known| known.mailbox == account.mailbox));
        for folder in &known {
            if notify.accounts.iter().any(|account| account.mailbox == folder.mailbox) {
                continue;
            }
            if let Ok((notices, seen)) = imap.mail.watch(actor, folder.mailbox).await {
                notify.accounts.push(Account { mailbox: folder.mailbox, notices, seen });
            }
        }
        Ok(std::mem::replace(&mut notify.known, known))
    }

    /// Reads the list anew and tells what is different.
    pub(super) async fn list_again(&mut self, notify: &mut Notify) -> Result<(), Lost> {
        let before = self.read_list(notify).await?;
        let mut old: HashMap<(MailboxId, FolderId), Known> =
            before.into_iter().map(|known| ((known.mailbox, known.info.id), known)).collect();
        for new in &notify.known {
            let was = old.remove(&(new.mailbox, new.info.id));
            let wants = |wanted: fn(&Events) -> bool| {
                let asked = |known: &Known| notify.events(known).is_some_and(wanted);
                asked(new) || was.as_ref().is_some_and(asked)
            };
            match &was {
                None if wants(|events| events.mailbox_name) => self.tell_listed(new, None),
                Some(was) if was.name != new.name && wants(|events| events.mailbox_name) => {
                    self.tell_listed(new, Some(&was.name));
                }
                Some(was)
                    if was.info.subscribed != new.info.subscribed && wants(|events| events.subscription_change) =>
                {
                    self.tell_listed(new, None);
                }
                _ => {}
            }
        }
        let mut gone: Vec<&Known> = old.values().collect();
        gone.sort_by(|a, b| a.name.cmp(&b.name));
        for known in gone {
            if notify.events(known).is_some_and(|events| events.mailbox_name) {
                let line = ListLine {
                    attributes: &[FolderAttribute::NonExistent],
                    separator: Some('/'),
                    name: &known.name,
                    child_subscribed: false,
                    old_name: None,
                };
                response::list(&mut self.out, &line, self.enabled.is_utf8());
            }
        }
        Ok(())
    }

    fn tell_listed(&mut self, known: &Known, old_name: Option<&str>) {
        let attributes = &known.attributes;
        let line = ListLine { attributes, separator: Some('/'), name: &known.name, child_subscribed: false, old_name };
        response::list(&mut self.out, &line, self.enabled.is_utf8());
    }
}
