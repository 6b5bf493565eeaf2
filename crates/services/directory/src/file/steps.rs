//! Does the steps of a difference, in an order in which each finds what it needs.

use super::described::{Described, GrantKey, GranteeName, InboundKey};
use super::difference::Step;
use super::routes as routes_of_file;
use crate::SealingKey;
use crate::change::Change;
use crate::passwords::Prepared;
use crate::{SealingKey, secret_row};
use postroom_model::{
    FolderId, Grant, Grantee, InboundService, Mailbox, MailboxId, MailboxName, Origin, Role, RoleKey,
};
use postroom_store::mailboxes::{self, NewMailbox};
use postroom_store::{StoreError, addresses, credentials, domains, folders, grants, inbound_services, roles, settings};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the steps read.
pub(super) struct Doing<'a> {
    pub(super) wanted: &'a Described,
    pub(super) passwords: &'a BTreeMap<MailboxName, Prepared>,
    pub(super) sealing: &'a SealingKey,
}

/// Steps of one phase are done before the facts are read again for the next.
pub(super) fn phase(step: &Step) -> u8 {
    match step {
        Step::SetPlan | Step::AddDomain(_) | Step::RemoveGrant(_) | Step::RemoveInbound(_) => 0,
        Step::Suspend(_) | Step::Delete(_) | Step::DeleteRole(_) | Step::EmptyRole(_) => 1,
        Step::Create(_) | Step::Convert(_) | Step::Rename(_) | Step::SetPolicies(_) | Step::CreateRole(_) => 2,
        Step::UpdateRole(_) => 2,
        Step::SetAddresses(_) | Step::SetPrivilege(_) | Step::SetPassword(_) | Step::SetMembers(_) => 3,
        Step::AddInbound(_) | Step::ChangeInbound(_) => 3,
        Step::SetInboundSecret(_) => 4,
        Step::SetGrant(_) | Step::Adopt(_) | Step::SetRoute(_) | Step::SetExceptions => 4,
        Step::RemoveDomain(_) => 5,
    }
}

/// Takes the addresses from all mailboxes that get others, so that they can move between them.
pub(super) fn free_addresses(change: &mut Change<'_, '_>, steps: &[Step]) -> Result<(), StoreError> {
    for step in steps {
        if let Step::SetAddresses(name) = step
            && let Some(mailbox) = change.org.by_name(name.as_str())
        {
            addresses::clear(change.tx, mailbox.id)?;
        }
    }
    Ok(())
}

