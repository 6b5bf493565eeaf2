//! Makes a user or a shared mailbox.

use super::{AddressProblem, check_addresses, check_display_name, note_on_plan, over_plan};
use crate::change::{Change, NotAllowed, use_case_errors};
use crate::passwords::{HashingError, Prepared};
use crate::{Directory, Secret};
use postroom_model::{
    Actor, Address, BadMailboxName, MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy,
};
use postroom_store::mailboxes::{self, NewMailbox};
use postroom_store::{StoreError, addresses, credentials};

/// How a mailbox is called and reached.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Unchangeable; for a user the login name.
    pub name: String,
    /// Empty: the name.
    pub display_name: String,
    /// The first is the default address.
    pub addresses: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct NewUser {
    pub names: Names,
    /// None: the person cannot sign in until one is set.
    pub password: Option<Secret>,
    pub privilege: Privilege,
    pub sent_copy: SentCopy,
    /// Octets; none: no limit.
    pub quota: Option<u64>,
}

/// There is no place for a password: a shared mailbox has no credentials.
#[derive(Clone, Debug, Default)]
pub struct NewShared {
    pub names: Names,
    pub sent_copy: SentCopy,
    pub seen: SeenMode,
    pub quota: Option<u64>,
}

/// What was made, and what to tell about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    pub id: MailboxId,
    pub notes: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error(transparent)]
    BadName(#[from] BadMailboxName),
    #[error("the name {0} is taken; names are given once and never change")]
    NameTaken(MailboxName),
    #[error("the display name must be one line of 1 to 128 characters")]
    BadDisplayName,
    #[error(transparent)]
    Address(#[from] AddressProblem),
    #[error("the plan allows {0} shared mailboxes at most; delete or convert one, or change the plan")]
    PlanFull(u32),
    #[error(transparent)]
    Password(#[from] HashingError),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(CreateError);

impl Directory {
    pub async fn create_user(&self, actor: Actor, new: NewUser) -> Result<Created, CreateError> {
        // Before the costly hash.
        crate::change::need_admin(&self.org(), actor)?;
        let password = match &new.password {
            Some(clear) => Some(self.prepare_password(&new.names.name, clear).await?),
            None => None,
        };
        let NewUser { names, privilege, sent_copy, quota, .. } = new;
        let policies = Policies { kind: MailboxKind::User, sent_copy, seen: SeenMode::Shared, quota, privilege };
        self.change(actor, "user.create", move |change| create(change, &names, policies, password.as_ref())).await
    }

    pub async fn create_shared(&self, actor: Actor, new: NewShared) -> Result<Created, CreateError> {
        let NewShared { names, sent_copy, seen, quota } = new;
        let policies = Policies { kind: MailboxKind::Shared, sent_copy, seen, quota, privilege: Privilege::User };
        self.change(actor, "mailbox.create", move |change| create(change, &names, policies, None)).await
    }
}

/// Part of a larger change.
pub(crate) fn create_administrator(
    change: &mut Change<'_, '_>,
    names: &Names,
    password: &Prepared,
) -> Result<Created, CreateError> {
    let privilege = Privilege::Admin;
    let (kind, sent_copy, seen) = (MailboxKind::User, SentCopy::default(), SeenMode::Shared);
    create(change, names, Policies { kind, sent_copy, seen, quota: None, privilege }, Some(password))
}

#[derive(Clone, Copy)]
struct Policies {
    kind: MailboxKind,
    sent_copy: SentCopy,
    seen: SeenMode,
    quota: Option<u64>,
    privilege: Privilege,
}

fn create(
    change: &mut Change<'_, '_>,
    names: &Names,
    policies: Policies,
    password: Option<&Prepared>,
) -> Result<Created, CreateError> {
    change.need_admin()?;
    let checked = check(change, names, policies.kind)?;
    let notes = note_on_plan(&change.org, policies.kind).into_iter().collect();
    let new = NewMailbox {
        kind: policies.kind,
        name: checked.name,
        display_name: checked.display_name,
        sent_copy: policies.sent_copy,
        seen: policies.seen,
        quota: policies.quota,
        privilege: policies.privilege,
    };
    let id = mailboxes::create(change.tx, &new, change.at)?;
    addresses::set(change.tx, id, &checked.addresses)?;
    if let Some(password) = password {
        credentials::set_password(change.tx, id, password, change.at)?;
    }
    let action = if policies.kind == MailboxKind::User { "user.create" } else { "mailbox.create" };
    let list: Vec<&str> = checked.addresses.iter().map(Address::as_str).collect();
    change.record(Some(id), action, format!("{} ({})", new.name, list.join(", ")))?;
    Ok(Created { id, notes })
}

struct Checked {
    name: MailboxName,
    display_name: String,
    addresses: Vec<Address>,
}

fn check(change: &Change<'_, '_>, names: &Names, kind: MailboxKind) -> Result<Checked, CreateError> {
    let name = MailboxName::parse(&names.name)?;
    if change.org.by_name(name.as_str()).is_some() {
        return Err(CreateError::NameTaken(name));
    }
    let display_name = if names.display_name.is_empty() { name.as_str() } else { &names.display_name };
    let display_name = check_display_name(display_name).ok_or(CreateError::BadDisplayName)?.to_owned();
    if let Some(maximum) = over_plan(&change.org).filter(|_| kind == MailboxKind::Shared) {
        return Err(CreateError::PlanFull(maximum));
    }
    let addresses = check_addresses(&change.org, None, &names.addresses)?;
    Ok(Checked { name, display_name, addresses })
}
