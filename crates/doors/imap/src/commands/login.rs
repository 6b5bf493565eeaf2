//! LOGIN (RFC 9051 section 6.2.3). Start reading at [`welcome`] for what every way of signing in ends with.

use super::{Done, DoneCode, Result, capability};
use crate::reply::{Code, Failure};
use crate::session::Session;
use crate::user::User;
use postroom_directory::{Entered, SignInError};
use postroom_model::Door;
use postroom_wire_imap::{Limits, Secret};

pub(super) async fn run(session: &mut Session, name: &str, password: &Secret) -> Result {
    allowed(session)?;
    sign_in(session, name, None, password).await
}

/// Signing in is possible: nobody is yet, and nobody can listen.
pub(super) fn allowed(session: &Session) -> Result<()> {
    if session.user.is_some() {
        return Err(Failure::bad("somebody is signed in already"));
    }
    if !session.protected {
        return Err(Failure::no(Code::PrivacyRequired, "start TLS first; a password must not go over an open line"));
    }
    Ok(())
}

/// `name` may be `login*mailbox`; `acting_as` is a SASL authorization identity.
pub(super) async fn sign_in(session: &mut Session, name: &str, acting_as: Option<&str>, password: &Secret) -> Result {
    // Passwords are UTF-8; other bytes are none, and take the same path as a wrong one.
    let password = password.as_str().unwrap_or("\u{0}");
    let address = Some(session.peer.address.ip());
    match session.imap.directory.sign_in_into(name, acting_as, password, Door::Imap, address).await {
        Ok(entered) => Ok(welcome(session, entered)),
        Err(error) => Err(refused(session, error)),
    }
}

pub(super) fn refused(session: &mut Session, error: SignInError) -> Failure {
    session.count_error();
    error.into()
}

pub(super) fn welcome(session: &mut Session, entered: Entered) -> Done {
    session.user = Some(User::new(entered));
    let size = session.imap.config.message_size;
    session.framer.set_limits(Limits::after_sign_in(size as u64));
    Done::with(DoneCode::Capability(capability::list(session)), "signed in")
}
