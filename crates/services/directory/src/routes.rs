//! The ways that mail leaves by: one for each domain, and exceptions from them. Secrets are sealed here.

use crate::change::{NotAllowed, use_case_errors};
use crate::domains::parse_domain;
use crate::{Directory, NotOpened, SealingKey, Secret};
use postroom_model::route::{Applies, Encryption, Mechanism, Route, SmartHost, Via};
use postroom_model::{Actor, MailboxId, Org};
use postroom_store::{StoreError, routes};

/// A way out, as somebody wants it.
#[derive(Clone, Debug, Default)]
pub struct NewRoute {
    /// None: direct.
    pub smart_host: Option<NewSmartHost>,
}

#[derive(Clone, Debug)]
pub struct NewSmartHost {
    pub host: String,
    /// None: the usual one of the encryption.
    pub port: Option<u16>,
    pub encryption: Encryption,
    pub username: Option<String>,
    /// None: the one that is there for the same host and user name.
    pub secret: Option<Secret>,
    pub secret_env: Option<String>,
    pub mechanism: Option<Mechanism>,
}

/// An exception, as somebody wants it.
#[derive(Clone, Debug, Default)]
pub struct NewException {
    pub sender: Option<String>,
    /// A domain; with a dot in front: every domain below it.
    pub recipient: Option<String>,
    pub route: NewRoute,
}

#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    #[error("the domain {0} is not configured")]
    NoDomain(String),
    #[error("there is no mailbox {0}")]
    NoSender(String),
    #[error("`{0}` is no domain name; a dot in front stands for every domain below")]
    BadRecipient(String),
    #[error("`{0}` is no host name")]
    BadHost(String),
    #[error("a user name needs a password, and a password a user name")]
    HalfASignIn,
    #[error(
        "signing in at {0} without TLS would show the password to everybody on the way; set encryption to tls or starttls"
    )]
    Unprotected(String),
    #[error(transparent)]
    Sealing(#[from] NotOpened),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(RouteError);

/// What the secret of a smart host is sealed for.
pub fn route_secret_row(host: &str) -> String {
    format!("route {host}")
}

impl NewSmartHost {
    /// `there`: routes whose secrets may be kept.
    pub(crate) fn sealed(&self, there: &[Route], sealing: &SealingKey) -> Result<SmartHost, RouteError> {
        let host = self.host.trim().to_lowercase();
        let is_name = parse_domain(&host).is_some() || host.parse::<std::net::IpAddr>().is_ok();
        if !is_name {
            return Err(RouteError::BadHost(self.host.clone()));
        }
        let kept = || {
            there.iter().find_map(|route| match &route.via {
                Via::SmartHost(known) if known.host == host && known.username == self.username => known.secret.clone(),
                _ => None,
            })
        };
        let secret = match (&self.username, &self.secret) {
            (None, None) => None,
            (None, Some(_)) => return Err(RouteError::HalfASignIn),
            (Some(_), Some(secret)) => Some(sealing.seal_text(&route_secret_row(&host), secret)?),
            (Some(_), None) => Some(kept().ok_or(RouteError::HalfASignIn)?),
        };
        // SCRAM shows no password to anybody.
        let shows = self.mechanism != Some(Mechanism::ScramSha256) && !is_loopback(&host);
        if secret.is_some() && self.encryption == Encryption::None && shows {
            return Err(RouteError::Unprotected(host));
        }
        Ok(SmartHost {
            port: self.port.unwrap_or(self.encryption.usual_port()),
            host,
            encryption: self.encryption,
            username: self.username.clone(),
            secret,
            mechanism: self.mechanism,
            secret_env: self.secret_env.clone(),
        })
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl NewRoute {
    pub(crate) fn sealed(&self, there: &[Route], sealing: &SealingKey) -> Result<Via, RouteError> {
        match &self.smart_host {
            None => Ok(Via::Direct),
            Some(host) => host.sealed(there, sealing).map(Via::SmartHost),
        }
    }
}

impl NewException {
    fn resolved(
        &self,
        org: &Org,
        sealing: &SealingKey,
    ) -> Result<(Option<MailboxId>, Option<String>, Via), RouteError> {
        let sender = match &self.sender {
            None => None,
            Some(name) => Some(org.by_name(name).ok_or_else(|| RouteError::NoSender(name.clone()))?.id),
        };
        let recipient = self.recipient.as_deref().map(recipient_domain).transpose()?;
        Ok((sender, recipient, self.route.sealed(&org.routes, sealing)?))
    }
}

pub(crate) fn recipient_domain(text: &str) -> Result<String, RouteError> {
    let (dot, name) = text.strip_prefix('.').map_or(("", text), |name| (".", name));
    let name = parse_domain(name).ok_or_else(|| RouteError::BadRecipient(text.to_owned()))?;
    Ok(format!("{dot}{name}"))
}

impl Directory {
    /// The routes as they are asked: exceptions first. For administrators.
    pub fn list_routes(&self, actor: Actor) -> Result<Vec<Route>, NotAllowed> {
        let org = self.org();
        crate::change::need_admin(&org, actor)?;
        Ok(org.routes.clone())
    }

    /// Sets the route of a domain. Direct is what a domain without a route has.
    pub async fn set_route(&self, actor: Actor, domain: &str, new: NewRoute) -> Result<(), RouteError> {
        let (name, sealing) = (domain.to_lowercase(), self.sealing().clone());
        self.change(actor, "route.set", move |change| {
            change.need_admin()?;
            let domain = change.org.domain(&name).ok_or_else(|| RouteError::NoDomain(name.clone()))?.id;
            let via = new.sealed(&change.org.routes, &sealing)?;
            let words = in_words(&via);
            routes::set_for_domain(change.tx, domain, Some(&via).filter(|via| **via != Via::Direct))?;
            change.record(None, "route.set", format!("{name}: {words}"))?;
            Ok(())
        })
        .await
    }

    /// Replaces all exceptions.
    pub async fn set_exceptions(&self, actor: Actor, new: Vec<NewException>) -> Result<(), RouteError> {
        let sealing = self.sealing().clone();
        self.change(actor, "route.set", move |change| {
            change.need_admin()?;
            let resolved: Result<Vec<_>, _> = new.iter().map(|new| new.resolved(&change.org, &sealing)).collect();
            let resolved = resolved?;
            routes::set_exceptions(change.tx, &resolved)?;
            change.record(None, "route.set", format!("{} exceptions", resolved.len()))?;
            Ok(())
        })
        .await
    }
}

/// `direct`, `smart host relay.example.net:587 as postroom (starttls)`
pub fn in_words(via: &Via) -> String {
    match via {
        Via::Direct => "direct".to_owned(),
        Via::SmartHost(host) => {
            let user = host.username.as_deref().map_or(String::new(), |user| format!(" as {user}"));
            format!("smart host {}:{}{user} ({})", host.host, host.port, host.encryption.as_str())
        }
    }
}

/// What a route is for, in words.
pub fn applies_in_words(org: &Org, route: &Route) -> String {
    match &route.applies {
        Applies::Domain(id) => {
            let name = org.domains().find(|domain| domain.id == *id).map_or("?", |domain| domain.name.as_str());
            format!("from {name}")
        }
        Applies::Exception { position, sender, recipient } => {
            let sender = sender.and_then(|id| org.mailbox(id)).map_or("anybody", |mailbox| mailbox.name.as_str());
            format!("exception {position}: from {sender} to {}", recipient.as_deref().unwrap_or("anywhere"))
        }
    }
}
