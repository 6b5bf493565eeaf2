//! The ways that mail leaves by: one for each domain of ours, and ordered exceptions from them.
//!
//! Start reading at [`choose`].

use crate::{DomainId, MailboxId, Org};
use serde::{Deserialize, Serialize};

/// A way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub applies: Applies,
    pub via: Via,
}

/// What a route is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applies {
    /// Mail from an address in the domain.
    Domain(DomainId),
    /// Mail that matches all that is given; asked before the routes of domains, in order of `position`.
    Exception { position: i64, sender: Option<MailboxId>, recipient: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// To the servers that the recipient's domain names.
    Direct,
    SmartHost(SmartHost),
}

/// A server that takes our mail for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmartHost {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    /// None: it wants no sign-in.
    pub username: Option<String>,
    /// The sealed password or token.
    pub secret: Option<Vec<u8>>,
    /// Which mechanism is used; None: the best that the server offers.
    pub mechanism: Option<Mechanism>,
    /// Where the organisation file takes the secret from, for its export.
    pub secret_env: Option<String>,
}

/// How a connection to another server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// From the first octet.
    #[default]
    Tls,
    StartTls,
    None,
}

impl Encryption {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::None => "none",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Tls, Self::StartTls, Self::None].into_iter().find(|known| known.as_str() == raw)
    }

    /// The port of smart hosts that is usual for it.
    pub fn usual_port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// How to sign in at a smart host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mechanism {
    Plain,
    Login,
    #[serde(rename = "scram-sha-256")]
    ScramSha256,
    XOAuth2,
}

impl Mechanism {
    pub const ALL: [Self; 4] = [Self::ScramSha256, Self::Plain, Self::Login, Self::XOAuth2];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Login => "login",
            Self::ScramSha256 => "scram-sha-256",
            Self::XOAuth2 => "xoauth2",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == raw)
    }
}

impl Route {
    /// Whether an exception matches. `recipient`: a domain in lower case.
    fn excepts(&self, sender: Option<MailboxId>, recipient: &str) -> bool {
        match &self.applies {
            Applies::Domain(_) => false,
            Applies::Exception { sender: wanted, recipient: domain, .. } => {
                wanted.is_none_or(|wanted| Some(wanted) == sender)
                    && domain.as_ref().is_none_or(|domain| is_within(recipient, domain))
            }
        }
    }
}

/// `.example.org` stands for every domain below it, `example.org` for that one.
fn is_within(domain: &str, wanted: &str) -> bool {
    match wanted.strip_prefix('.') {
        Some(parent) => domain.strip_suffix(parent).is_some_and(|below| below.ends_with('.')),
        None => domain == wanted,
    }
}

/// The way that was chosen, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub via: Via,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The exception at this position matches.
    Exception(i64),
    /// It is the route of the domain in From.
    Domain(String),
    /// The domain in From has no route.
    NoRoute(String),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exception(position) => write!(f, "exception {position} matches"),
            Self::Domain(name) => write!(f, "it is the route of {name}"),
            Self::NoRoute(name) if name.is_empty() => f.write_str("mail without an address in From goes direct"),
            Self::NoRoute(name) => write!(f, "{name} has no route, so it goes direct"),
        }
    }
}

/// The way for mail from a mailbox with this address in From to a domain: the first exception that matches, else the
/// route of the domain in From, else direct.
pub fn choose(org: &Org, sender: Option<MailboxId>, from_address: &str, recipient: &str) -> Choice {
    let recipient = recipient.to_lowercase();
    let exception = org.routes.iter().find(|route| route.excepts(sender, &recipient));
    if let Some(Route { applies: Applies::Exception { position, .. }, via }) = exception {
        return Choice { via: via.clone(), why: Why::Exception(*position) };
    }
    let name = from_address.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
    let of_domain = org.domain(&name).and_then(|domain| {
        org.routes.iter().find(|route| matches!(route.applies, Applies::Domain(id) if id == domain.id))
    });
    match of_domain {
        Some(route) => Choice { via: route.via.clone(), why: Why::Domain(name) },
        None => Choice { via: Via::Direct, why: Why::NoRoute(name) },
    }
}

impl Org {
    /// The lane of mail to a domain: messages of one lane share connections and limits.
    pub fn lane(&self, sender: Option<MailboxId>, from_address: &str, recipient: &str) -> String {
        match choose(self, sender, from_address, recipient).via {
            Via::Direct => recipient.to_lowercase(),
            Via::SmartHost(host) => host.lane(),
        }
    }
}

impl SmartHost {
    pub fn lane(&self) -> String {
        format!("{}:{}/{}", self.host, self.port, self.username.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
