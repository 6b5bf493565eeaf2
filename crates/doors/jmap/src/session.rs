//! `GET /.well-known/jmap`: the session object (RFC 8620 section 2).

use crate::caller::{Caller, Peer};
use crate::capabilities::{self, Capability};
use crate::{Jmap, Problem, accounts};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::{Extension, Json};
use postroom_wire_jmap::Object;
use serde_json::{Value, json};
use std::net::IpAddr;

pub(crate) async fn session(
    State(jmap): State<Jmap>,
    caller: Caller,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let base = base_url(&jmap, peer, &headers);
    object(&jmap, caller, &base).map(Json).ok_or_else(|| Problem::not_found("user"))
}

/// The session of somebody; None if they have gone.
pub(crate) fn object(jmap: &Jmap, caller: Caller, base: &str) -> Option<Value> {
    let org = jmap.directory.org();
    let me = org.mailbox(caller.person)?;
    let listed = accounts::list(jmap, caller);
    let mut all = Object::new();
    for account in &listed {
        let described = json!({
            "name": account.mailbox.display_name,
            "isPersonal": account.own,
            "isReadOnly": false,
            "accountCapabilities": capabilities::of_account(&jmap.limits, &account.effective),
        });
        all.insert(accounts::id(account.mailbox.id), described);
    }
    let own = accounts::id(caller.person);
    let primary: Object = Capability::ALL
        .iter()
        .filter(|capability| **capability != Capability::Core)
        .map(|capability| (capability.uri().to_owned(), Value::String(own.clone())))
        .collect();
    Some(json!({
        "capabilities": capabilities::of_server(&jmap.limits),
        "accounts": all,
        "primaryAccounts": primary,
        "username": me.name.as_str(),
        "apiUrl": format!("{base}/jmap/api"),
        "downloadUrl": format!("{base}/jmap/download/{{accountId}}/{{blobId}}/{{name}}?type={{type}}"),
        "uploadUrl": format!("{base}/jmap/upload/{{accountId}}"),
        "eventSourceUrl": format!("{base}/jmap/eventsource?types={{types}}&closeafter={{closeafter}}&ping={{ping}}"),
        "state": state(jmap),
    }))
}

/// Changes whenever accounts, their names or what may be done in them may have.
pub(crate) fn state(jmap: &Jmap) -> String {
    format!("s{}", jmap.directory.org().version)
}

/// The base of absolute URLs: the request's own origin on this machine, else the public one.
fn base_url(jmap: &Jmap, peer: Peer, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    if is_loopback(host) {
        let scheme = if peer.tls { "https" } else { "http" };
        format!("{scheme}://{host}")
    } else {
        jmap.public_url.trim_end_matches('/').to_owned()
    }
}

/// `localhost`, `127.0.0.1:8080`, `[::1]:8080`.
fn is_loopback(host: &str) -> bool {
    let without_port = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = without_port.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn loopback_names_are_known() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "localhost.example.org", "192.0.2.1:80", "127.0.0.1.example.org", "[2001:db8::1]:80"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
