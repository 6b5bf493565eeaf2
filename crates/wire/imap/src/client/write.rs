//! What a client writes.

use crate::folder_name::mutf7;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A string as a command takes it: quoted, or None where only a literal could carry it.
pub fn astring(text: &str) -> Option<String> {
    if !text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return None;
    }
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The name of a folder on the wire, quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    pub fn new(folder: &str) -> Self {
        let encoded = mutf7::encode(folder);
        Self(format!("\"{}\"", encoded.replace('\\', "\\\\").replace('"', "\\\"")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The only response of the mechanism XOAUTH2, in Base64.
pub fn xoauth2(user: &str, token: &str) -> String {
    STANDARD.encode(format!("user={user}\x01auth=Bearer {token}\x01\x01"))
}

/// The only response of OAUTHBEARER (RFC 7628 section 3.1), in Base64.
pub fn oauthbearer(user: &str, host: &str, port: u16, token: &str) -> String {
    let user = user.replace('=', "=3D").replace(',', "=2C");
    STANDARD.encode(format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01"))
}
