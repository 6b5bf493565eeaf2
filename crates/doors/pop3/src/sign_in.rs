//! Signing in, by whichever command: who it is, and whose Inbox is served. Start reading at [`with_password`].
//!
//! `login*mailbox` asks for the Inbox of another mailbox, by its name or an address, with the person's own password.
//! Whoever may not read there gets the answer that a wrong password gets.

use crate::maildrop::Maildrop;
use crate::reply::Failure;
use crate::session::{Session, User};
use postroom_access::AccessError;
use postroom_directory::{Entered, SignInError};
use postroom_model::Door;
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

/// `name` may be `login*mailbox`; `acting_as` is a SASL authorization identity.
pub(crate) async fn with_password(
    session: &mut Session,
    name: &str,
    acting_as: Option<&str>,
    password: &Secret,
) -> Result<(), Failure> {
    // Passwords are UTF-8; other bytes are none, and take the same path as a wrong one.
    let password = password.as_str().unwrap_or("\u{0}");
    let (address, directory) = (Some(session.peer.address.ip()), session.pop3.directory.clone());
    let entered = directory.sign_in_into(name, acting_as, password, Door::Pop3, address).await?;
    welcome(session, entered).await
}

/// What every way of signing in ends with.
pub(crate) async fn welcome(session: &mut Session, entered: Entered) -> Result<(), Failure> {
    let maildrop = match Maildrop::open(&session.pop3, &entered).await {
        Ok(maildrop) => maildrop,
        Err(AccessError::NotFound | AccessError::Denied(_)) => return Err(SignInError::Refused.into()),
        Err(AccessError::Store(error)) => return Err(error.into()),
    };
    let (count, octets) = maildrop.count();
    session.user = Some(User { signed_in: entered.signed_in, maildrop });
    reply::ok(&mut session.out, &format!("{count} messages, {octets} octets"));
    Ok(())
}
