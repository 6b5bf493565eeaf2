//! Changes what a mailbox says of itself. Its name stays.

use super::{AddressProblem, check_addresses, check_display_name};
use crate::Directory;
use crate::change::{Change, NotAllowed, need_manager, use_case_errors};
use postroom_model::{Actor, Address, Mailbox, MailboxId, MailboxKind, Privilege, SeenMode, SentCopy};
use postroom_store::{StoreError, addresses, mailboxes};
use std::sync::Arc;

/// What is none stays as it is.
#[derive(Clone, Debug, Default)]
pub struct UpdateMailbox {
    /// Only to be told that it cannot change.
    pub name: Option<String>,
    pub display_name: Option<String>,
    pub addresses: Option<Vec<String>>,
    pub sent_copy: Option<SentCopy>,
    pub seen: Option<SeenMode>,
    /// `Some(None)`: no limit.
    pub quota: Option<Option<u64>>,
    /// How many messages it may hold; `Some(None)`: no limit.
    pub message_quota: Option<Option<u64>>,
    pub privilege: Option<Privilege>,
}

#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    #[error("there is no such mailbox")]
    NotFound,
    #[error("the name of a mailbox cannot be changed; change its display_name")]
    NameUnchangeable,
    #[error("the display_name must be one line of 1 to 128 characters")]
    BadDisplayName,
    #[error(transparent)]
    Address(#[from] AddressProblem),
    #[error("only a user can have the privilege admin; {0} is no user")]
    NoUser(String),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(UpdateError);

impl Directory {
    pub async fn update_mailbox(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        update: UpdateMailbox,
    ) -> Result<(), UpdateError> {
        self.change(actor, "mailbox.update", move |change| run(change, mailbox, &update)).await
    }
}

fn run(change: &mut Change<'_, '_>, id: MailboxId, update: &UpdateMailbox) -> Result<(), UpdateError> {
    let mailbox = change.org.mailbox(id).cloned().ok_or(UpdateError::NotFound)?;
    check_may_update(change, &mailbox, update)?;
    if update.name.as_ref().is_some_and(|name| name != mailbox.name.as_str()) {
        return Err(UpdateError::NameUnchangeable);
    }
    let mut done = Vec::new();
    rename(change, &mailbox, update, &mut done)?;
    readdress(change, &mailbox, update, &mut done)?;
    set_policies(change, &mailbox, update, &mut done)?;
    set_message_quota(change, &mailbox, update, &mut done)?;
    set_privilege(change, &mailbox, update, &mut done)?;
    if !done.is_empty() {
        change.record(Some(id), "mailbox.update", done.join("; "))?;
    }
    Ok(())
}

/// Managers change how a mailbox appears and how it keeps what is sent and seen. What costs or reaches further is for
/// administrators: addresses, quota, privilege, and what a person is called.
fn check_may_update(change: &Change<'_, '_>, mailbox: &Mailbox, update: &UpdateMailbox) -> Result<(), UpdateError> {
    let renames_person = mailbox.kind == MailboxKind::User && update.display_name.is_some();
    let reaches_further = update.addresses.is_some()
        || update.quota.is_some()
        || update.message_quota.is_some()
        || update.privilege.is_some();
    if renames_person || reaches_further {
        change.need_admin()?;
    }
    need_manager(&change.org, change.actor, mailbox.id)?;
    Ok(())
}

type Done = Vec<String>;

fn rename(
    change: &mut Change<'_, '_>,
    mailbox: &Arc<Mailbox>,
    update: &UpdateMailbox,
    done: &mut Done,
) -> Result<(), UpdateError> {
    let Some(raw) = &update.display_name else { return Ok(()) };
    let name = check_display_name(raw).ok_or(UpdateError::BadDisplayName)?;
    if name != mailbox.display_name {
        mailboxes::rename(change.tx, mailbox, name)?;
        done.push(format!("display_name: {} -> {name}", mailbox.display_name));
    }
    Ok(())
}

fn readdress(
    change: &mut Change<'_, '_>,
    mailbox: &Mailbox,
    update: &UpdateMailbox,
    done: &mut Done,
) -> Result<(), UpdateError> {
    let Some(raw) = &update.addresses else { return Ok(()) };
    let wanted = check_addresses(&change.org, Some(mailbox.id), raw)?;
    if wanted != mailbox.addresses {
        addresses::set(change.tx, mailbox.id, &wanted)?;
        done.push(format!("addresses: {} -> {}", joined(&mailbox.addresses), joined(&wanted)));
    }
    Ok(())
}

fn joined(addresses: &[Address]) -> String {
    if addresses.is_empty() {
        return "none".to_owned();
    }
    addresses.iter().map(Address::as_str).collect::<Vec<_>>().join(", ")
}

fn set_policies(
    change: &mut Change<'_, '_>,
    mailbox: &Mailbox,
    update: &UpdateMailbox,
    done: &mut Done,
) -> Result<(), UpdateError> {
    let sent_copy = update.sent_copy.unwrap_or(mailbox.sent_copy);
    let seen = update.seen.unwrap_or(mailbox.seen);
    let quota = update.quota.unwrap_or(mailbox.quota);
    if (sent_copy, seen, quota) == (mailbox.sent_copy, mailbox.seen, mailbox.quota) {
        return Ok(());
    }
    mailboxes::set_policies(change.tx, mailbox.id, sent_copy, seen, quota)?;
    let quota = quota.map_or("no limit".to_owned(), |octets| format!("{octets} octets"));
    done.push(format!("sent_copy: {}, seen: {}, quota: {quota}", sent_copy.as_str(), seen.as_str()));
    Ok(())
}

fn set_message_quota(
    change: &mut Change<'_, '_>,
    mailbox: &Mailbox,
    update: &UpdateMailbox,
    done: &mut Done,
) -> Result<(), UpdateError> {
    let Some(wanted) = update.message_quota else { return Ok(()) };
    if mailboxes::message_quota(change.tx, mailbox.id)? != wanted {
        mailboxes::set_message_quota(change.tx, mailbox.id, wanted)?;
        done.push(wanted.map_or("messages: no limit".to_owned(), |most| format!("messages: at most {most}")));
    }
    Ok(())
}

fn set_privilege(
    change: &mut Change<'_, '_>,
    mailbox: &Mailbox,
    update: &UpdateMailbox,
    done: &mut Done,
) -> Result<(), UpdateError> {
    let Some(privilege) = update.privilege.filter(|privilege| *privilege != mailbox.privilege) else {
        return Ok(());
    };
    if mailbox.kind != MailboxKind::User {
        return Err(UpdateError::NoUser(mailbox.display_name.clone()));
    }
    mailboxes::set_privilege(change.tx, mailbox.id, privilege)?;
    done.push(format!("privilege: {} -> {}", mailbox.privilege.as_str(), privilege.as_str()));
    Ok(())
}
