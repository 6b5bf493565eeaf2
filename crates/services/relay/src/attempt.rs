//! Finding a server that takes a message: the domain's own servers by preference, or the smart host of the route.
//! Start reading at [`Relay::connect`].

use crate::Relay;
use crate::client::auth::AuthError;
use crate::client::{Client, Lost, Security, Target};
use crate::dns::{DnsProblem, MailHost};
use crate::lanes::Job;
use postroom_directory::route_secret_row;
use postroom_model::{Encryption, SmartHost, Via};
use std::net::{IpAddr, SocketAddr};

/// No server takes the message now.
#[derive(Clone, Debug)]
pub(crate) struct Unreachable {
    pub(crate) permanent: bool,
    /// RFC 3463.
    pub(crate) status: String,
    pub(crate) text: String,
    /// The server that said so; None: we say it.
    pub(crate) remote: Option<String>,
}

/// How many addresses are tried for one message.
const MOST_ADDRESSES: usize = 10;

impl Unreachable {
    pub(crate) fn ours(status: &str, text: &str) -> Self {
        let permanent = status.starts_with('5');
        Self { permanent, status: status.to_owned(), text: text.to_owned(), remote: None }
    }

    fn lost(lost: Lost) -> Self {
        match lost {
            Lost::Refused(name, reply) => Self {
                // A server that is full or closing says so with 4xx; 5xx in the greeting means never (RFC 5321 3.1).
                permanent: reply.is_permanent(),
                status: reply.status(),
                text: reply.to_string(),
                remote: Some(name),
            },
            Lost::NoStartTls(_) | Lost::Tls(..) => Self::ours("4.7.5", &lost.to_string()),
            Lost::Connect(..) | Lost::ConnectTime(..) => Self::ours("4.4.1", &lost.to_string()),
            Lost::Io(..) | Lost::Time(..) | Lost::Unreadable(..) => Self::ours("4.4.2", &lost.to_string()),
        }
    }

    fn dns(problem: &DnsProblem) -> Self {
        Self::ours(problem.status(), &problem.to_string())
    }
}

impl Relay {
    /// A connection to a server that takes the job's message.
    pub(crate) async fn connect(&self, job: &Job) -> Result<Client, Unreachable> {
        match &job.via {
            Via::Direct => self.connect_direct(&job.domain).await,
            Via::SmartHost(host) => self.connect_smart_host(host).await,
        }
    }

    async fn connect_direct(&self, domain: &str) -> Result<Client, Unreachable> {
        let inner = &self.inner;
        let hosts = inner.dns.mail_hosts(domain).await.map_err(|problem| Unreachable::dns(&problem))?;
        let hosts = self.without_loops(domain, hosts)?;
        let (mut last, mut tried, mut private) = (None, 0, 0);
        for host in &hosts {
            let addresses = match inner.dns.addresses(&host.name).await {
                Ok(addresses) => addresses,
                Err(problem) => {
                    last = Some(Unreachable::dns(&problem));
                    continue;
                }
            };
            for address in addresses {
                if !inner.network.may_reach(address) {
                    private += 1;
                    continue;
                }
                tried += 1;
                if tried > MOST_ADDRESSES {
                    break;
                }
                match self.try_address(&host.name, address).await {
                    Ok(client) => return Ok(client),
                    Err(trouble) => last = Some(trouble),
                }
            }
        }
        Err(match last {
            None if private > 0 => {
                let text = format!("the servers of {domain} have addresses that mail must not go to");
                Unreachable::ours("5.4.4", &text)
            }
            None => Unreachable::dns(&DnsProblem::NoServer(domain.to_owned())),
            Some(trouble) => trouble,
        })
    }

    /// RFC 5321 section 5.1: a server that finds itself in the list does not send to those behind it.
    fn without_loops(&self, domain: &str, mut hosts: Vec<MailHost>) -> Result<Vec<MailHost>, Unreachable> {
        let own = self.inner.outbound.hostname();
        if let Some(us) = hosts.iter().find(|host| host.name.eq_ignore_ascii_case(own)).map(|host| host.preference) {
            hosts.retain(|host| host.preference < us);
        }
        if hosts.is_empty() {
            let text = format!("mail for {domain} comes to this server, which does not know the domain");
            return Err(Unreachable::ours("5.4.6", &text));
        }
        Ok(hosts)
    }

    async fn try_address(&self, name: &str, address: IpAddr) -> Result<Client, Unreachable> {
        let network = &self.inner.network;
        let security = Security::Opportunistic(network.any.clone());
        let target = Target { address: SocketAddr::new(address, network.port), name: name.to_owned(), security };
        match self.open(&target).await {
            // What cannot be protected goes in clear, as without STARTTLS (RFC 7435).
            Err(Lost::Tls(..)) => {
                tracing::debug!(name, "TLS failed; the message goes in clear");
                self.open(&Target { security: Security::None, ..target }).await.map_err(Unreachable::lost)
            }
            other => other.map_err(Unreachable::lost),
        }
    }

    async fn open(&self, target: &Target) -> Result<Client, Lost> {
        Client::open(target, self.inner.outbound.hostname(), self.inner.settings.times).await
    }

    async fn connect_smart_host(&self, host: &SmartHost) -> Result<Client, Unreachable> {
        let network = &self.inner.network;
        let mut client = None;
        let mut last = Unreachable::ours("4.4.4", &format!("{} has no address", host.host));
        let addresses = self.inner.dns.addresses(&host.host).await.map_err(|problem| {
            // A name that the administrator chose may come back.
            Unreachable::ours("4.4.3", &problem.to_string())
        })?;
        for address in addresses.into_iter().take(MOST_ADDRESSES) {
            let security = match host.encryption {
                Encryption::Tls => Security::Tls(network.checked.clone()),
                Encryption::StartTls => Security::StartTls(network.checked.clone()),
                Encryption::None => Security::None,
            };
            let target = Target { address: SocketAddr::new(address, host.port), name: host.host.clone(), security };
            match self.open(&target).await {
                Ok(open) => {
                    client = Some(open);
                    break;
                }
                // The smart host is ours by choice: what it says now is no verdict on the message.
                Err(lost) => last = Unreachable { permanent: false, ..Unreachable::lost(lost) },
            }
        }
        let Some(mut client) = client else { return Err(last) };
        if let Some(username) = &host.username {
            self.sign_in(&mut client, host, username).await?;
        }
        Ok(client)
    }

    async fn sign_in(&self, client: &mut Client, host: &SmartHost, username: &str) -> Result<(), Unreachable> {
        let sealed = host.secret.as_deref().unwrap_or_default();
        let secret = self
            .inner
            .sealing
            .open_text(&route_secret_row(&host.host), sealed)
            .map_err(|error| Unreachable::ours("4.7.0", &format!("the password for {}: {error}", host.host)))?;
        client.sign_in(username, &secret, host.mechanism).await.map_err(|error| match error {
            AuthError::Lost(lost) => Unreachable { permanent: false, ..Unreachable::lost(lost) },
            AuthError::Refused(name, reply) => {
                tracing::warn!(host = name, answer = %reply, "a smart host refuses the sign-in");
                Unreachable {
                    permanent: false,
                    status: "4.7.0".to_owned(),
                    text: reply.to_string(),
                    remote: Some(name),
                }
            }
            other => Unreachable::ours("4.7.0", &other.to_string()),
        })
    }
}
