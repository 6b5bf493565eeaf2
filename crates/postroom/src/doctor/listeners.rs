//! The listeners: whether somebody answers on them, and in the words of the protocol.

use super::Finding;
use crate::config::{Config, Listener};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

const TOPIC: &str = "listeners";
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (listener, address) in &config.listen {
        if address.port() == 0 {
            let what = format!("{listener}: the port is given out by the system");
            findings.push(Finding::warning(TOPIC, what, "set a port, or nobody finds it"));
            continue;
        }
        findings.push(match greeting(*listener, reachable(*address)).await {
            Ok(()) => Finding::ok(TOPIC, format!("{listener} answers on {address}")),
            Err(why) => Finding::problem(TOPIC, format!("{listener} does not answer on {address}: {why}"), ADVICE),
        });
    }
    findings
}

const ADVICE: &str = "see that the server is running, and that nothing else uses the port";

/// An address that stands for all of the machine's is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Connects; where the server speaks first, it has to say what its protocol says.
async fn greeting(listener: Listener, address: SocketAddr) -> Result<(), String> {
    let expected: &[u8] = match listener {
        Listener::Smtp | Listener::Submission | Listener::Lmtp => b"220",
        Listener::Imap => b"* OK",
        Listener::Pop3 => b"+OK",
        Listener::Submissions
        | Listener::Imaps
        | Listener::Pop3s
        | Listener::Http
        | Listener::Https
        | Listener::Metrics => b"",
    };
    let asking = async {
        let mut stream = TcpStream::connect(address).await?;
        let mut start = vec![0; expected.len()];
        stream.read_exact(&mut start).await?;
        Ok::<_, std::io::Error>(start)
    };
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(Ok(start)) if start == expected => Ok(()),
        Ok(Ok(_)) => Err("something else answers there".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("nothing was heard".to_owned()),
    }
}
