//! Writes what there is as an organisation file: hashes, no clear secrets. Applied to an empty installation it
//! gives the same; applied to this one, no difference.

use super::current::Current;
use super::described::{Described, GrantFacts, GranteeName, MailboxFacts, PasswordFacts, RoleFacts};
use super::routes::{ExceptionSection, RouteFacts, RouteSection, exception_sections, section};
use crate::Directory;
use crate::change::{NotAllowed, need_admin};
use postroom_model::{
    Actor, AfterFetch, MailboxKind, MailboxName, Preset, Privilege, RightSet, RoleType, SeenMode, SentCopy, TokenSource,
};
use postroom_store::{StoreError, organisation};
use serde::Serialize;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the organisation could not be written as a file")]
    Format(#[from] toml::ser::Error),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Serialize)]
struct File<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanSection>,
    domain: Vec<DomainSection<'a>>,
    user: Vec<MailboxSection<'a>>,
    shared_mailbox: Vec<MailboxSection<'a>>,
    role: Vec<RoleSection<'a>>,
    grant: Vec<UserGrantSection<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    route: Vec<ExceptionSection<'a>>,
}

#[derive(Serialize)]
struct PlanSection {
    shared_mailboxes: Numbers,
}

#[derive(Serialize)]
struct Numbers {
    included: u32,
    maximum: u32,
}

#[derive(Serialize)]
struct DomainSection<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<RouteSection<'a>>,
}

#[derive(Serialize)]
struct MailboxSection<'a> {
    name: &'a str,
    display_name: &'a str,
    addresses: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    privilege: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_copy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quota: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inbound: Vec<InboundSection<'a>>,
}

#[derive(Serialize)]
struct InboundSection<'a> {
    protocol: &'static str,
    server: &'a str,
    port: u16,
    encryption: &'static str,
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    after_fetch: AfterSection<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oauth2: Option<&'a TokenSource>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AfterSection<'a> {
    Word(&'static str),
    Move { r#move: &'a str },
}

#[derive(Serialize)]
struct RoleSection<'a> {
    id: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    role_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    privilege: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    members: Vec<&'a str>,
    grant: Vec<GrantSection<'a>>,
}

#[derive(Serialize)]
struct GrantSection<'a> {
    mailbox: &'a str,
    rights: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    automap: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folders: Option<[&'a str; 1]>,
}

#[derive(Serialize)]
struct UserGrantSection<'a> {
    user: &'a str,
    mailbox: &'a str,
    rights: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    automap: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folders: Option<[&'a str; 1]>,
}

impl Directory {
    pub async fn export(&self, actor: Actor) -> Result<String, ExportError> {
        need_admin(&self.org(), actor)?;
        let current = self
            .store()
            .read(|tx| {
                let org = organisation::load(tx)?;
                Current::read(tx, &org, None)
            })
            .await?;
        Ok(write(&current.described)?)
    }
}

fn write(described: &Described) -> Result<String, toml::ser::Error> {
    let of_kind = |kind: MailboxKind| {
        let those = described.mailboxes.iter().filter(move |(_, facts)| facts.kind == kind);
        those.map(|(name, facts)| mailbox(described, name, facts)).collect()
    };
    let file = File {
        plan: described
            .plan
            .map(|plan| PlanSection { shared_mailboxes: Numbers { included: plan.included, maximum: plan.maximum } }),
        domain: domains(described),
        user: of_kind(MailboxKind::User),
        shared_mailbox: of_kind(MailboxKind::Shared),
        role: roles(described),
        grant: user_grants(described),
        route: exception_sections(described),
    };
    let mut text = "# The organisation. Application passwords are not in it, nor the secrets of inbound services: those stay as they are.\n".to_owned();
    for (name, facts) in &described.mailboxes {
        if matches!(facts.kind, MailboxKind::Room | MailboxKind::Equipment) {
            text.push_str(&format!(
                "# {} {name} is not in it: rooms are not supported by this version.\n",
                facts.kind.as_str()
            ));
        }
    }
    text.push('\n');
    text.push_str(&toml::to_string(&file)?);
    Ok(text)
}

fn domains(described: &Described) -> Vec<DomainSection<'_>> {
    let section_of = |name: &String| described.routes.get(name).filter(|route| **route != RouteFacts::Direct);
    described.domains.iter().map(|name| DomainSection { name, route: section_of(name).map(section) }).collect()
}

