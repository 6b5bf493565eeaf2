//! Tells mail programs how to reach this server, so that people type an address and a password and nothing else.
//!
//! Every answer is made from the listeners and the host name alone: it says the same for an address that is somebody's
//! and for one that is nobody's. Start reading at [`router`].

mod apple;
mod autoconfig;
mod autodiscover;
mod xml;

use super::accept::Bound;
use crate::config::Listener;
use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::middleware;
use axum::routing::get;
use postroom_access::Access;
use std::sync::Arc;

/// What mail programs may be told.
#[derive(Clone)]
pub(crate) struct MailSetup {
    inner: Arc<Inner>,
}

struct Inner {
    hostname: String,
    servers: Vec<Server>,
    access: Access,
}

/// A server that a mail program can use, the best of each kind first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Server {
    kind: Kind,
    port: u16,
    /// TLS from the first octet; otherwise it begins with STARTTLS.
    tls: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Imap,
    Pop3,
    Submission,
}

impl MailSetup {
    pub(crate) fn new(hostname: &str, bound: &[Bound], access: Access) -> Self {
        let listening: Vec<(Listener, u16)> =
            bound.iter().map(|bound| (bound.listener, bound.address.port())).collect();
        Self { inner: Arc::new(Inner { hostname: hostname.to_owned(), servers: servers(&listening), access }) }
    }

    fn hostname(&self) -> &str {
        &self.inner.hostname
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Server> {
        self.inner.servers.iter().filter(move |server| server.kind == kind)
    }

    /// The domain of an address, if its mail is ours. Which domains are ours is public: their mail comes here.
    fn domain_of(&self, address: &str) -> Option<String> {
        let domain = address.trim().rsplit_once('@')?.1.to_lowercase();
        self.inner.access.org().has_domain(&domain).then_some(domain)
    }
}

/// TLS from the first octet comes first (RFC 8314 section 3).
fn servers(listening: &[(Listener, u16)]) -> Vec<Server> {
    let kinds = [
        (Listener::Imaps, Kind::Imap, true),
        (Listener::Imap, Kind::Imap, false),
        (Listener::Pop3s, Kind::Pop3, true),
        (Listener::Pop3, Kind::Pop3, false),
        (Listener::Submissions, Kind::Submission, true),
        (Listener::Submission, Kind::Submission, false),
    ];
    let server = |(wanted, kind, tls)| {
        let (_, port) = listening.iter().find(|(listener, _)| *listener == wanted)?;
        Some(Server { kind, port: *port, tls })
    };
    kinds.into_iter().filter_map(server).collect()
}

/// The paths that mail programs look at.
pub(crate) fn router(setup: MailSetup) -> Router {
    Router::new()
        .route("/mail/config-v1.1.xml", get(autoconfig::answer))
        .route("/.well-known/autoconfig/mail/config-v1.1.xml", get(autoconfig::answer))
        .route("/autodiscover/autodiscover.xml", get(autodiscover::explain).post(autodiscover::answer))
        .route("/autodiscover/autodiscover.json", get(autodiscover::answer_json))
        .route("/autodiscover/autodiscover.json/v1.0/{address}", get(autodiscover::answer_json))
        .route("/.well-known/postroom.mobileconfig", get(apple::answer))
        .with_state(setup)
}

/// Programs spell the paths of Autodiscover with capitals here and there: all spellings mean the same.
pub(crate) fn in_any_case(site: Router) -> Router {
    Router::new().fallback_service(site).layer(middleware::map_request(lower_case))
}

async fn lower_case(mut request: Request) -> Request {
    const PREFIX: &str = "/autodiscover/";
    let path = request.uri().path();
    let meant = path.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    if meant && path.bytes().any(|octet| octet.is_ascii_uppercase()) {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if let Ok(uri) = format!("{}{query}", path.to_ascii_lowercase()).parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// The name that a request is for, without the port.
fn host(headers: &axum::http::HeaderMap) -> &str {
    let host = headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

/// A value of the query, by its name in any case.
fn query_value(query: Option<&str>, name: &str) -> Option<String> {
    let pair = query?.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })?;
    decoded(pair)
}

/// Undoes the encoding of a query: `+` is a blank, `%` and two digits are an octet.
fn decoded(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = digit().zip(digit())?;
                u8::try_from(high * 16 + low).ok()?
            }
            octet => octet,
        });
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests;
