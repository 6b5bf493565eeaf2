//! What there is, as the command line and the admin API show it.

use crate::Directory;
use crate::change::{NotAllowed, need_admin, need_manager};
use postroom_model::{
    Actor, Address, FolderId, Grant, Grantee, MadeBy, Mailbox, MailboxId, MailboxKind, Org, Origin, Privilege, RoleKey,
    RoleType, SeenMode, SentCopy,
};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DomainLine {
    pub name: String,
    pub addresses: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailboxLine {
    pub id: MailboxId,
    pub kind: MailboxKind,
    pub name: String,
    pub display_name: String,
    /// How it is called below `Shared/` and `Other Users/` in mail clients.
    pub label: String,
    /// The first is the default address.
    pub addresses: Vec<Address>,
    pub sent_copy: SentCopy,
    pub seen: SeenMode,
    /// Octets; none: no limit.
    pub quota: Option<u64>,
    /// Of a user: the highest of their own and of their roles.
    pub privilege: Privilege,
    /// Of a user: the ids of their roles.
    pub roles: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleLine {
    pub key: RoleKey,
    pub id: String,
    pub description: String,
    pub privilege: Privilege,
    #[serde(rename = "type")]
    pub role_type: RoleType,
    pub made_by: MadeBy,
    /// Login names.
    pub members: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantLine {
    pub mailbox: String,
    pub user: Option<String>,
    pub role: Option<String>,
    /// None: the whole mailbox.
    pub folder: Option<FolderId>,
    pub rights: Vec<&'static str>,
    pub automap: bool,
    pub origin: Origin,
}

impl Directory {
    pub fn list_domains(&self, actor: Actor) -> Result<Vec<DomainLine>, NotAllowed> {
        let org = self.org();
        need_admin(&org, actor)?;
        let count = |name: &str| {
            org.mailboxes().flat_map(|mailbox| &mailbox.addresses).filter(|address| address.domain() == name).count()
        };
        Ok(org
            .domains()
            .map(|domain| DomainLine { name: domain.name.clone(), addresses: count(&domain.name) })
            .collect())
    }

    /// The users, in order of name.
    pub fn list_users(&self, actor: Actor) -> Result<Vec<MailboxLine>, NotAllowed> {
        let org = self.org();
        need_admin(&org, actor)?;
        let users = org.mailboxes().filter(|mailbox| mailbox.kind == MailboxKind::User);
        let mut lines: Vec<MailboxLine> = users.map(|mailbox| mailbox_line(&org, mailbox)).collect();
        lines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(lines)
    }

    /// The mailboxes that are no user's own, in order of name. Administrators get all, others those they manage.
    pub fn list_mailboxes(&self, actor: Actor) -> Vec<MailboxLine> {
        let org = self.org();
        let managed = |mailbox: &Mailbox| need_manager(&org, actor, mailbox.id).is_ok();
        let wanted = |mailbox: &&std::sync::Arc<Mailbox>| mailbox.kind != MailboxKind::User && managed(mailbox);
        let mut lines: Vec<MailboxLine> =
            org.mailboxes().filter(wanted).map(|mailbox| mailbox_line(&org, mailbox)).collect();
        lines.sort_by(|a, b| a.name.cmp(&b.name));
        lines
    }

    pub fn list_roles(&self, actor: Actor) -> Result<Vec<RoleLine>, NotAllowed> {
        let org = self.org();
        need_admin(&org, actor)?;
        let line = |role: &postroom_model::Role| RoleLine {
            key: role.key,
            id: role.id.clone(),
            description: role.description.clone(),
            privilege: role.privilege,
            role_type: role.role_type,
            made_by: role.made_by,
            members: role.members.iter().filter_map(|id| Some(org.mailbox(*id)?.name.to_string())).collect(),
        };
        let mut lines: Vec<RoleLine> = org.roles().map(|role| line(role)).collect();
        lines.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(lines)
    }

    /// The grants on one mailbox, also for those who manage it, or on all.
    pub fn list_grants(&self, actor: Actor, mailbox: Option<MailboxId>) -> Result<Vec<GrantLine>, NotAllowed> {
        let org = self.org();
        match mailbox {
            Some(mailbox) => need_manager(&org, actor, mailbox)?,
            None => need_admin(&org, actor)?,
        }
        let mut lines: Vec<GrantLine> = org
            .grants()
            .filter(|grant| mailbox.is_none_or(|mailbox| grant.mailbox == mailbox))
            .map(|grant| grant_line(&org, grant))
            .collect();
        lines.sort_by(|a, b| (&a.mailbox, &a.role, &a.user).cmp(&(&b.mailbox, &b.role, &b.user)));
        Ok(lines)
    }
}

fn mailbox_line(org: &Org, mailbox: &Mailbox) -> MailboxLine {
    MailboxLine {
        id: mailbox.id,
        kind: mailbox.kind,
        name: mailbox.name.to_string(),
        display_name: mailbox.display_name.clone(),
        label: mailbox.label.clone(),
        addresses: mailbox.addresses.clone(),
        sent_copy: mailbox.sent_copy,
        seen: mailbox.seen,
        quota: mailbox.quota,
        privilege: org.privilege(mailbox.id),
        roles: org.roles_of(mailbox.id).map(|role| role.id.clone()).collect(),
    }
}

fn grant_line(org: &Org, grant: &Grant) -> GrantLine {
    let (user, role) = match grant.grantee {
        Grantee::Person(id) => (org.mailbox(id).map(|person| person.name.to_string()), None),
        Grantee::Role(key) => (None, org.role(key).map(|role| role.id.clone())),
    };
    GrantLine {
        mailbox: org.mailbox(grant.mailbox).map(|mailbox| mailbox.name.to_string()).unwrap_or_default(),
        user,
        role,
        folder: grant.folder,
        rights: grant.rights.names(),
        automap: grant.automap,
        origin: grant.origin,
    }
}
