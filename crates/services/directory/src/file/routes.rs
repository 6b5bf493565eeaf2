//! `[domain.route]` and `[[route]]`: the ways that mail leaves by, in names only.

use super::current::Current;
use super::described::{Described, kind_words};
use super::difference::{Compared, Comparison, Group, Sign, Step};
use super::steps::GONE;
use super::{Problem, raw, read};
use crate::change::Change;
use crate::routes::{in_words, route_secret_row};
use crate::{SealingKey, Secret};
use postroom_model::route::{Applies, Encryption, Mechanism, SmartHost, Via};
use postroom_model::{MailboxKind, MailboxName, Org};
use postroom_store::{StoreError, routes};
use serde::Serialize;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum RouteFacts {
    #[default]
    Direct,
    SmartHost(HostFacts),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostFacts {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) username: Option<String>,
    pub(super) mechanism: Option<Mechanism>,
    pub(super) secret_env: Option<String>,
    pub(super) secret: SecretFacts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum SecretFacts {
    #[default]
    None,
    Clear(Secret),
    Sealed(Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExceptionFacts {
    pub(super) sender: Option<MailboxName>,
    pub(super) recipient: Option<String>,
    pub(super) route: RouteFacts,
}

impl RouteFacts {
    fn of(via: &Via) -> Self {
        match via {
            Via::Direct => Self::Direct,
            Via::SmartHost(host) => Self::SmartHost(HostFacts {
                host: host.host.clone(),
                port: host.port,
                encryption: host.encryption,
                username: host.username.clone(),
                mechanism: host.mechanism,
                secret_env: host.secret_env.clone(),
                secret: host.secret.clone().map_or(SecretFacts::None, SecretFacts::Sealed),
            }),
        }
    }

    fn host_mut(&mut self) -> Option<&mut HostFacts> {
        match self {
            Self::Direct => None,
            Self::SmartHost(host) => Some(host),
        }
    }

    fn host(&self) -> Option<&HostFacts> {
        match self {
            Self::Direct => None,
            Self::SmartHost(host) => Some(host),
        }
    }

    fn sealed(&self, sealing: &SealingKey) -> Result<Via, StoreError> {
        let Self::SmartHost(host) = self else { return Ok(Via::Direct) };
        let secret = match &host.secret {
            SecretFacts::None => None,
            SecretFacts::Sealed(sealed) => Some(sealed.clone()),
            SecretFacts::Clear(clear) => Some(
                sealing
                    .seal_text(&route_secret_row(&host.host), clear)
                    .map_err(|_| StoreError::Corrupt("a secret that is sealed"))?,
            ),
        };
        Ok(Via::SmartHost(SmartHost { secret, ..host.shown() }))
    }

    fn in_words(&self) -> String {
        self.host().map_or_else(|| in_words(&Via::Direct), |host| in_words(&Via::SmartHost(host.shown())))
    }
}

impl HostFacts {
    fn shown(&self) -> SmartHost {
        SmartHost {
            host: self.host.clone(),
            port: self.port,
            encryption: self.encryption,
            username: self.username.clone(),
            secret: None,
            mechanism: self.mechanism,
            secret_env: self.secret_env.clone(),
        }
    }
}

/// Adds the routes of an organisation to its description.
pub(super) fn describe(org: &Org, described: &mut Described) {
    for route in &org.routes {
        match &route.applies {
            Applies::Domain(id) => {
                if let Some(domain) = org.domains().find(|domain| domain.id == *id) {
                    described.routes.insert(domain.name.clone(), RouteFacts::of(&route.via));
                }
            }
            Applies::Exception { sender, recipient, .. } => described.exceptions.push(ExceptionFacts {
                sender: sender.and_then(|id| org.mailbox(id)).map(|mailbox| mailbox.name.clone()),
                recipient: recipient.clone(),
                route: RouteFacts::of(&route.via),
            }),
        }
    }
}

/// Opens the secrets that are there, so that they can be compared with those that a file gives.
pub(super) fn open_secrets(sealing: &SealingKey, described: &mut Described) {
    let exceptions = described.exceptions.iter_mut().map(|exception| &mut exception.route);
    for host in described.routes.values_mut().chain(exceptions).filter_map(RouteFacts::host_mut) {
        if let SecretFacts::Sealed(sealed) = &host.secret
            && let Ok(clear) = sealing.open_text(&route_secret_row(&host.host), sealed)
        {
            host.secret = SecretFacts::Clear(clear);
        }
    }
}

impl read::Reader<'_> {
    /// The route of a domain. None: something is wrong with it, which has been said.
    pub(super) fn route(&mut self, line: usize, raw: &raw::RawRoute) -> Option<RouteFacts> {
        let mode = raw.mode.as_ref().map_or("direct", |mode| mode.get_ref().as_str());
        match mode {
            "direct" => {
                let host_keys = [&raw.host, &raw.encryption, &raw.username, &raw.password_env, &raw.mechanism];
                if let Some(key) = host_keys.into_iter().flatten().next() {
                    let line = self.line(key);
                    self.problem(line, "a direct route has no smart host; write mode = \"smart_host\"");
                    return None;
                }
                Some(RouteFacts::Direct)
            }
            "smart_host" => self.smart_host(line, raw).map(RouteFacts::SmartHost),
            other => {
                self.problem(line, format!("`{other}` is none of direct, smart_host"));
                None
            }
        }
    }

    fn smart_host(&mut self, line: usize, raw: &raw::RawRoute) -> Option<HostFacts> {
        if let Some(clear) = &raw.password {
            let line = self.line(clear);
            self.problem(line, "a password does not stand in the file: use password_env");
        }
        let Some(host) = &raw.host else {
            self.problem(line, "a smart host needs `host`");
            return None;
        };
        let encryption = match &raw.encryption {
            None => Encryption::StartTls,
            Some(text) => {
                let wrong = || format!("`{}` is none of tls, starttls, none", text.get_ref());
                self.read(text, |text| Encryption::parse(text).ok_or_else(wrong))?
            }
        };
        let mechanism = match &raw.mechanism {
            None => None,
            Some(text) => {
                let wrong = || format!("`{}` is none of plain, login, scram-sha-256, xoauth2", text.get_ref());
                Some(self.read(text, |text| Mechanism::parse(text).ok_or_else(wrong))?)
            }
        };
        let secret = match &raw.password_env {
            Some(variable) => self.secret_env(variable)?,
            None => SecretFacts::None,
        };
        if raw.username.is_none() && secret != SecretFacts::None {
            self.problem(line, "a password needs a user name");
            return None;
        }
        Some(HostFacts {
            host: host.get_ref().trim().to_lowercase(),
            port: raw.port.unwrap_or(encryption.usual_port()),
            encryption,
            username: raw.username.as_ref().map(|name| name.get_ref().clone()),
            mechanism,
            secret_env: raw.password_env.as_ref().map(|name| name.get_ref().clone()),
            secret,
        })
    }

    fn secret_env(&mut self, variable: &raw::Text) -> Option<SecretFacts> {
        let name = variable.get_ref();
        match (self.env)(name) {
            Some(value) if !value.is_empty() => Some(SecretFacts::Clear(Secret::new(value))),
            _ => {
                let text = format!("the environment variable {name}, named by password_env, is not set");
                let line = self.line(variable);
                self.problem(line, text);
                None
            }
        }
    }

    pub(super) fn exceptions(&mut self, raw: Vec<toml::Spanned<raw::RawException>>) {
        if raw.is_empty() {
            return;
        }
        let mut exceptions = Vec::new();
        for exception in raw {
            let line = self.line(&exception);
            let exception = exception.into_inner();
            let sender = match &exception.sender {
                None => None,
                Some(text) => match self.read(text, MailboxName::parse) {
                    Some(name) => Some(name),
                    None => continue,
                },
            };
            let recipient = match &exception.recipient {
                None => None,
                Some(text) => match self.read(text, crate::routes::recipient_domain) {
                    Some(domain) => Some(domain),
                    None => continue,
                },
            };
            if let Some(route) = self.route(line, &exception.clone().route()) {
                exceptions.push(read::At { line, is: ExceptionFacts { sender, recipient, route } });
            }
        }
        self.file.exceptions = Some(exceptions);
    }
}

/// A user name without a password in the file keeps the password that is there for the same host and name.
pub(super) fn keep_secret(current: &Current, line: usize, route: &mut RouteFacts) -> Option<Problem> {
    let host = route.host_mut()?;
    if host.username.is_none() || host.secret != SecretFacts::None {
        return None;
    }
    let described = &current.described;
    let there = described.routes.values().chain(described.exceptions.iter().map(|exception| &exception.route));
    let same = |known: &&HostFacts| known.host == host.host && known.username == host.username;
    match there.filter_map(RouteFacts::host).find(same) {
        Some(known) => {
            host.secret = known.secret.clone();
            None
        }
        None => Some(Problem { line, text: format!("signing in at {} needs password_env", host.host) }),
    }
}

/// Why an exception cannot be for its sender.
pub(super) fn bad_sender(kind: Option<MailboxKind>, name: &MailboxName) -> Option<String> {
    match kind {
        None => Some(format!("there is no mailbox {name}")),
        Some(kind @ (MailboxKind::Room | MailboxKind::Equipment)) => {
            Some(format!("{name} is a {}, which sends no mail", kind_words(kind)))
        }
        Some(MailboxKind::User | MailboxKind::Shared) => None,
    }
}

impl Compared {
    pub(super) fn routes(&mut self, of: &Comparison<'_>) {
        for domain in &of.wanted.domains {
            let route = |described: &Described| described.routes.get(domain).cloned().unwrap_or_default();
            let (old, new) = (route(&of.current.described), route(of.wanted));
            if old != new {
                let text = format!("{domain}: {} -> {}", old.in_words(), new.in_words());
                self.step(Group::Routes, Sign::Change, Step::SetRoute(domain.clone()), text);
            }
        }
        let (old, new) = (&of.current.described.exceptions, &of.wanted.exceptions);
        if old != new {
            let text = format!("exceptions: {} -> {}", exceptions_in_words(old), exceptions_in_words(new));
            self.step(Group::Routes, Sign::Change, Step::SetExceptions, text);
        } else if !old.is_empty() && !of.names_exceptions {
            self.not_in_file.push(format!("exceptions from routes: {}", exceptions_in_words(old)));
        }
    }
}

fn exceptions_in_words(exceptions: &[ExceptionFacts]) -> String {
    if exceptions.is_empty() {
        return "none".to_owned();
    }
    let words = |exception: &ExceptionFacts| {
        let sender = exception.sender.as_ref().map_or("anybody", |name| name.as_str());
        let recipient = exception.recipient.as_deref().unwrap_or("anywhere");
        format!("from {sender} to {recipient} {}", exception.route.in_words())
    };
    exceptions.iter().map(words).collect::<Vec<_>>().join("; ")
}

/// Does one of the steps of routes.
pub(super) fn set(
    change: &mut Change<'_, '_>,
    wanted: &Described,
    sealing: &SealingKey,
    domain: Option<&String>,
) -> Result<(), StoreError> {
    let Some(name) = domain else {
        let mut exceptions = Vec::with_capacity(wanted.exceptions.len());
        for exception in &wanted.exceptions {
            let sender = match &exception.sender {
                None => None,
                Some(name) => Some(change.org.by_name(name.as_str()).ok_or(GONE)?.id),
            };
            exceptions.push((sender, exception.recipient.clone(), exception.route.sealed(sealing)?));
        }
        return routes::set_exceptions(change.tx, &exceptions);
    };
    let id = change.org.domain(name).map(|domain| domain.id).ok_or(GONE)?;
    let via = wanted.routes.get(name).cloned().unwrap_or_default().sealed(sealing)?;
    routes::set_for_domain(change.tx, id, Some(&via).filter(|via| **via != Via::Direct))
}

/// A route as the file has it.
#[derive(Serialize)]
pub(super) struct RouteSection<'a> {
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_env: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mechanism: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct ExceptionSection<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    #[serde(flatten)]
    route: RouteSection<'a>,
}

pub(super) fn section(route: &RouteFacts) -> RouteSection<'_> {
    let host = route.host();
    RouteSection {
        mode: if host.is_some() { "smart_host" } else { "direct" },
        host: host.map(|host| host.host.as_str()),
        port: host.map(|host| host.port),
        encryption: host.map(|host| host.encryption.as_str()),
        username: host.and_then(|host| host.username.as_deref()),
        password_env: host.and_then(|host| host.secret_env.as_deref()),
        mechanism: host.and_then(|host| host.mechanism).map(Mechanism::as_str),
    }
}

pub(super) fn exception_sections(described: &Described) -> Vec<ExceptionSection<'_>> {
    described
        .exceptions
        .iter()
        .map(|exception| ExceptionSection {
            sender: exception.sender.as_ref().map(MailboxName::as_str),
            recipient: exception.recipient.as_deref(),
            route: section(&exception.route),
        })
        .collect()
}
