//! The records of DNS by which mail programs find this server: SRV (RFC 6186, RFC 8314 section 5.1) and the names that
//! autoconfig and Autodiscover look at.

use crate::config::{Config, Listener};
use serde::Serialize;
use std::fmt;

/// A record to be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Record {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) value: String,
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {} {}", self.name, self.kind, self.value)
    }
}

const SERVICES: [(&str, Listener); 6] = [
    ("_imaps", Listener::Imaps),
    ("_imap", Listener::Imap),
    ("_pop3s", Listener::Pop3s),
    ("_pop3", Listener::Pop3),
    ("_submissions", Listener::Submissions),
    ("_submission", Listener::Submission),
];

/// What to publish for each domain. A service that is not offered is said not to be, so that nobody tries.
pub(crate) fn to_publish(config: &Config, domains: &[String]) -> Vec<Record> {
    let port =
        |wanted| config.listen.iter().find(|(listener, _)| *listener == wanted).map(|(_, address)| address.port());
    let host = &config.hostname;
    let mut records = Vec::new();
    for domain in domains {
        for (priority, (service, listener)) in (0..).zip(SERVICES) {
            // Of each pair the one that is TLS from the first octet is preferred.
            let value = match port(listener) {
                Some(port) => format!("{} 1 {port} {host}.", priority % 2 * 10),
                None => "0 0 0 .".to_owned(),
            };
            records.push(Record { name: format!("{service}._tcp.{domain}"), kind: "SRV", value });
        }
        if let Some(port) = port(Listener::Https) {
            let value = format!("0 1 {port} {host}.");
            records.push(Record { name: format!("_autodiscover._tcp.{domain}"), kind: "SRV", value });
            for name in ["autoconfig", "autodiscover"] {
                records.push(Record { name: format!("{name}.{domain}"), kind: "CNAME", value: format!("{host}.") });
            }
        }
    }
    records
}
