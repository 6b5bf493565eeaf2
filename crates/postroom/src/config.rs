//! The configuration: `postroom.toml`, the environment over it, defaults below it.
//!
//! Start reading at [`Config::load`]. Relative paths count from the configuration file; without one, from where the
//! command was started.

mod environment;
mod file;
mod limits;
mod outgoing;
mod value;

pub(crate) use limits::Limits;
pub(crate) use outgoing::Outgoing;
pub(crate) use value::{Count, Size, Span};

use environment::Overlay;
use file::{DatabaseUrl, File};
use postroom_store::Database;
use serde::Deserialize;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The file that is read where `--config` names none.
const DEFAULT_FILE: &str = "postroom.toml";

/// Everything the binary needs to know, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) hostname: String,
    /// Holds the database, large content, the self-signed certificate, the secrets key and the control socket.
    pub(crate) data: PathBuf,
    pub(crate) database: Database,
    pub(crate) blobs: PathBuf,
    pub(crate) listen: Vec<(Listener, SocketAddr)>,
    /// Base of absolute URLs, without a slash at its end.
    pub(crate) public_url: String,
    /// None: a self-signed certificate, kept in `data`.
    pub(crate) tls: Option<CertificateFiles>,
    pub(crate) plaintext: Plaintext,
    /// What secrets for other servers are sealed with.
    pub(crate) secrets_key: PathBuf,
    pub(crate) outgoing: Outgoing,
    pub(crate) dmarc: Dmarc,
    /// Where failing inbound services are told of, beside mail to those who manage the mailbox.
    pub(crate) alert_webhook: Option<String>,
    pub(crate) limits: Limits,
    /// What the reader of the configuration should know, without its being an error.
    pub(crate) warnings: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CertificateFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Where passwords may be sent without TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Plaintext {
    /// On connections whose two ends are loopback addresses.
    #[default]
    Loopback,
    Never,
}

/// What a failed DMARC check does, where the domain in From asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dmarc {
    /// It is written down.
    Record,
    /// The message goes to Junk.
    #[default]
    Junk,
    /// As the domain asks: refused, or to Junk.
    Enforce,
}

/// The listeners, named as in `[listen]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Listener {
    Smtp,
    Submission,
    Submissions,
    Lmtp,
    Imap,
    Imaps,
    Pop3,
    Pop3s,
    Http,
    Https,
    Metrics,
}

impl Listener {
    pub(crate) const ALL: [Self; 11] = [
        Self::Smtp,
        Self::Submission,
        Self::Submissions,
        Self::Lmtp,
        Self::Imap,
        Self::Imaps,
        Self::Pop3,
        Self::Pop3s,
        Self::Http,
        Self::Https,
        Self::Metrics,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Submission => "submission",
            Self::Submissions => "submissions",
            Self::Lmtp => "lmtp",
            Self::Imap => "imap",
            Self::Imaps => "imaps",
            Self::Pop3 => "pop3",
            Self::Pop3s => "pop3s",
            Self::Http => "http",
            Self::Https => "https",
            Self::Metrics => "metrics",
        }
    }

    /// The loopback port that is listened on where nothing is configured.
    fn default_port(self) -> Option<u16> {
        match self {
            Self::Smtp => Some(2525),
            Self::Submission => Some(2587),
            Self::Submissions => Some(2465),
            Self::Lmtp => Some(2424),
            Self::Imap => Some(2143),
            Self::Imaps => Some(2993),
            Self::Pop3 => Some(2110),
            Self::Pop3s => Some(2995),
            Self::Http => Some(8080),
            Self::Https => Some(8443),
            Self::Metrics => None,
        }
    }
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("the configuration {0} cannot be read: {1}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error("{path}{}: {why}", line.map(|line| format!(":{line}")).unwrap_or_default(), path = path.display())]
    File { path: PathBuf, line: Option<usize>, why: String },
    #[error("{key}: {why}")]
    Key { key: String, why: String },
    #[error("{variable}: {why}")]
    Variable { variable: String, why: String },
    #[error("[tls] needs both `certificate` and `key`, or neither")]
    HalfACertificate,
}

/// What the command line says about the configuration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// `--config`.
    pub(crate) file: Option<PathBuf>,
    /// `--data`, which counts from where the command was started.
    pub(crate) data: Option<PathBuf>,
}

