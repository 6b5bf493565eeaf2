//! Application passwords: random, shown once, kept as SHA-256. They sign in where an account password does,
//! except by SCRAM, whose verifier they do not have.

use super::hashing::random;
use super::{Account, HashingError, account};
use crate::change::{NotAllowed, use_case_errors};
use crate::{Directory, Secret};
use aws_lc_rs::digest;
use postroom_model::{Actor, Address, Door, MailboxId, Org, Time, decide};
use postroom_store::{StoreError, credentials};
use serde::Serialize;

#[derive(Clone, Debug, Default)]
pub struct NewApplication {
    /// What it is for: `Thunderbird on the desk`.
    pub label: String,
    pub expires_at: Option<Time>,
    /// The one mailbox that it is to open, by name or address; none: whatever the person may open.
    pub mailbox: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApplicationLine {
    pub id: i64,
    pub label: String,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
    pub expires_at: Option<Time>,
    /// The name of the one mailbox that it opens; none: whatever the person may open.
    pub mailbox: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    #[error("there is no such user or application password")]
    NotFound,
    #[error("{0} is no user: only users have credentials, people enter a shared mailbox with their own")]
    NoUser(String),
    #[error("there is no mailbox `{0}` that this person may open")]
    NoMailbox(String),
    #[error("the label must be one line of 1 to 100 characters")]
    BadLabel,
    #[error(transparent)]
    Random(#[from] HashingError),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(ApplicationError);

/// 32 letters and digits that are not mistaken for each other: five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 26 characters are 130 bits.
const LENGTH: usize = 26;

fn check(org: &Org, actor: Actor, person: MailboxId) -> Result<(), ApplicationError> {
    match account(org, actor, person) {
        Account::User(_) => Ok(()),
        Account::NoUser(mailbox) => Err(ApplicationError::NoUser(mailbox.display_name.clone())),
        Account::None => Err(ApplicationError::NotFound),
        Account::NotYours => Err(NotAllowed::NotAdmin.into()),
    }
}

/// A mailbox that a person may open, by its name or an address. One that they may not see is not there.
fn reachable(org: &Org, person: MailboxId, mailbox: &str) -> Result<MailboxId, ApplicationError> {
    let found = match Address::parse(mailbox) {
        Ok(address) => org.by_address(&address),
        Err(_) => org.by_name(&mailbox.to_lowercase()),
    };
    let actor = Actor::person(person, Door::Imap);
    let found = found.map(|mailbox| mailbox.id).filter(|id| decide(org, actor, *id).sees_mailbox());
    found.ok_or_else(|| ApplicationError::NoMailbox(mailbox.to_owned()))
}

impl Directory {
    /// Gives its id and the password, which is never shown again.
    pub async fn create_application_password(
        &self,
        actor: Actor,
        person: MailboxId,
        new: NewApplication,
    ) -> Result<(i64, Secret), ApplicationError> {
        let label = new.label.trim().to_owned();
        if label.is_empty() || label.chars().count() > 100 || label.chars().any(char::is_control) {
            return Err(ApplicationError::BadLabel);
        }
        let secret = grouped::<LENGTH>()?;
        let hash = fingerprint(&secret);
        let id = self.change(actor, "application_password.create", move |change| {
            check(&change.org, change.actor, person)?;
            let only = new.mailbox.as_deref().map(|mailbox| reachable(&change.org, person, mailbox)).transpose()?;
            let id = credentials::add_application(change.tx, person, &hash, &label, new.expires_at, only, change.at)?;
            let within = new.mailbox.as_deref().map(|mailbox| format!(" for {mailbox} only")).unwrap_or_default();
            change.record(Some(person), "application_password.create", format!("{label}{within}"))?;
            Ok::<_, ApplicationError>(id)
        });
        Ok((id.await?, Secret::new(secret)))
    }

    pub async fn list_application_passwords(
        &self,
        actor: Actor,
        person: MailboxId,
    ) -> Result<Vec<ApplicationLine>, ApplicationError> {
        check(&self.org(), actor, person)?;
        let rows = self.store().read(move |tx| credentials::applications(tx, person)).await?;
        let org = self.org();
        let name = |id: MailboxId| org.mailbox(id).map(|mailbox| mailbox.name.to_string());
        let line = |row: credentials::ApplicationPassword| ApplicationLine {
            mailbox: row.only.and_then(name),
            id: row.id,
            label: row.label,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Ends what signed in with it, and nothing else.
    pub async fn remove_application_password(
        &self,
        actor: Actor,
        person: MailboxId,
        id: i64,
    ) -> Result<(), ApplicationError> {
        self.change(actor, "application_password.remove", move |change| {
            check(&change.org, change.actor, person)?;
            if !credentials::remove_application(change.tx, person, id)? {
                return Err(ApplicationError::NotFound);
            }
            change.record(Some(person), "application_password.remove", format!("number {id}"))?;
            Ok(())
        })
        .await
    }
}

/// Random letters and digits, `abcd-efgh-…`: groups of four are easier to copy by eye.
pub(crate) fn grouped<const N: usize>() -> Result<String, HashingError> {
    let mut text = String::new();
    for (position, byte) in random::<N>()?.into_iter().enumerate() {
        if position > 0 && position % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Ok(text)
}

/// Hex SHA-256 of what was typed, without the dashes, blanks and capitals that people add.
pub(crate) fn fingerprint(typed: &str) -> String {
    let plain: String = typed.chars().filter(|c| *c != '-' && *c != ' ').map(|c| c.to_ascii_lowercase()).collect();
    let hash = digest::digest(&digest::SHA256, plain.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
