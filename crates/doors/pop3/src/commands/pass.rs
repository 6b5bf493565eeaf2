//! PASS (RFC 1939 section 7).

use super::Result;
use crate::reply::Failure;
use crate::session::Session;
use crate::sign_in;
use postroom_wire_pop3::Secret;

pub(super) async fn run(session: &mut Session, password: &Secret) -> Result {
    sign_in::allowed(session)?;
    let name = session.name.take().ok_or_else(|| Failure::mistake("say USER first"))?;
    sign_in::with_password(session, &name, None, password).await
}
