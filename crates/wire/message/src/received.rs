//! The Received trace field (RFC 5321 4.4).

use std::net::IpAddr;

use crate::date::rfc5322_date;

/// What a server says about how it got a message.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// What the client called itself; without it the field has no `from`.
    pub helo: Option<&'a str>,
    /// The client's name as looked up from its address.
    pub peer_name: Option<&'a str>,
    pub peer: Option<IpAddr>,
    /// A comment on the protection, such as `TLS1.3`.
    pub tls: Option<&'a str>,
    pub by: &'a str,
    /// The protocol word (RFC 3848): `ESMTPSA`, `LMTP`, ...
    pub with: &'a str,
    pub id: &'a str,
    /// The recipient; only where there is a single one, or blind copies would be told.
    pub recipient: Option<&'a str>,
    /// Unix seconds.
    pub at: i64,
}

impl Received<'_> {
    /// The folded value, for [`crate::edit::prepend`]. What clients sent is reduced to characters that cannot end a clause.
    pub fn value(&self) -> String {
        let mut out = String::with_capacity(256);
        if let Some(helo) = self.helo {
            out.push_str(&format!("from {}{}\r\n\t", word(helo, "unknown"), self.peer_comment()));
        }
        out.push_str(&format!("by {} with {}", word(self.by, "localhost"), word(self.with, "SMTP")));
        if let Some(tls) = self.tls {
            out.push_str(&format!(" ({})", word(tls, "TLS")));
        }
        out.push_str(&format!(" id {}", word(self.id, "unknown")));
        if let Some(recipient) = self.recipient.map(path).filter(|recipient| !recipient.is_empty()) {
            out.push_str(&format!("\r\n\tfor <{recipient}>"));
        }
        out.push_str(&format!(";\r\n\t{}", rfc5322_date(self.at)));
        out
    }

    /// ` (mx.example.org [192.0.2.1])`
    fn peer_comment(&self) -> String {
        let address = self.peer.map(|peer| match peer.to_canonical() {
            IpAddr::V4(address) => format!("[{address}]"),
            IpAddr::V6(address) => format!("[IPv6:{address}]"),
        });
        let name = self.peer_name.map(|name| word(name, "unknown"));
        match (name, address) {
            (Some(name), Some(address)) => format!(" ({name} {address})"),
            (Some(only), None) | (None, Some(only)) => format!(" ({only})"),
            (None, None) => String::new(),
        }
    }
}

fn word(given: &str, otherwise: &str) -> String {
    let allowed = |character: &char| character.is_alphanumeric() || ".-_:[]+=/".contains(*character);
    let word: String = given.chars().filter(allowed).take(255).collect();
    if word.is_empty() { otherwise.to_owned() } else { word }
}

fn path(given: &str) -> String {
    let allowed =
        |character: &char| !character.is_control() && !character.is_whitespace() && !"<>();".contains(*character);
    given.chars().filter(allowed).take(320).collect()
}

#[cfg(test)]
mod tests;
