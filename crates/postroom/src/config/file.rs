//! The shape of `postroom.toml`, as written. What it means is worked out in the parent module.

use super::limits::Limits;
use super::value::{Count, ListenAddress, Span, Texts};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) hostname: Option<Hostname>,
    pub(super) database: DatabaseSection,
    pub(super) blobs: Blobs,
    pub(super) listen: Listen,
    pub(super) http: Http,
    pub(super) tls: Tls,
    pub(super) auth: Auth,
    pub(super) secrets: Secrets,
    pub(super) outgoing: OutgoingSection,
    pub(super) dns: Dns,
    pub(super) inbound: Inbound,
    pub(super) limits: Limits,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DatabaseSection {
    pub(super) url: Option<DatabaseUrl>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Blobs {
    pub(super) url: Option<BlobsUrl>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Listen {
    pub(super) smtp: Option<ListenAddress>,
    pub(super) submission: Option<ListenAddress>,
    pub(super) submissions: Option<ListenAddress>,
    pub(super) lmtp: Option<ListenAddress>,
    pub(super) imap: Option<ListenAddress>,
    pub(super) imaps: Option<ListenAddress>,
    pub(super) pop3: Option<ListenAddress>,
    pub(super) pop3s: Option<ListenAddress>,
    pub(super) http: Option<ListenAddress>,
    pub(super) https: Option<ListenAddress>,
    pub(super) metrics: Option<ListenAddress>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Http {
    pub(super) public_url: Option<PublicUrl>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Tls {
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
    pub(super) acme: Option<Later>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Auth {
    pub(super) plaintext: super::Plaintext,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Secrets {
    pub(super) key_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OutgoingSection {
    pub(super) allow_networks: Texts,
    pub(super) extra_ca: Texts,
    pub(super) port: Option<Count>,
    pub(super) retries: Texts,
    pub(super) give_up_after: Option<Span>,
    pub(super) tell_delay_after: Option<Span>,
    pub(super) alert_webhook: Option<WebhookUrl>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Inbound {
    pub(super) dmarc: super::Dmarc,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Dns {
    pub(super) servers: Texts,
}

/// A key of the contract whose feature is not in this version. An empty text, which means off, is fine.
#[derive(Debug, Deserialize)]
#[serde(try_from = "toml::Value")]
pub(super) struct Later;

impl TryFrom<toml::Value> for Later {
    type Error = &'static str;
    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        match value.as_str() {
            Some("") => Ok(Self),
            _ => Err("this comes with a later version; remove the key"),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Hostname(pub(super) String);

impl TryFrom<String> for Hostname {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let name = text.to_ascii_lowercase();
        if name.len() <= 253 && name.split('.').all(label) {
            Ok(Self(name))
        } else {
            Err(format!("`{text}` is no host name; write one such as mail.example.org"))
        }
    }
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum DatabaseUrl {
    /// A path, from the configuration file where it is relative.
    Sqlite(PathBuf),
    Postgresql(String),
}

impl TryFrom<String> for DatabaseUrl {
    type Error = &'static str;
    fn try_from(url: String) -> Result<Self, Self::Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            // `sqlite:///srv/x.db` and `sqlite:/srv/x.db` say the same.
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(NO_DATABASE) } else { Ok(Self::Sqlite(path.into())) };
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgresql(url));
        }
        Err(NO_DATABASE)
    }
}

// The value itself may hold a password and is not repeated.
const NO_DATABASE: &str =
    "this is no database; write \"sqlite:data/postroom.db\" or \"postgres://user:password@host/name\"";

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct BlobsUrl(pub(super) PathBuf);

impl TryFrom<String> for BlobsUrl {
    type Error = String;
    fn try_from(url: String) -> Result<Self, String> {
        if url.starts_with("s3:") {
            return Err("an S3 bucket for large content comes with a later version; write \"file:data/blobs\"".into());
        }
        match url.strip_prefix("file:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some(path) if !path.is_empty() => Ok(Self(path.into())),
            _ => Err(format!("`{url}` is no place for large content; write \"file:data/blobs\"")),
        }
    }
}

/// An empty text turns it off.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct WebhookUrl(pub(super) String);

impl TryFrom<String> for WebhookUrl {
    type Error = &'static str;
    fn try_from(url: String) -> Result<Self, Self::Error> {
        // The address itself may hold a secret and is not repeated.
        let fits = url.is_empty() || ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
        if fits && !url.contains(char::is_whitespace) {
            Ok(Self(url))
        } else {
            Err("this is no address of the web; write one such as https://alerts.example.org/postroom")
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct PublicUrl(pub(super) String);

impl TryFrom<String> for PublicUrl {
    type Error = String;
    fn try_from(url: String) -> Result<Self, String> {
        let origin = url.strip_suffix('/').unwrap_or(&url);
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "?#@\"<>".contains(c)) => {
                Ok(Self(origin.to_owned()))
            }
            _ => Err(format!("`{url}` is no base of URLs; write one such as https://mail.example.org")),
        }
    }
}
