//! ID (RFC 2971): the client says what it is; we say what we are, without a version before sign-in.

use super::{Done, Result};
use crate::session::Session;
use postroom_wire_imap::response;

pub(super) fn run(session: &mut Session, fields: &[(String, Option<String>)]) -> Result {
    let said = |name: &str| fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, v)| v.clone());
    tracing::debug!(peer = %session.peer.address, name = ?said("name"), version = ?said("version"), "client");
    let ours: &[(&str, &str)] = if session.user.is_some() {
        &[("name", "Postroom"), ("version", env!("CARGO_PKG_VERSION"))]
    } else {
        &[("name", "Postroom")]
    };
    response::id(&mut session.out, ours);
    Ok(Done::ok("pleased to meet you"))
}
