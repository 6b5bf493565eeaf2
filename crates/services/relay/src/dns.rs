//! What the DNS says about mail: which servers take it for a domain (RFC 5321 section 5, RFC 7505), and addresses.

use aws_lc_rs::rand;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::{Name, RData};
use mail_auth::MessageAuthenticator;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Where questions go. Cheap to clone.
#[derive(Clone)]
pub struct Dns {
    /// Asks about signatures and policies, and holds the resolver.
    authenticator: Arc<MessageAuthenticator>,
}

/// A server that takes mail for a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailHost {
    pub preference: u16,
    /// Without the dot at its end.
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DnsProblem {
    #[error("the domain {0} does not exist")]
    NoDomain(String),
    /// RFC 7505.
    #[error("the domain {0} says that it takes no mail")]
    NullMx(String),
    #[error("the domain {0} has no server for mail")]
    NoServer(String),
    #[error("`{0}` is no domain name")]
    BadName(String),
    #[error("the DNS gives no answer about {0} at the moment: {1}")]
    Temporary(String, String),
}

impl DnsProblem {
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Temporary(..))
    }

    /// RFC 3463, RFC 7505.
    pub fn status(&self) -> &'static str {
        match self {
            Self::NoDomain(_) | Self::BadName(_) => "5.1.2",
            Self::NullMx(_) => "5.1.10",
            Self::NoServer(_) => "5.4.4",
            Self::Temporary(..) => "4.4.3",
        }
    }
}

impl Dns {
    /// Asks the servers that the system asks.
    pub fn system() -> Result<Self, String> {
        let authenticator = MessageAuthenticator::new_system_conf().map_err(|error| error.to_string())?;
        Ok(Self { authenticator: Arc::new(authenticator) })
    }

    /// Asks these servers.
    pub fn with_servers(servers: &[SocketAddr]) -> Result<Self, String> {
        let server = |address: &SocketAddr| {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                connection.port = address.port();
                connection
            });
            NameServerConfig::new(address.ip(), true, connections.to_vec())
        };
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.iter().map(server).collect());
        let authenticator = MessageAuthenticator::new(config, ResolverOpts::default());
        Ok(Self { authenticator: Arc::new(authenticator.map_err(|error| error.to_string())?) })
    }

    pub fn authenticator(&self) -> &MessageAuthenticator {
        &self.authenticator
    }

    fn resolver(&self) -> &TokioResolver {
        self.authenticator.resolver()
    }

    /// The servers that take mail for a domain, the preferred ones first; equal ones in any order. A domain without
    /// MX records takes it itself.
    pub async fn mail_hosts(&self, domain: &str) -> Result<Vec<MailHost>, DnsProblem> {
        let name = name(domain)?;
        let found = match self.resolver().mx_lookup(name).await {
            Ok(found) => found,
            Err(error) if error.is_nx_domain() => return Err(DnsProblem::NoDomain(domain.to_owned())),
            Err(error) if error.is_no_records_found() => return Ok(vec![implicit(domain)]),
            Err(error) => return Err(temporary(domain, &error)),
        };
        let mut hosts: Vec<(MailHost, u16)> = Vec::new();
        for record in found.answers() {
            if let RData::MX(mx) = &record.data {
                let host = MailHost { preference: mx.preference, name: without_dot(&mx.exchange) };
                hosts.push((host, random()));
            }
        }
        match hosts.as_slice() {
            [] => return Ok(vec![implicit(domain)]),
            [(only, _)] if only.name.is_empty() => return Err(DnsProblem::NullMx(domain.to_owned())),
            _ => {}
        }
        hosts.retain(|(host, _)| !host.name.is_empty());
        hosts.sort_by_key(|(host, order)| (host.preference, *order));
        Ok(hosts.into_iter().map(|(host, _)| host).collect())
    }

    /// The addresses of a host.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, DnsProblem> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        match self.resolver().lookup_ip(name(host)?).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_nx_domain() || error.is_no_records_found() => {
                Err(DnsProblem::NoServer(host.to_owned()))
            }
            Err(error) => Err(temporary(host, &error)),
        }
    }

    /// The TXT records of a name, each as one text. None at all is no error.
    pub async fn texts(&self, host: &str) -> Result<Vec<String>, DnsProblem> {
        match self.resolver().txt_lookup(name(host)?).await {
            Ok(found) => Ok(found
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
                    _ => None,
                })
                .collect()),
            Err(error) if error.is_nx_domain() || error.is_no_records_found() => Ok(Vec::new()),
            Err(error) => Err(temporary(host, &error)),
        }
    }
}

/// RFC 5321 section 5.1: as if it had one MX record that names itself.
fn implicit(domain: &str) -> MailHost {
    MailHost { preference: 0, name: domain.to_owned() }
}

fn temporary(about: &str, error: &NetError) -> DnsProblem {
    DnsProblem::Temporary(about.to_owned(), error.to_string())
}

/// Absolute: nothing is searched for in domains of our own.
fn name(text: &str) -> Result<Name, DnsProblem> {
    let mut name = Name::from_utf8(text).map_err(|_| DnsProblem::BadName(text.to_owned()))?;
    name.set_fqdn(true);
    Ok(name)
}

fn without_dot(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}

fn random() -> u16 {
    let mut octets = [0; 2];
    let _ = rand::fill(&mut octets);
    u16::from_be_bytes(octets)
}