fn inbound<'a>(described: &'a Described, name: &MailboxName) -> Vec<InboundSection<'a>> {
    let own = described.inbound.iter().filter(|(key, _)| key.mailbox == *name);
    own.map(|(_, facts)| {
        let settings = &facts.settings;
        InboundSection {
            protocol: settings.protocol.as_str(),
            server: &settings.server,
            port: settings.port,
            encryption: settings.encryption.as_str(),
            username: &settings.username,
            enabled: (!settings.enabled).then_some(false),
            after_fetch: match &settings.after_fetch {
                AfterFetch::Move(folder) => AfterSection::Move { r#move: folder },
                other => AfterSection::Word(other.as_str()),
            },
            oauth2: settings.tokens.as_ref(),
        }
    })
    .collect()
}

fn mailbox<'a>(described: &'a Described, name: &'a MailboxName, facts: &'a MailboxFacts) -> MailboxSection<'a> {
    MailboxSection {
        name: name.as_str(),
        display_name: &facts.display_name,
        addresses: facts.addresses.iter().map(postroom_model::Address::as_str).collect(),
        password_hash: match &facts.password {
            PasswordFacts::Hash(hash) => Some(hash),
            PasswordFacts::None | PasswordFacts::Clear(_) => None,
        },
        privilege: (facts.privilege != Privilege::User).then(|| facts.privilege.as_str()),
        sent_copy: (facts.sent_copy != SentCopy::Mailbox).then(|| facts.sent_copy.as_str()),
        seen: (facts.seen != SeenMode::Shared).then(|| facts.seen.as_str()),
        quota: facts.quota,
        inbound: inbound(described, name),
    }
}

fn roles(described: &Described) -> Vec<RoleSection<'_>> {
    // A role of the system exists everywhere; only its members are worth a section.
    let those = described.roles.iter().filter(|(_, role)| !role.system || !role.members.is_empty());
    those.map(|(id, facts)| role(described, id, facts)).collect()
}

fn role<'a>(described: &'a Described, id: &'a str, facts: &'a RoleFacts) -> RoleSection<'a> {
    let own = described.grants.iter().filter(|(key, _)| key.grantee == GranteeName::Role(id.to_owned()));
    RoleSection {
        id,
        role_type: (facts.role_type != RoleType::Security).then(|| facts.role_type.as_str()),
        privilege: (facts.privilege != Privilege::User).then(|| facts.privilege.as_str()),
        description: Some(facts.description.as_str()).filter(|text| !text.is_empty() && !facts.system),
        members: facts.members.iter().map(MailboxName::as_str).collect(),
        grant: own
            .map(|(key, facts)| GrantSection {
                mailbox: key.mailbox.as_str(),
                rights: rights(facts.rights),
                automap: off(facts),
                folders: key.folder.as_deref().map(|path| [path]),
            })
            .collect(),
    }
}

fn user_grants(described: &Described) -> Vec<UserGrantSection<'_>> {
    let mut sections = Vec::new();
    for (key, facts) in &described.grants {
        if let GranteeName::User(user) = &key.grantee {
            sections.push(UserGrantSection {
                user: user.as_str(),
                mailbox: key.mailbox.as_str(),
                rights: rights(facts.rights),
                automap: off(facts),
                folders: key.folder.as_deref().map(|path| [path]),
            });
        }
    }
    sections
}

fn off(facts: &GrantFacts) -> Option<bool> {
    (!facts.automap).then_some(false)
}

/// A preset where the set is exactly one.
fn rights(set: RightSet) -> Vec<String> {
    match Preset::ALL.into_iter().find(|preset| preset.rights() == set) {
        Some(preset) => vec![format!("preset:{}", preset.as_str())],
        None => set.names().into_iter().map(str::to_owned).collect(),
    }
}
