//! `[outgoing]` and `[dns]`: where mail may go, when it is tried again, and who is asked for names.

use super::ConfigError;
use super::file::File;
use super::value::{Count, Span};
use postroom_relay::IpRange;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

/// How mail leaves.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) allow_networks: Vec<IpRange>,
    pub(crate) extra_ca: Vec<String>,
    /// The port of other servers.
    pub(crate) port: u16,
    pub(crate) retries: Vec<Span>,
    pub(crate) give_up_after: Span,
    pub(crate) tell_delay_after: Span,
    /// Empty: the servers that the system asks.
    pub(crate) name_servers: Vec<SocketAddr>,
}

/// Minutes after the first attempt, the second, …
const RETRIES: [u64; 9] = [1, 5, 30, 60, 120, 240, 480, 960, 1440];

pub(super) fn resolve(file: &File, base: &Path) -> Result<Outgoing, ConfigError> {
    let wrong = |key: &str, why: String| ConfigError::Key { key: key.to_owned(), why };
    let section = &file.outgoing;
    let ranges: Result<Vec<_>, _> = section.allow_networks.0.iter().map(|text| IpRange::parse(text)).collect();
    let retries: Result<Vec<_>, _> = section.retries.0.iter().map(|text| Span::parse(text)).collect();
    let mut retries = retries.map_err(|why| wrong("outgoing.retries", why))?;
    if retries.is_empty() {
        retries = RETRIES.map(|minutes| Span(std::time::Duration::from_secs(minutes * 60))).to_vec();
    }
    let servers: Result<Vec<_>, _> = file.dns.servers.0.iter().map(|text| name_server(text)).collect();
    let port = section.port.unwrap_or(Count(25));
    Ok(Outgoing {
        allow_networks: ranges.map_err(|error| wrong("outgoing.allow_networks", error.to_string()))?,
        extra_ca: section.extra_ca.0.iter().map(|path| base.join(path).display().to_string()).collect(),
        port: u16::try_from(port.0)
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(|| wrong("outgoing.port", format!("{} is no port", port.0)))?,
        retries,
        give_up_after: section.give_up_after.unwrap_or(DAYS_5),
        tell_delay_after: section.tell_delay_after.unwrap_or(HOURS_4),
        name_servers: servers.map_err(|why| wrong("dns.servers", why))?,
    })
}

const DAYS_5: Span = Span(std::time::Duration::from_secs(5 * 86_400));
const HOURS_4: Span = Span(std::time::Duration::from_secs(4 * 3600));

/// `9.9.9.9`, `9.9.9.9:53`, `[2620:fe::fe]:53`
fn name_server(text: &str) -> Result<SocketAddr, String> {
    let plain = text.parse::<IpAddr>().map(|address| SocketAddr::new(address, 53));
    plain.or_else(|_| text.parse()).map_err(|_| format!("`{text}` is no name server; write 9.9.9.9 or 127.0.0.1:5353"))
}
