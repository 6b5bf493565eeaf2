//! Addresses: `local@domain`, compared without regard to case. Start reading at [`Address::parse`].

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// An address of ours, or one that mail is sent to: normalised to NFC lower case, at most 254 octets.
///
/// RFC 5321 section 2.4 leaves the case of the local part to the receiving host; here it never matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    text: String,
    at: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("`{0}` is no address: it needs the form local@domain")]
    NoDomain(String),
    #[error("`{0}` is no address: the part before @ is empty or holds characters that an address may not hold")]
    BadLocal(String),
    #[error("`{0}` is no address: `{1}` is no domain name")]
    BadDomain(String, String),
    #[error("the address is longer than 254 octets")]
    TooLong,
}

impl Address {
    /// Reads `local@domain`. The domain is everything behind the last `@`.
    pub fn parse(raw: &str) -> Result<Self, BadAddress> {
        let text: String = raw.trim().nfc().collect::<String>().to_lowercase();
        if text.len() > 254 {
            return Err(BadAddress::TooLong);
        }
        let Some(at) = text.rfind('@') else { return Err(BadAddress::NoDomain(text)) };
        let (local, domain) = (&text[..at], &text[at + 1..]);
        if !is_local(local) {
            return Err(BadAddress::BadLocal(text));
        }
        if !is_domain(domain) {
            let domain = domain.to_owned();
            return Err(BadAddress::BadDomain(text, domain));
        }
        Ok(Self { text, at })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The address without its detail: `support+x@example.org` becomes `support@example.org` (RFC 5233).
    /// None where there is no detail.
    pub fn without_detail(&self) -> Option<Self> {
        let plus = self.local().find('+').filter(|plus| *plus > 0)?;
        Self::parse(&format!("{}@{}", &self.text[..plus], self.domain())).ok()
    }
}

/// Dot-string characters and UTF-8 (RFC 5321 section 4.1.2, RFC 6531 section 3.3); also what quoted
/// local parts hold once unquoted, except for blanks and controls, which no mailbox here may have.
fn is_local(local: &str) -> bool {
    !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !local.chars().any(|c| c.is_control() || c.is_whitespace() || "()<>[]:;@\\,\"".contains(c))
}

/// Labels of letters, digits and hyphens, or of non-ASCII letters (IDNA U-labels).
pub(crate) fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || (!c.is_ascii() && c.is_alphanumeric()))
    };
    !domain.is_empty() && domain.len() <= 253 && domain.split('.').all(label)
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Address {
    type Error = BadAddress;
    fn try_from(raw: String) -> Result<Self, BadAddress> {
        Self::parse(&raw)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

#[cfg(test)]
mod tests;
