//! Who can reach a mailbox, what each of them can do there, and where that comes from.

use crate::Directory;
use crate::change::need_manager;
use crate::explain::{paths, source};
use crate::folders::FoldersError;
use postroom_model::{Actor, Door, MailboxId, MailboxKind, decide};
use postroom_store::folders;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    pub name: String,
    pub display_name: String,
    /// Held in the whole mailbox, or somewhere in it.
    pub rights: Vec<&'static str>,
    /// Where they come from, in words.
    pub from: Vec<String>,
}

impl Directory {
    /// Everybody with a right on the mailbox, in order of name. For administrators and managers.
    pub async fn people_of(&self, actor: Actor, mailbox: MailboxId) -> Result<Vec<PersonLine>, FoldersError> {
        let org = self.org();
        need_manager(&org, actor, mailbox)?;
        let folders = self.store().read(move |tx| folders::all(tx, mailbox)).await?;
        let paths = paths(&folders);
        let people = org.mailboxes().filter(|person| person.kind == MailboxKind::User);
        let mut lines: Vec<PersonLine> = people
            .filter_map(|person| {
                let held = decide(&org, Actor::person(person.id, Door::Admin), mailbox);
                held.sees_mailbox().then(|| PersonLine {
                    name: person.name.to_string(),
                    display_name: person.display_name.clone(),
                    rights: held.anywhere().names(),
                    from: held.because.iter().map(|reason| source(&org, reason, &paths)).collect(),
                })
            })
            .collect();
        lines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(lines)
    }
}