impl Doing<'_> {
    /// Gives the id of what it makes, if it makes a mailbox.
    pub(super) fn step(&self, change: &mut Change<'_, '_>, step: &Step) -> Result<Option<MailboxId>, StoreError> {
        match step {
            Step::Create(name) => self.create(change, name).map(Some),
            other => self.other_step(change, other).map(|()| None),
        }
    }

    fn other_step(&self, change: &mut Change<'_, '_>, step: &Step) -> Result<(), StoreError> {
        match step {
            Step::Create(_) => Ok(()),
            Step::SetPlan => settings::set_plan(change.tx, self.wanted.plan),
            Step::AddDomain(name) => domains::create(change.tx, name, change.at).map(drop),
            Step::RemoveDomain(name) => match change.org.domain(name).map(|domain| domain.id) {
                Some(id) => domains::remove(change.tx, id),
                None => Err(GONE),
            },
            Step::SetRoute(name) => routes_of_file::set(change, self.wanted, self.sealing, Some(name)),
            Step::SetExceptions => routes_of_file::set(change, self.wanted, self.sealing, None),
            Step::Convert(_)
            | Step::Rename(_)
            | Step::SetAddresses(_)
            | Step::SetPolicies(_)
            | Step::SetPrivilege(_)
            | Step::SetPassword(_)
            | Step::Suspend(_)
            | Step::Delete(_) => self.mailbox_step(change, step),
            Step::CreateRole(_)
            | Step::UpdateRole(_)
            | Step::SetMembers(_)
            | Step::EmptyRole(_)
            | Step::DeleteRole(_) => self.role_step(change, step),
            Step::AddInbound(key)
            | Step::ChangeInbound(key)
            | Step::SetInboundSecret(key)
            | Step::RemoveInbound(key) => self.inbound_step(change, step, key),
            Step::SetGrant(key) | Step::Adopt(key) => self.set_grant(change, key),
            Step::RemoveGrant(key) => {
                let (mailbox, grantee, folder) = ends(change, key)?;
                grants::remove(change.tx, mailbox, grantee, folder).map(drop)
            }
        }
    }

    fn mailbox_step(&self, change: &mut Change<'_, '_>, step: &Step) -> Result<(), StoreError> {
        match step {
            Step::Suspend(name) => return mailboxes::drop_person(change.tx, mailbox(change, name)?.id),
            Step::Delete(name) => return mailboxes::remove(change.tx, mailbox(change, name)?.id),
            _ => {}
        }
        let (Step::Convert(name)
        | Step::Rename(name)
        | Step::SetAddresses(name)
        | Step::SetPolicies(name)
        | Step::SetPrivilege(name)
        | Step::SetPassword(name)) = step
        else {
            return Ok(());
        };
        let facts = self.wanted.mailboxes.get(name).ok_or(GONE)?;
        let mailbox = mailbox(change, name)?;
        match step {
            Step::Convert(_) => mailboxes::convert(change.tx, mailbox.id, facts.kind),
            Step::Rename(_) => mailboxes::rename(change.tx, &mailbox, &facts.display_name),
            Step::SetAddresses(_) => addresses::set(change.tx, mailbox.id, &facts.addresses),
            Step::SetPrivilege(_) => mailboxes::set_privilege(change.tx, mailbox.id, facts.privilege),
            Step::SetPassword(_) => {
                let password = self.passwords.get(name).ok_or(GONE)?;
                credentials::set_password(change.tx, mailbox.id, password, change.at)
            }
            _ => mailboxes::set_policies(change.tx, mailbox.id, facts.sent_copy, facts.seen, facts.quota),
        }
    }

    fn create(&self, change: &mut Change<'_, '_>, name: &MailboxName) -> Result<MailboxId, StoreError> {
        let facts = self.wanted.mailboxes.get(name).ok_or(GONE)?;
        let new = NewMailbox {
            kind: facts.kind,
            name: name.clone(),
            display_name: facts.display_name.clone(),
            sent_copy: facts.sent_copy,
            seen: facts.seen,
            quota: facts.quota,
            privilege: facts.privilege,
        };
        mailboxes::create(change.tx, &new, change.at)
    }

    fn role_step(&self, change: &mut Change<'_, '_>, step: &Step) -> Result<(), StoreError> {
        match step {
            Step::CreateRole(id) => {
                let facts = self.wanted.roles.get(id).ok_or(GONE)?;
                let (privilege, role_type) = (facts.privilege, facts.role_type);
                roles::create(change.tx, id, &facts.description, privilege, role_type, change.at).map(drop)
            }
            Step::UpdateRole(id) => {
                let facts = self.wanted.roles.get(id).ok_or(GONE)?;
                let key = role(change, id)?.key;
                roles::update(change.tx, key, &facts.description, facts.privilege, facts.role_type)
            }
            Step::SetMembers(id) => {
                let facts = self.wanted.roles.get(id).ok_or(GONE)?;
                let members: Result<BTreeSet<MailboxId>, StoreError> =
                    facts.members.iter().map(|name| Ok(mailbox(change, name)?.id)).collect();
                let key = role(change, id)?.key;
                roles::set_members(change.tx, key, &members?)
            }
            Step::EmptyRole(id) => roles::set_members(change.tx, role(change, id)?.key, &BTreeSet::new()),
            Step::DeleteRole(id) => roles::remove(change.tx, role(change, id)?.key),
            _ => Ok(()),
        }
    }

    fn inbound_step(&self, change: &mut Change<'_, '_>, step: &Step, key: &InboundKey) -> Result<(), StoreError> {
        let mailbox = mailbox(change, &key.mailbox)?.id;
        if let Step::AddInbound(_) = step {
            let settings = &self.wanted.inbound.get(key).ok_or(GONE)?.settings;
            return inbound_services::create(change.tx, mailbox, settings, false, Origin::File, change.at).map(drop);
        }
        let services = inbound_services::all(change.tx, Some(mailbox))?;
        let is_it = |one: &InboundService| InboundKey::of(key.mailbox.clone(), &one.settings) == *key;
        let there = services.into_iter().find(is_it).ok_or(GONE)?;
        if let Step::RemoveInbound(_) = step {
            return inbound_services::remove(change.tx, &there);
        }
        let wanted = self.wanted.inbound.get(key).ok_or(GONE)?;
        if let (Step::SetInboundSecret(_), Some(secret)) = (step, &wanted.secret) {
            let sealed = secret.seal(self.sealing, &secret_row(there.id));
            inbound_services::set_secret(change.tx, there.id, &sealed.map_err(|_| StoreError::Corrupt("a secret"))?)?;
        }
        inbound_services::update(change.tx, there.id, &wanted.settings, false, Origin::File)
    }

    fn set_grant(&self, change: &mut Change<'_, '_>, key: &GrantKey) -> Result<(), StoreError> {
        let facts = self.wanted.grants.get(key).ok_or(GONE)?;
        let (mailbox, grantee, folder) = ends(change, key)?;
        let (rights, automap, origin) = (facts.rights, facts.automap, facts.origin);
        grants::set(change.tx, &Grant { mailbox, grantee, folder, rights, automap, origin }, change.at)
    }
}

