//! A configuration profile for iPhones, iPads and Macs, which have no other way to be told: `?emailaddress=` names whom
//! it is for. It holds no password; the device asks for it.

use super::xml::escaped;
use super::{Kind, MailSetup, query_value};
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(super) async fn answer(State(setup): State<MailSetup>, RawQuery(query): RawQuery) -> Response {
    let address = query_value(query.as_deref(), "emailaddress").filter(|address| setup.domain_of(address).is_some());
    let document = address.and_then(|address| document(&setup, &address));
    let Some(document) = document else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, "application/x-apple-aspen-config"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mail.mobileconfig\""),
    ];
    (headers, document).into_response()
}

/// None: without IMAP or submission there is nothing to set up.
fn document(setup: &MailSetup, address: &str) -> Option<String> {
    let (imap, submission) = (setup.of(Kind::Imap).next()?, setup.of(Kind::Submission).next()?);
    let (address, host) = (escaped(address), escaped(setup.hostname()));
    let server = |prefix: &str, port: u16, tls: bool| {
        format!(
            "      <key>{prefix}MailServerHostName</key><string>{host}</string>\n      \
             <key>{prefix}MailServerPortNumber</key><integer>{port}</integer>\n      \
             <key>{prefix}MailServerUseSSL</key><{tls}/>\n      \
             <key>{prefix}MailServerUsername</key><string>{address}</string>\n      \
             <key>{prefix}MailServerAuthentication</key><string>EmailAuthPassword</string>\n"
        )
    };
    let (incoming, outgoing) =
        (server("Incoming", imap.port, imap.tls), server("Outgoing", submission.port, submission.tls));
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n  <key>PayloadType</key><string>Configuration</string>\n  \
         <key>PayloadVersion</key><integer>1</integer>\n  \
         <key>PayloadIdentifier</key><string>{host}.mail.{address}</string>\n  \
         <key>PayloadUUID</key><string>{outer}</string>\n  \
         <key>PayloadDisplayName</key><string>Mail for {address}</string>\n  <key>PayloadContent</key>\n  <array>\n    <dict>\n      \
         <key>PayloadType</key><string>com.apple.mail.managed</string>\n      \
         <key>PayloadVersion</key><integer>1</integer>\n      \
         <key>PayloadIdentifier</key><string>{host}.mail.{address}.account</string>\n      \
         <key>PayloadUUID</key><string>{inner}</string>\n      \
         <key>PayloadDisplayName</key><string>{address}</string>\n      \
         <key>EmailAccountType</key><string>EmailTypeIMAP</string>\n      \
         <key>EmailAccountDescription</key><string>{address}</string>\n      \
         <key>EmailAddress</key><string>{address}</string>\n{incoming}{outgoing}      \
         <key>OutgoingPasswordSameAsIncomingPassword</key><true/>\n    </dict>\n  </array>\n</dict>\n</plist>\n",
        outer = uuid(&host, &address, 1),
        inner = uuid(&host, &address, 2),
    ))
}

/// The same for the same account, so that a profile installed again replaces itself.
fn uuid(host: &str, address: &str, part: u64) -> String {
    use std::hash::{Hash, Hasher};
    let half = |salt: u64| {
        // Not for secrecy: only equal for equal accounts.
        let mut hasher = std::hash::DefaultHasher::new();
        (host, address, part, salt).hash(&mut hasher);
        hasher.finish()
    };
    let (high, low) = (half(1), half(2));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
