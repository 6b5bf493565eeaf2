//! Why somebody may, or may not.

use crate::Directory;
use crate::change::{NotAllowed, need_admin, need_manager};
use postroom_model::decide::managers;
use postroom_model::{Actor, Door, FolderId, Grantee, MailboxId, MailboxKind, Org, Reason, Right, decide};
use postroom_store::{StoreError, folders};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    #[error("there is no user {0}")]
    NoUser(String),
    #[error("there is no mailbox {0}")]
    NoMailbox(String),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a right is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    Whole,
    /// In some folders only.
    Folders,
    No,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RightExplained {
    pub right: &'static str,
    /// What the right gives.
    pub gives: &'static str,
    pub held: Held,
    /// Where it comes from, in words.
    pub from: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub user: String,
    pub mailbox: String,
    pub mailbox_display_name: String,
    pub rights: Vec<RightExplained>,
    /// Who can grant what is missing.
    pub can_grant: Vec<String>,
    /// Particulars: that the mailbox is invisible, that an account is no user.
    pub notes: Vec<String>,
}

impl Directory {
    /// For administrators, and for those who manage the mailbox. `user` and `mailbox` are names or addresses.
    pub async fn explain(
        &self,
        actor: Actor,
        user: &str,
        mailbox: &str,
        right: Option<Right>,
    ) -> Result<Explanation, ExplainError> {
        let org = self.org();
        let found = find(&org, mailbox);
        // Whoever manages no such mailbox is told the same of one that exists and of one that does not.
        if found.is_none_or(|target| need_manager(&org, actor, target).is_err()) {
            need_admin(&org, actor)?;
        }
        let target = found.ok_or_else(|| ExplainError::NoMailbox(mailbox.to_owned()))?;
        let person = find(&org, user).ok_or_else(|| ExplainError::NoUser(user.to_owned()))?;
        let folders = self.store().read(move |tx| folders::all(tx, target)).await?;
        Ok(explain(&org, person, target, right, &paths(&folders)))
    }
}

fn find(org: &Org, text: &str) -> Option<MailboxId> {
    let by_address = postroom_model::Address::parse(text).ok().and_then(|address| org.by_address(&address));
    by_address.or_else(|| org.by_name(&text.to_lowercase())).map(|mailbox| mailbox.id)
}

/// The full path of every folder.
pub(crate) fn paths(all: &[folders::Folder]) -> BTreeMap<FolderId, String> {
    let by_id: BTreeMap<FolderId, &folders::Folder> = all.iter().map(|folder| (folder.id, folder)).collect();
    let path = |folder: &folders::Folder| {
        let mut path = folder.name.clone();
        let mut above = folder.parent;
        for _ in 0..postroom_model::folder::MAX_DEPTH {
            let Some(parent) = above.and_then(|id| by_id.get(&id)) else { break };
            path = format!("{}/{path}", parent.name);
            above = parent.parent;
        }
        path
    };
    all.iter().map(|folder| (folder.id, path(folder))).collect()
}

fn explain(
    org: &Org,
    person: MailboxId,
    target: MailboxId,
    right: Option<Right>,
    paths: &BTreeMap<FolderId, String>,
) -> Explanation {
    // Which door makes no difference to what is held.
    let held = decide(org, Actor::person(person, Door::Cli), target);
    let wanted = Right::ALL.into_iter().filter(|one| right.is_none_or(|only| only == *one));
    let rights = wanted.map(|right| {
        let sources = held.because.iter().filter(|reason| gives(reason, right));
        RightExplained {
            right: right.as_str(),
            gives: right.gives(),
            held: match (held.whole.has(right), held.anywhere().has(right)) {
                (true, _) => Held::Whole,
                (false, true) => Held::Folders,
                (false, false) => Held::No,
            },
            from: sources.map(|reason| source(org, reason, paths)).collect(),
        }
    });
    let name = |id: MailboxId| org.mailbox(id).map(|mailbox| mailbox.name.to_string()).unwrap_or_default();
    let mut can_grant = managers(org, target);
    can_grant.push("an administrator".to_owned());
    Explanation {
        user: name(person),
        mailbox: name(target),
        mailbox_display_name: org.mailbox(target).map(|mailbox| mailbox.display_name.clone()).unwrap_or_default(),
        rights: rights.collect(),
        can_grant,
        notes: notes(org, person, held.sees_mailbox()),
    }
}

fn gives(reason: &Reason, right: Right) -> bool {
    match reason {
        Reason::Owner => true,
        Reason::Grant { rights, .. } => rights.has(right),
    }
}

pub(crate) fn source(org: &Org, reason: &Reason, paths: &BTreeMap<FolderId, String>) -> String {
    let Reason::Grant { grantee, folder, .. } = reason else { return "own mailbox".to_owned() };
    let from = match grantee {
        Grantee::Person(_) => "direct grant".to_owned(),
        Grantee::Role(key) => {
            format!("role {}", org.role(*key).map_or_else(|| key.to_string(), |role| role.id.clone()))
        }
    };
    match folder {
        None => from,
        Some(id) => {
            let path = paths.get(id).cloned().unwrap_or_else(|| format!("number {id}"));
            format!("{from}, in the folder {path} and below it")
        }
    }
}

fn notes(org: &Org, person: MailboxId, sees: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(mailbox) = org.mailbox(person).filter(|mailbox| mailbox.kind != MailboxKind::User) {
        notes.push(format!(
            "{} is a {} mailbox: it does not sign in and holds no rights",
            mailbox.name,
            mailbox.kind.as_str()
        ));
    }
    if !sees {
        notes.push("without any right the mailbox does not exist for this user".to_owned());
    }
    notes
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} on {} ({}):", self.user, self.mailbox, self.mailbox_display_name)?;
        for line in &self.rights {
            let held = match line.held {
                Held::Whole => "yes",
                Held::Folders => "in folders",
                Held::No => "no",
            };
            let from = if line.from.is_empty() { String::new() } else { format!("  from: {}", line.from.join("; ")) };
            writeln!(f, "  {:<20} {held:<10}  {}{from}", line.right, line.gives)?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        if self.rights.iter().any(|line| line.held != Held::Whole) {
            writeln!(f, "who can grant it: {}", self.can_grant.join(", "))?;
        }
        Ok(())
    }
}
