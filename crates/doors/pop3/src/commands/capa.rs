//! CAPA (RFC 2449 section 5).

use super::Result;
use crate::session::Session;
use postroom_wire_pop3::reply;

pub(super) fn run(session: &mut Session) -> Result {
    let starts_tls = !session.tls && session.user.is_none() && session.pop3.config.tls.is_some();
    let out = &mut session.out;
    reply::ok(out, "this is offered");
    for capability in ["TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER", "LOGIN-DELAY 0"] {
        reply::item(out, capability);
    }
    if session.protected {
        reply::item(out, "USER");
        let plus = if session.peer.bindings.is_empty() { "" } else { " SCRAM-SHA-256-PLUS" };
        reply::item(out, &format!("SASL PLAIN SCRAM-SHA-256{plus} OAUTHBEARER XOAUTH2"));
    }
    if starts_tls {
        reply::item(out, "STLS");
    }
    reply::item(out, "IMPLEMENTATION Postroom");
    reply::end(out);
    Ok(())
}
