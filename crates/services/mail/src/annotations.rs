//! Short notes under names, on folders and on the server (RFC 5464): each person's own, or shared.
//!
//! On a folder whoever may read reads them and has their own; shared ones need `message.flag`. What the server says to
//! all is read by everybody and set by administrators.

use crate::{AnnotateError, Mail, OpenFolder};
use postroom_access::AccessError;
use postroom_model::{Actor, AuditEntry, MailboxId, Privilege, Right};
use postroom_store::annotations::{self, Place};
use postroom_store::{Scope as Locked, Tx, audit};

/// What is annotated.
#[derive(Clone)]
pub enum Annotated {
    Folder(Box<OpenFolder>),
    /// The server, as the actor sees it.
    Server(Actor),
}

/// Whose an annotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Private,
    Shared,
}

/// Octets of a value.
pub const LONGEST_VALUE: u64 = 64 * 1024;
/// Octets of the name of an entry.
pub const LONGEST_NAME: u64 = 255;
/// Entries of one scope in one place.
pub const MOST_ENTRIES: u64 = 100;

impl Annotated {
    fn actor(&self) -> Actor {
        match self {
            Self::Folder(folder) => folder.opened.actor(),
            Self::Server(actor) => *actor,
        }
    }

    fn place(&self, scope: Scope) -> Result<Place, AccessError> {
        let person = self.actor().person_id().ok_or(AccessError::NotFound)?;
        let folder = match self {
            Self::Folder(folder) => Some((folder.mailbox(), folder.id)),
            Self::Server(_) => None,
        };
        Ok(Place { folder, person: Some(person).filter(|_| scope == Scope::Private) })
    }

    fn may_read(&self) -> Result<(), AccessError> {
        match self {
            Self::Folder(folder) => folder.need(Right::MessageRead),
            Self::Server(_) => Ok(()),
        }
    }

    fn may_write(&self, mail: &Mail, scope: Scope) -> Result<(), AnnotateError> {
        self.may_read()?;
        match (self, scope) {
            (_, Scope::Private) => Ok(()),
            (Self::Folder(folder), Scope::Shared) => Ok(folder.need(Right::MessageFlag)?),
            (Self::Server(actor), Scope::Shared) => {
                let is_admin = |person: MailboxId| mail.access.org().privilege(person) == Privilege::Admin;
                if actor.person_id().is_some_and(is_admin) { Ok(()) } else { Err(AnnotateError::NotAdmin) }
            }
        }
    }

    /// A folder's annotations belong to its mailbox.
    fn mailbox(&self) -> Option<MailboxId> {
        match self {
            Self::Folder(folder) => Some(folder.mailbox()),
            Self::Server(_) => None,
        }
    }
}

/// An entry with its new value; none: it goes.
pub type NewValue = (Scope, String, Option<Vec<u8>>);

impl Mail {
    /// All entries of a scope with their values, by name.
    pub async fn annotations(&self, on: &Annotated, scope: Scope) -> Result<Vec<(String, Vec<u8>)>, AccessError> {
        on.may_read()?;
        let place = on.place(scope)?;
        Ok(self.store().read(move |tx| annotations::all(tx, place)).await?)
    }

    /// Sets entries, all or none.
    pub async fn annotate(&self, on: &Annotated, values: Vec<NewValue>) -> Result<(), AnnotateError> {
        for (_, entry, value) in &values {
            if entry.len() as u64 > LONGEST_NAME {
                return Err(AnnotateError::NameTooLong { limit: LONGEST_NAME });
            }
            if value.as_ref().is_some_and(|value| value.len() as u64 > LONGEST_VALUE) {
                return Err(AnnotateError::TooLong { limit: LONGEST_VALUE });
            }
        }
        let (mail, on, at) = (self.clone(), on.clone(), self.access.clock().now());
        let locked = on.mailbox().map_or(Locked::Free, Locked::mailbox);
        let work = move |tx: &mut Tx<'_>| {
            for (scope, entry, value) in &values {
                on.may_write(&mail, *scope)?;
                set_one(tx, on.place(*scope)?, entry, value.as_deref())?;
            }
            let shared = values.iter().filter(|(scope, ..)| *scope == Scope::Shared);
            let names: Vec<&str> = shared.map(|(_, entry, _)| entry.as_str()).collect();
            if !names.is_empty() {
                let mut entry = AuditEntry::done(at, on.actor(), MailboxId(0), "metadata.set", names.join(" "));
                entry.mailbox = on.mailbox();
                audit::record(tx, &entry)?;
            }
            Ok::<_, AnnotateError>(())
        };
        self.store().write(locked, work).await
    }
}

fn set_one(tx: &mut Tx<'_>, place: Place, entry: &str, value: Option<&[u8]>) -> Result<(), AnnotateError> {
    match value {
        None => annotations::remove(tx, place, entry)?,
        Some(value) => {
            annotations::set(tx, place, entry, value)?;
            if annotations::count(tx, place)? > MOST_ENTRIES {
                return Err(AnnotateError::TooMany { limit: MOST_ENTRIES });
            }
        }
    }
    Ok(())
}
