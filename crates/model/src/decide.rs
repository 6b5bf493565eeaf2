//! The one engine that decides who may do what. Pure: the same facts give the same answer.
//!
//! Start reading at [`decide`]. Services ask it through handles (`access.open`); doors never ask it themselves.

use crate::{Actor, FolderId, Grant, Grantee, MailboxId, MailboxKind, Org, Privilege, Right, RightSet, RoleType, Who};

/// What somebody may do in one mailbox, and why.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Effective {
    /// Rights that hold in the whole mailbox.
    pub whole: RightSet,
    /// Rights that hold in a folder and below it, in addition.
    pub narrowed: Vec<(FolderId, RightSet)>,
    /// Whether the mailbox appears by itself in the person's clients.
    pub automap: bool,
    /// Where the rights come from.
    pub because: Vec<Reason>,
}

/// One source of rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is the person's own mailbox.
    Owner,
    Grant {
        grantee: Grantee,
        folder: Option<FolderId>,
        rights: RightSet,
    },
}

impl Effective {
    /// The rights in a folder. `path` is the folder and its ancestors, in any order.
    pub fn on(&self, path: &[FolderId]) -> RightSet {
        self.narrowed
            .iter()
            .filter(|(folder, _)| path.contains(folder))
            .fold(self.whole, |set, (_, more)| set.union(*more))
    }

    /// Every right that is held somewhere in the mailbox.
    pub fn anywhere(&self) -> RightSet {
        self.narrowed.iter().fold(self.whole, |set, (_, more)| set.union(*more))
    }

    /// Without any right a mailbox does not exist for the person.
    pub fn sees_mailbox(&self) -> bool {
        !self.anywhere().is_empty()
    }
}

/// What `actor` may do in `mailbox`: the union of owning it, direct grants, and the grants of roles.
///
/// The server itself and the operator at the machine are not persons: they hold no rights here, and act through
/// services that do not open mailboxes for reading.
pub fn decide(org: &Org, actor: Actor, mailbox: MailboxId) -> Effective {
    match actor.who {
        // A sign-in into one mailbox reaches no other, whatever the person may.
        Who::Person(_) if actor.only.is_some_and(|only| only != mailbox) => Effective::default(),
        Who::Person(person) => {
            let mut effective = decide_for(org, person, mailbox);
            effective.automap |= actor.only.is_some() && effective.sees_mailbox();
            effective
        }
        Who::Operator | Who::Server => Effective::default(),
    }
}

fn decide_for(org: &Org, person: MailboxId, mailbox: MailboxId) -> Effective {
    let mut effective = Effective::default();
    if !is_person(org, person) || org.mailbox(mailbox).is_none() {
        return effective;
    }
    if person == mailbox {
        effective.whole = RightSet::all();
        effective.automap = true;
        effective.because.push(Reason::Owner);
        return effective;
    }
    for grant in org.grants_on(mailbox).iter().filter(|grant| reaches(org, grant, person)) {
        effective.add(grant);
    }
    effective
}

impl Effective {
    fn add(&mut self, grant: &Grant) {
        let rights = match grant.folder {
            None => grant.rights,
            Some(_) => grant.rights.intersection(RightSet::folder_scoped()),
        };
        if rights.is_empty() {
            return;
        }
        match grant.folder {
            None => self.whole = self.whole.union(rights),
            Some(folder) => self.narrowed.push((folder, rights)),
        }
        self.automap |= grant.automap;
        self.because.push(Reason::Grant { grantee: grant.grantee, folder: grant.folder, rights });
    }
}

fn is_person(org: &Org, person: MailboxId) -> bool {
    org.mailbox(person).is_some_and(|mailbox| mailbox.kind == MailboxKind::User)
}

/// Whether a grant is the person's own or that of a security role they are in.
fn reaches(org: &Org, grant: &Grant, person: MailboxId) -> bool {
    match grant.grantee {
        Grantee::Person(id) => id == person,
        Grantee::Role(key) => org.role(key).is_some_and(|role| {
            role.role_type == RoleType::Security && role.can_be_tied() && role.members.contains(&person)
        }),
    }
}

/// Why something was refused, for those who may know that the mailbox exists.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub struct Denied {
    pub right: Right,
    /// Display name of the mailbox.
    pub mailbox: String,
    /// Display names of those who can grant it.
    pub managers: Vec<String>,
}

impl Denied {
    pub fn new(org: &Org, right: Right, mailbox: MailboxId) -> Self {
        let name = org.mailbox(mailbox).map(|mailbox| mailbox.display_name.clone()).unwrap_or_default();
        Self { right, mailbox: name, managers: managers(org, mailbox) }
    }

    fn text(&self) -> String {
        let who = if self.managers.is_empty() { "an administrator".to_owned() } else { self.managers.join(", ") };
        format!("this needs the right {} on {}; ask {who}", self.right, self.mailbox)
    }
}

/// The display names of the people who hold `mailbox.manage`, directly, by a role or by owning it.
pub fn managers(org: &Org, mailbox: MailboxId) -> Vec<String> {
    org.mailboxes()
        .filter(|person| person.kind == MailboxKind::User)
        .filter(|person| decide_for(org, person.id, mailbox).whole.has(Right::MailboxManage))
        .map(|person| person.display_name.clone())
        .collect()
}

/// Why a change of grants was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MayNotGrant {
    #[error("changing grants needs the right mailbox.manage")]
    NotManager,
    #[error("a manager does not change their own rights; ask another manager or an administrator")]
    OwnGrant,
    #[error("a manager does not change the rights of a role they are in; ask another manager or an administrator")]
    OwnRole,
    #[error("the rights of the owner cannot be changed")]
    Owner,
}

/// Whether `actor` may change what `grantee` holds on `mailbox`.
///
/// The operator and administrators may change all; the owner of a user mailbox may share it; a manager may change
/// any grant except their own and those of roles they are in. Nobody changes what an owner holds.
pub fn may_grant(org: &Org, actor: Actor, mailbox: MailboxId, grantee: Grantee) -> Result<(), MayNotGrant> {
    if grantee == Grantee::Person(mailbox) {
        return Err(MayNotGrant::Owner);
    }
    let person = match actor.who {
        Who::Operator => return Ok(()),
        Who::Server => return Err(MayNotGrant::NotManager),
        Who::Person(person) => person,
    };
    if is_person(org, person) && (org.privilege(person) == Privilege::Admin || person == mailbox) {
        return Ok(());
    }
    if !decide(org, actor, mailbox).whole.has(Right::MailboxManage) {
        return Err(MayNotGrant::NotManager);
    }
    match grantee {
        Grantee::Person(id) if id == person => Err(MayNotGrant::OwnGrant),
        Grantee::Role(key) if org.role(key).is_some_and(|role| role.members.contains(&person)) => {
            Err(MayNotGrant::OwnRole)
        }
        Grantee::Person(_) | Grantee::Role(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
