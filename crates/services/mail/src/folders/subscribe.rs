//! Which folders a person wants to see in their list. Folders are subscribed from the start where they appear by
//! themselves; what a person says about them counts more. A name may be subscribed to that no folder bears.

use crate::{Mail, SubscribeError};
use postroom_access::{AccessError, Opened};
use postroom_model::{Actor, FolderName, MailboxId, Right};
use postroom_store::changes::Log;
use postroom_store::subscribed_names::{self, SubscribedName};
use postroom_store::{Scope, StoreError, Tx, folders};

impl Mail {
    /// Subscribes to the folder at a path, or to the path if there is none. Unsubscribing from what is not subscribed
    /// and not there is `NotFound`.
    pub async fn subscribe(&self, opened: &Opened, path: &str, subscribed: bool) -> Result<(), SubscribeError> {
        let mailbox = opened.mailbox();
        let Some(person) = opened.actor().person_id() else { return Err(AccessError::NotFound.into()) };
        let tree = self.tree(mailbox).await?;
        let name = SubscribedName { mailbox: Some(mailbox), path: composed(path) };
        let Some(id) = tree.at(path).map(|folder| folder.id) else {
            return self.subscribe_to(person, name, subscribed).await;
        };
        opened.need(Right::FolderView, &tree.ancestry(id))?;
        let at = self.access.clock().now();
        let work = move |tx: &mut Tx<'_>| {
            // The folder bears the name by now.
            subscribed_names::remove(tx, person, &name)?;
            let mut log = Log::begin(tx, mailbox, at)?;
            folders::subscribe(tx, &mut log, person, id, subscribed)?;
            log.end(tx)
        };
        self.store().write::<_, StoreError, _>(Scope::mailbox(mailbox), work).await?;
        Ok(())
    }

    /// Subscribes to a name that means no mailbox that the actor may see.
    pub async fn subscribe_name(&self, actor: Actor, name: &str, subscribed: bool) -> Result<(), SubscribeError> {
        let Some(person) = actor.person_id() else { return Err(AccessError::NotFound.into()) };
        let name = SubscribedName { mailbox: None, path: name.to_owned() };
        self.subscribe_to(person, name, subscribed).await
    }

    async fn subscribe_to(
        &self,
        person: MailboxId,
        name: SubscribedName,
        subscribed: bool,
    ) -> Result<(), SubscribeError> {
        let work = move |tx: &mut Tx<'_>| {
            if subscribed {
                let added = subscribed_names::add(tx, person, &name)?;
                return if added { Ok(()) } else { Err(SubscribeError::TooMany) };
            }
            let was_there = subscribed_names::remove(tx, person, &name)?;
            if was_there { Ok(()) } else { Err(AccessError::NotFound.into()) }
        };
        self.store().write(Scope::Free, work).await
    }

    /// The names that the actor subscribes to although no folder bore them when they did.
    pub async fn subscribed_names(&self, actor: Actor) -> Result<Vec<SubscribedName>, AccessError> {
        let Some(person) = actor.person_id() else { return Ok(Vec::new()) };
        Ok(self.store().read(move |tx| subscribed_names::of(tx, person)).await?)
    }
}

/// The path as a folder would bear it, however its accents are spelt.
fn composed(path: &str) -> String {
    match FolderName::parse_path(path) {
        Ok(names) => names.iter().map(FolderName::as_str).collect::<Vec<_>>().join("/"),
        Err(_) => path.to_owned(),
    }
}
