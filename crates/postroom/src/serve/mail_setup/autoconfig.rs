//! Autoconfig, which Thunderbird and many others read: `https://autoconfig.example.org/mail/config-v1.1.xml` and
//! `https://example.org/.well-known/autoconfig/mail/config-v1.1.xml`, both with `?emailaddress=` perhaps.

use super::xml::escaped;
use super::{Kind, MailSetup, Server, host, query_value};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fmt::Write;

pub(super) async fn answer(State(setup): State<MailSetup>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let domain = match query_value(query.as_deref(), "emailaddress") {
        Some(address) => setup.domain_of(&address),
        None => {
            let host = host(&headers);
            let named = host.strip_prefix("autoconfig.").unwrap_or(host);
            setup.domain_of(&format!("@{named}")).or_else(|| setup.first_domain())
        }
    };
    let Some(domain) = domain else { return StatusCode::NOT_FOUND.into_response() };
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], document(&setup, &domain)).into_response()
}

impl MailSetup {
    fn first_domain(&self) -> Option<String> {
        self.inner.access.org().domains().next().map(|domain| domain.name.clone())
    }
}

fn document(setup: &MailSetup, domain: &str) -> String {
    let mut servers = String::new();
    for (kind, element, name) in [
        (Kind::Imap, "incomingServer", "imap"),
        (Kind::Pop3, "incomingServer", "pop3"),
        (Kind::Submission, "outgoingServer", "smtp"),
    ] {
        for server in setup.of(kind) {
            // Writing to a String does not fail.
            _ = write!(servers, "{}", one(setup.hostname(), server, element, name));
        }
    }
    let (domain, host) = (escaped(domain), escaped(setup.hostname()));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider id=\"{host}\">\n    \
         <domain>{domain}</domain>\n    <displayName>{domain}</displayName>\n    \
         <displayShortName>{domain}</displayShortName>\n{servers}  </emailProvider>\n</clientConfig>\n"
    )
}

fn one(hostname: &str, server: &Server, element: &str, name: &str) -> String {
    let (host, port) = (escaped(hostname), server.port);
    let socket = if server.tls { "SSL" } else { "STARTTLS" };
    format!(
        "    <{element} type=\"{name}\">\n      <hostname>{host}</hostname>\n      <port>{port}</port>\n      \
         <socketType>{socket}</socketType>\n      <authentication>password-cleartext</authentication>\n      \
         <username>%EMAILADDRESS%</username>\n    </{element}>\n"
    )
}
