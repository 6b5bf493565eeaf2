//! The facts of one organisation that decisions need, as one immutable value.
//!
//! The directory service builds a new [`Org`] after every change and swaps it in; whoever holds the old one
//! sees a consistent past. Look-ups are by id, by name and by address.

use crate::{
    Address, DomainId, Grant, Grantee, Mailbox, MailboxId, MailboxKind, MailboxName, Privilege, Role, RoleKey,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    pub id: DomainId,
    /// Lower case.
    pub name: String,
}

/// How many shared mailboxes the plan includes and allows at most. Absent: no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub included: u32,
    pub maximum: u32,
}

#[derive(Clone, Debug, Default)]
pub struct Org {
    /// Grows with every change; open sessions compare it to learn that rights may have changed.
    pub version: u64,
    domains: BTreeMap<String, Domain>,
    mailboxes: BTreeMap<MailboxId, Arc<Mailbox>>,
    by_name: HashMap<MailboxName, MailboxId>,
    by_address: HashMap<Address, MailboxId>,
    by_label: HashMap<String, MailboxId>,
    roles: BTreeMap<RoleKey, Arc<Role>>,
    roles_of: HashMap<MailboxId, Vec<RoleKey>>,
    grants_on: HashMap<MailboxId, Vec<Grant>>,
    granted_to: HashMap<Grantee, Vec<MailboxId>>,
    pub plan: Option<Plan>,
}

impl Org {
    /// Builds the look-ups. Grants to unknown mailboxes or roles have no effect.
    pub fn new(
        version: u64,
        domains: Vec<Domain>,
        mailboxes: Vec<Mailbox>,
        roles: Vec<Role>,
        grants: Vec<Grant>,
        plan: Option<Plan>,
    ) -> Self {
        let mut org = Self { version, plan, ..Self::default() };
        org.domains = domains.into_iter().map(|domain| (domain.name.clone(), domain)).collect();
        for mailbox in mailboxes {
            org.by_name.insert(mailbox.name.clone(), mailbox.id);
            org.by_label.insert(mailbox.label.clone(), mailbox.id);
            org.by_address.extend(mailbox.addresses.iter().map(|address| (address.clone(), mailbox.id)));
            org.mailboxes.insert(mailbox.id, Arc::new(mailbox));
        }
        for role in roles {
            for member in &role.members {
                org.roles_of.entry(*member).or_default().push(role.key);
            }
            org.roles.insert(role.key, Arc::new(role));
        }
        for grant in grants {
            org.granted_to.entry(grant.grantee).or_default().push(grant.mailbox);
            org.grants_on.entry(grant.mailbox).or_default().push(grant);
        }
        org
    }

    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.domains.values()
    }

    /// Whether mail for the domain is ours. `name` in any case.
    pub fn has_domain(&self, name: &str) -> bool {
        self.domains.contains_key(&name.to_lowercase())
    }

    pub fn domain(&self, name: &str) -> Option<&Domain> {
        self.domains.get(name)
    }

    pub fn mailboxes(&self) -> impl Iterator<Item = &Arc<Mailbox>> {
        self.mailboxes.values()
    }

    pub fn mailbox(&self, id: MailboxId) -> Option<&Arc<Mailbox>> {
        self.mailboxes.get(&id)
    }

    pub fn by_name(&self, name: &str) -> Option<&Arc<Mailbox>> {
        let name = MailboxName::parse(name).ok()?;
        self.mailbox(*self.by_name.get(&name)?)
    }

    pub fn by_address(&self, address: &Address) -> Option<&Arc<Mailbox>> {
        self.mailbox(*self.by_address.get(address)?)
    }

    pub fn by_label(&self, label: &str) -> Option<&Arc<Mailbox>> {
        self.mailbox(*self.by_label.get(label)?)
    }

    /// The mailbox that takes mail for the address: an exact match wins, else the address without its `+detail`,
    /// else it is the postmaster's.
    pub fn recipient(&self, address: &Address) -> Option<&Arc<Mailbox>> {
        let base = || self.by_address(&address.without_detail()?);
        self.by_address(address).or_else(base).or_else(|| self.postmaster(address))
    }

    /// Who takes mail for `postmaster@` a domain of ours that gave the address to nobody: the first administrator
    /// (RFC 5321 section 4.5.1 wants it to arrive).
    pub fn postmaster(&self, address: &Address) -> Option<&Arc<Mailbox>> {
        let wanted = address.local() == "postmaster" && self.has_domain(address.domain());
        self.mailboxes().find(|mailbox| wanted && self.privilege(mailbox.id) == Privilege::Admin)
    }

    /// A person by login name or address. Only user mailboxes are persons.
    pub fn person(&self, login: &str) -> Option<&Arc<Mailbox>> {
        let found = match Address::parse(login) {
            Ok(address) => self.by_address(&address),
            Err(_) => self.by_name(&login.to_lowercase()),
        };
        found.filter(|mailbox| mailbox.kind == MailboxKind::User)
    }

    pub fn roles(&self) -> impl Iterator<Item = &Arc<Role>> {
        self.roles.values()
    }

    pub fn role(&self, key: RoleKey) -> Option<&Arc<Role>> {
        self.roles.get(&key)
    }

    pub fn role_by_id(&self, id: &str) -> Option<&Arc<Role>> {
        self.roles.values().find(|role| role.id == id)
    }

    /// The roles that somebody is a member of.
    pub fn roles_of(&self, person: MailboxId) -> impl Iterator<Item = &Arc<Role>> {
        self.roles_of.get(&person).into_iter().flatten().filter_map(|key| self.roles.get(key))
    }

    pub fn grants_on(&self, mailbox: MailboxId) -> &[Grant] {
        self.grants_on.get(&mailbox).map_or(&[], Vec::as_slice)
    }

    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.mailboxes.keys().flat_map(|id| self.grants_on(*id))
    }

    /// The mailboxes that a person holds any grant on, directly or by a role, in order of id; not their own.
    pub fn reachable(&self, person: MailboxId) -> Vec<MailboxId> {
        let grantees =
            std::iter::once(Grantee::Person(person)).chain(self.roles_of(person).map(|role| Grantee::Role(role.key)));
        let mut found: Vec<MailboxId> = grantees
            .filter_map(|grantee| self.granted_to.get(&grantee))
            .flatten()
            .copied()
            .filter(|id| *id != person)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The highest of a person's own privilege and those of their roles.
    pub fn privilege(&self, person: MailboxId) -> Privilege {
        let own = self.mailbox(person).map(|mailbox| mailbox.privilege).unwrap_or_default();
        self.roles_of(person).map(|role| role.privilege).fold(own, Privilege::max)
    }

    /// How many shared mailboxes there are.
    pub fn shared_mailboxes(&self) -> usize {
        self.mailboxes.values().filter(|mailbox| mailbox.kind == MailboxKind::Shared).count()
    }
}

#[cfg(test)]
mod tests;
