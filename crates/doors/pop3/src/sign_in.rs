//! Signing in, by whichever command: who it is, and whose Inbox is served. Start reading at [`with_password`].
//!
//! `login*mailbox` asks for the Inbox of another mailbox, by its name or an address, with the person's own password.
//! Whoever may not read there gets the answer that a wrong password gets.

use crate::maildrop::Maildrop;
use crate::reply::Failure;
use crate::session::{Session, User};
use postroom_access::AccessError;
use postroom_directory::{SignInError, SignedIn};
use postroom_model::{Address, Door, MailboxId, Org};
use postroom_wire_pop3::{Secret, reply};

/// Signing in is possible: nobody is yet, and nobody can listen.
pub(crate) fn allowed(session: &Session) -> Result<(), Failure> {
    if session.user.is_some() {
        return Err(Failure::mistake("somebody is signed in already"));
    }
    if !session.protected {
        return Err(Failure::mistake("start TLS first; a password must not go over an open line"));
    }
    Ok(())
}

pub(crate) async fn with_password(session: &mut Session, name: &str, password: &Secret) -> Result<(), Failure> {
    let (login, mailbox) = parts(&session.pop3.directory.org(), name);
    // Passwords are UTF-8; other bytes are none, and take the same path as a wrong one.
    let password = password.as_str().unwrap_or("\u{0}");
    let address = Some(session.peer.address.ip());
    let signed_in = session.pop3.directory.sign_in(login, password, Door::Pop3, address).await?;
    welcome(session, signed_in, mailbox).await
}

/// What every way of signing in ends with. `mailbox`: the one that was asked for; none: the person's own.
pub(crate) async fn welcome(session: &mut Session, signed_in: SignedIn, mailbox: Option<&str>) -> Result<(), Failure> {
    let person = signed_in.person;
    let mailbox = mailbox.map_or(Some(person), |mailbox| named(&session.pop3.directory.org(), mailbox));
    let mailbox = mailbox.ok_or(SignInError::Refused)?;
    let maildrop = match Maildrop::open(&session.pop3, person, mailbox).await {
        Ok(maildrop) => maildrop,
        Err(AccessError::NotFound | AccessError::Denied(_)) => return Err(SignInError::Refused.into()),
        Err(AccessError::Store(error)) => return Err(error.into()),
    };
    let (count, octets) = maildrop.count();
    session.user = Some(User { signed_in, maildrop });
    reply::ok(&mut session.out, &format!("{count} messages, {octets} octets"));
    Ok(())
}

/// The login, and the mailbox asked for. An address may hold a `*` itself, so a name that is somebody's is taken whole.
fn parts<'a>(org: &Org, name: &'a str) -> (&'a str, Option<&'a str>) {
    match name.split_once('*') {
        Some((login, mailbox)) if org.person(name).is_none() => (login, Some(mailbox)),
        _ => (name, None),
    }
}

fn named(org: &Org, mailbox: &str) -> Option<MailboxId> {
    let found = match Address::parse(mailbox) {
        Ok(address) => org.by_address(&address),
        Err(_) => org.by_name(&mailbox.to_lowercase()),
    };
    found.map(|mailbox| mailbox.id)
}