/// Everything was found when the difference was made, in the same transaction.
pub(super) const GONE: StoreError = StoreError::Gone("something that the file names");

fn mailbox(change: &Change<'_, '_>, name: &MailboxName) -> Result<Arc<Mailbox>, StoreError> {
    change.org.by_name(name.as_str()).cloned().ok_or(GONE)
}

fn role(change: &Change<'_, '_>, id: &str) -> Result<Arc<Role>, StoreError> {
    change.org.role_by_id(id).cloned().ok_or(GONE)
}

/// The ids behind a grant's names.
fn ends(change: &mut Change<'_, '_>, key: &GrantKey) -> Result<(MailboxId, Grantee, Option<FolderId>), StoreError> {
    let id = mailbox(change, &key.mailbox)?.id;
    let grantee = match &key.grantee {
        GranteeName::User(name) => Grantee::Person(mailbox(change, name)?.id),
        GranteeName::Role(name) => Grantee::Role(role_key(change, name)?),
    };
    let Some(path) = &key.folder else { return Ok((id, grantee, None)) };
    let paths = crate::explain::paths(&folders::all(change.tx, id)?);
    let folder = paths.into_iter().find(|(_, known)| known == path).map(|(folder, _)| folder);
    Ok((id, grantee, Some(folder.ok_or(GONE)?)))
}

fn role_key(change: &Change<'_, '_>, id: &str) -> Result<RoleKey, StoreError> {
    Ok(role(change, id)?.key)
}

/// What the record says of a step: the act, and the mailbox it is about.
pub(super) fn act(step: &Step) -> (&'static str, Option<&MailboxName>) {
    match step {
        Step::SetPlan => ("plan.set", None),
        Step::AddDomain(_) => ("domain.create", None),
        Step::RemoveDomain(_) => ("domain.delete", None),
        Step::SetRoute(_) | Step::SetExceptions => ("route.set", None),
        Step::Create(name) => ("mailbox.create", Some(name)),
        Step::Convert(name) => ("mailbox.convert", Some(name)),
        Step::Rename(name) | Step::SetAddresses(name) | Step::SetPolicies(name) | Step::SetPrivilege(name) => {
            ("mailbox.update", Some(name))
        }
        Step::SetPassword(name) => ("password.set", Some(name)),
        Step::Suspend(name) => ("mailbox.suspend", Some(name)),
        Step::Delete(name) => ("mailbox.delete", Some(name)),
        Step::CreateRole(_) => ("role.create", None),
        Step::UpdateRole(_) => ("role.update", None),
        Step::SetMembers(_) | Step::EmptyRole(_) => ("role.members", None),
        Step::DeleteRole(_) => ("role.delete", None),
        Step::SetGrant(key) | Step::Adopt(key) => ("grant.set", Some(&key.mailbox)),
        Step::RemoveGrant(key) => ("grant.remove", Some(&key.mailbox)),
        Step::AddInbound(key) => ("inbound_service.create", Some(&key.mailbox)),
        Step::ChangeInbound(key) | Step::SetInboundSecret(key) => ("inbound_service.update", Some(&key.mailbox)),
        Step::RemoveInbound(key) => ("inbound_service.delete", Some(&key.mailbox)),
    }
}