impl Config {
    /// Reads the file that `sources` names, or `postroom.toml` here if there is one; the environment goes over it.
    pub(crate) fn load(
        sources: &Sources,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let overlay = Overlay::read(environment)?;
        let path = sources.file.clone().or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists()));
        let (mut table, base) = match &path {
            Some(path) => (read_table(path)?, path.parent().unwrap_or(Path::new("")).to_owned()),
            None => (toml::Table::new(), PathBuf::new()),
        };
        overlay.write_into(&mut table);
        let file = File::deserialize(table).map_err(|error| ConfigError::File {
            path: path.unwrap_or_else(|| DEFAULT_FILE.into()),
            line: None,
            why: error.message().to_owned(),
        })?;
        let warnings: Vec<String> = overlay
            .strangers
            .iter()
            .map(|variable| format!("{variable} is set, but names no key of the configuration"))
            .collect();
        resolve(file, &base, sources.data.clone(), warnings)
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.database, Database::Sqlite(_))
    }
}

/// Reads the file twice: typed, for errors that name a line, and as a table, for the environment to go over.
fn read_table(path: &Path) -> Result<toml::Table, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.to_owned(), error))?;
    let wrong = |error: toml::de::Error| ConfigError::File {
        path: path.to_owned(),
        line: error.span().map(|span| line_of(&text, span.start)),
        why: error.message().to_owned(),
    };
    toml::from_str::<File>(&text).map_err(wrong)?;
    toml::from_str(&text).map_err(wrong)
}

/// The number of the line that holds an octet of `text`, counted from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|octet| *octet == b'\n').count() + 1
}

fn resolve(file: File, base: &Path, data: Option<PathBuf>, warnings: Vec<String>) -> Result<Config, ConfigError> {
    let listen = listeners(&file);
    let outgoing = outgoing::resolve(&file, base)?;
    let hostname = file.hostname.map_or_else(|| "localhost".to_owned(), |name| name.0);
    let data = data.unwrap_or_else(|| base.join("data"));
    let database = match file.database.url {
        Some(DatabaseUrl::Postgresql(url)) => Database::Postgresql(url),
        Some(DatabaseUrl::Sqlite(path)) => Database::Sqlite(base.join(path)),
        None => Database::Sqlite(data.join("postroom.db")),
    };
    let tls = match (file.tls.certificate, file.tls.key) {
        (Some(certificate), Some(key)) => {
            Some(CertificateFiles { certificate: base.join(certificate), key: base.join(key) })
        }
        (None, None) => None,
        _ => return Err(ConfigError::HalfACertificate),
    };
    Ok(Config {
        public_url: file.http.public_url.map_or_else(|| format!("https://{hostname}"), |url| url.0),
        hostname,
        database,
        blobs: file.blobs.url.map_or_else(|| data.join("blobs"), |url| base.join(url.0)),
        secrets_key: file.secrets.key_file.map_or_else(|| data.join("secrets.key"), |path| base.join(path)),
        data,
        listen,
        tls,
        plaintext: file.auth.plaintext,
        outgoing,
        dmarc: file.inbound.dmarc,
        alert_webhook: file.outgoing.alert_webhook.map(|url| url.0).filter(|url| !url.is_empty()),
        limits: file.limits,
        warnings,
    })
}

/// The listeners that are on: those given, or, where none is mentioned at all, every one on its loopback port.
fn listeners(file: &File) -> Vec<(Listener, SocketAddr)> {
    let given = |listener| match listener {
        Listener::Smtp => file.listen.smtp,
        Listener::Submission => file.listen.submission,
        Listener::Submissions => file.listen.submissions,
        Listener::Lmtp => file.listen.lmtp,
        Listener::Imap => file.listen.imap,
        Listener::Imaps => file.listen.imaps,
        Listener::Pop3 => file.listen.pop3,
        Listener::Pop3s => file.listen.pop3s,
        Listener::Http => file.listen.http,
        Listener::Https => file.listen.https,
        Listener::Metrics => file.listen.metrics,
    };
    if Listener::ALL.into_iter().all(|listener| given(listener).is_none()) {
        let on_loopback = |listener: Listener| Some((listener, (Ipv4Addr::LOCALHOST, listener.default_port()?).into()));
        return Listener::ALL.into_iter().filter_map(on_loopback).collect();
    }
    Listener::ALL.into_iter().filter_map(|listener| Some((listener, given(listener)?.0?))).collect()
}

#[cfg(test)]
mod tests;
