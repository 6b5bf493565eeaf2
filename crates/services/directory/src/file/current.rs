//! What there is, in names, and what is needed to act on it.

use super::OrganisationFile;
use super::described::{
    Described, GrantFacts, GrantKey, GranteeName, InboundFacts, InboundKey, MailboxFacts, PasswordFacts, RoleFacts,
};
use super::routes;
use crate::explain::paths;
use postroom_model::{FolderId, Grant, Grantee, MadeBy, Mailbox, MailboxId, MailboxName, Org};
use postroom_store::{StoreError, Tx, credentials, folders, inbound_services, mailboxes};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Current {
    pub(super) described: Described,
    /// The folders of the mailboxes in which grants are narrowed.
    pub(super) folders: BTreeMap<MailboxName, BTreeMap<FolderId, String>>,
    /// Who has any credential.
    pub(super) signs_in: BTreeSet<MailboxName>,
    /// How many messages the mailboxes hold that the file does not name.
    pub(super) unnamed_mail: BTreeMap<MailboxName, u64>,
}

impl Current {
    /// `file` tells which particulars are needed; none: only to be described.
    pub(super) fn read(tx: &mut Tx<'_>, org: &Org, file: Option<&OrganisationFile>) -> Result<Self, StoreError> {
        let folders = folders_needed(tx, org, file)?;
        let hashes: BTreeMap<MailboxId, String> = credentials::passwords(tx)?.into_iter().collect();
        let signs_in = credentials::holders(tx)?.into_iter().filter_map(|id| name(org, id)).collect();
        let unnamed_mail = match file {
            Some(file) => unnamed_mail(tx, org, file)?,
            None => BTreeMap::new(),
        };
        let mut described = Described {
            domains: org.domains().map(|domain| domain.name.clone()).collect(),
            mailboxes: org.mailboxes().map(|one| (one.name.clone(), facts(one, hashes.get(&one.id)))).collect(),
            roles: roles(org),
            grants: org.grants().filter_map(|grant| named(org, grant, &folders)).collect(),
            inbound: inbound(tx, org)?,
            plan: org.plan,
            ..Described::default()
        };
        routes::describe(org, &mut described);
        Ok(Self { described, folders, signs_in, unnamed_mail })
    }
}

fn name(org: &Org, id: MailboxId) -> Option<MailboxName> {
    org.mailbox(id).map(|mailbox| mailbox.name.clone())
}

fn folders_needed(
    tx: &mut Tx<'_>,
    org: &Org,
    file: Option<&OrganisationFile>,
) -> Result<BTreeMap<MailboxName, BTreeMap<FolderId, String>>, StoreError> {
    let by_file = file.into_iter().flat_map(|file| &file.grants).filter(|grant| grant.folders.is_some());
    let by_file = by_file.filter_map(|grant| org.by_name(grant.mailbox.as_str())).map(|mailbox| mailbox.id);
    let there = org.grants().filter(|grant| grant.folder.is_some()).map(|grant| grant.mailbox);
    let wanted: BTreeSet<MailboxId> = by_file.chain(there).collect();
    let mut found = BTreeMap::new();
    for id in wanted {
        if let Some(name) = name(org, id) {
            found.insert(name, paths(&folders::all(tx, id)?));
        }
    }
    Ok(found)
}

fn unnamed_mail(tx: &mut Tx<'_>, org: &Org, file: &OrganisationFile) -> Result<BTreeMap<MailboxName, u64>, StoreError> {
    let mut found = BTreeMap::new();
    for mailbox in org.mailboxes().filter(|mailbox| !file.mailboxes.contains_key(&mailbox.name)) {
        found.insert(mailbox.name.clone(), mailboxes::holds(tx, mailbox.id)?.0);
    }
    Ok(found)
}

fn inbound(tx: &mut Tx<'_>, org: &Org) -> Result<BTreeMap<InboundKey, InboundFacts>, StoreError> {
    let mut found = BTreeMap::new();
    for service in inbound_services::all(tx, None)? {
        let Some(mailbox) = name(org, service.mailbox) else { continue };
        let sealed = inbound_services::secret(tx, service.id)?.unwrap_or_default();
        let (settings, origin, id) = (service.settings, service.origin, Some(service.id));
        let key = InboundKey::of(mailbox, &settings);
        found.insert(key, InboundFacts { settings, secret: None, sealed, id, origin });
    }
    Ok(found)
}

fn facts(mailbox: &Mailbox, hash: Option<&String>) -> MailboxFacts {
    MailboxFacts {
        kind: mailbox.kind,
        display_name: mailbox.display_name.clone(),
        addresses: mailbox.addresses.clone(),
        sent_copy: mailbox.sent_copy,
        seen: mailbox.seen,
        quota: mailbox.quota,
        privilege: mailbox.privilege,
        password: hash.map_or(PasswordFacts::None, |hash| PasswordFacts::Hash(hash.clone())),
    }
}

fn roles(org: &Org) -> BTreeMap<String, RoleFacts> {
    let facts = |role: &postroom_model::Role| RoleFacts {
        description: role.description.clone(),
        privilege: role.privilege,
        role_type: role.role_type,
        members: role.members.iter().filter_map(|id| name(org, *id)).collect(),
        system: role.made_by == MadeBy::System,
    };
    org.roles().map(|role| (role.id.clone(), facts(role))).collect()
}

fn named(
    org: &Org,
    grant: &Grant,
    folders: &BTreeMap<MailboxName, BTreeMap<FolderId, String>>,
) -> Option<(GrantKey, GrantFacts)> {
    let mailbox = name(org, grant.mailbox)?;
    let grantee = match grant.grantee {
        Grantee::Person(id) => GranteeName::User(name(org, id)?),
        Grantee::Role(key) => GranteeName::Role(org.role(key)?.id.clone()),
    };
    let folder = match grant.folder {
        Some(id) => Some(folders.get(&mailbox)?.get(&id)?.clone()),
        None => None,
    };
    let facts = GrantFacts { rights: grant.rights, automap: grant.automap, origin: grant.origin };
    Some((GrantKey { mailbox, grantee, folder }, facts))
}
