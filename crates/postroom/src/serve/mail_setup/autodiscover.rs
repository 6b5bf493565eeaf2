//! Autodiscover as Outlook asks for it: a POST of XML that names an address, or version 2, which asks for the place of
//! that XML as JSON.

use super::xml::{element, escaped};
use super::{Kind, MailSetup, Server, query_value};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const OUTLOOK: &str = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
const RESPONSE: &str = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
/// More than any program sends.
const LONGEST: usize = 16 * 1024;

pub(super) async fn answer(State(setup): State<MailSetup>, body: Bytes) -> Response {
    let text = std::str::from_utf8(&body).unwrap_or_default();
    let address = element(text, "EMailAddress").filter(|address| !address.is_empty() && body.len() <= LONGEST);
    let schema = element(text, "AcceptableResponseSchema");
    let Some(address) = address.filter(|_| schema.is_none_or(|schema| schema == OUTLOOK)) else {
        return xml(failure("600", "Invalid Request"));
    };
    match setup.domain_of(&address) {
        Some(_) => xml(settings(&setup, &address)),
        None => xml(failure("500", "The e-mail address cannot be found")),
    }
}

/// A GET says nothing that could be used, as other servers answer it.
pub(super) async fn explain() -> Response {
    xml(failure("600", "Invalid Request"))
}

/// Version 2: where the XML is.
pub(super) async fn answer_json(State(setup): State<MailSetup>, RawQuery(query): RawQuery) -> Response {
    let protocol = query_value(query.as_deref(), "protocol").unwrap_or_default();
    let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    if !protocol.eq_ignore_ascii_case("autodiscoverv1") {
        let text = r#"{"ErrorCode":"ProtocolNotSupported","ErrorMessage":"only AutodiscoverV1 is answered"}"#;
        return (StatusCode::NOT_FOUND, json, text).into_response();
    }
    let url = format!("https://{}/autodiscover/autodiscover.xml", setup.hostname());
    (json, serde_json::json!({ "Protocol": "AutodiscoverV1", "Url": url }).to_string()).into_response()
}

fn xml(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], text).into_response()
}

fn settings(setup: &MailSetup, address: &str) -> String {
    let address = escaped(address);
    let protocols: String = [(Kind::Imap, "IMAP"), (Kind::Pop3, "POP3"), (Kind::Submission, "SMTP")]
        .into_iter()
        // Outlook takes one of each.
        .filter_map(|(kind, name)| {
            setup.of(kind).next().map(|server| protocol(setup.hostname(), server, name, &address))
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Autodiscover xmlns=\"{RESPONSE}\">\n  <Response xmlns=\"{OUTLOOK}\">\n    \
         <Account>\n      <AccountType>email</AccountType>\n      <Action>settings</Action>\n{protocols}    </Account>\n  \
         </Response>\n</Autodiscover>\n"
    )
}

fn protocol(hostname: &str, server: &Server, name: &str, address: &str) -> String {
    let (host, port) = (escaped(hostname), server.port);
    let (ssl, encryption) = if server.tls { ("on", "SSL") } else { ("off", "TLS") };
    format!(
        "      <Protocol>\n        <Type>{name}</Type>\n        <Server>{host}</Server>\n        <Port>{port}</Port>\n        \
         <DomainRequired>off</DomainRequired>\n        <LoginName>{address}</LoginName>\n        <SPA>off</SPA>\n        \
         <SSL>{ssl}</SSL>\n        <Encryption>{encryption}</Encryption>\n        <AuthRequired>on</AuthRequired>\n      \
         </Protocol>\n"
    )
}

fn failure(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Autodiscover xmlns=\"{RESPONSE}\">\n  <Response>\n    \
         <Error Time=\"00:00:00.0000000\" Id=\"0\">\n      <ErrorCode>{code}</ErrorCode>\n      <Message>{message}</Message>\n      \
         <DebugData/>\n    </Error>\n  </Response>\n</Autodiscover>\n"
    )
}
