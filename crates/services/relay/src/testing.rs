//! For tests, also those of other crates: an authoritative DNS server for everything below `example.`

use hickory_server::Server;
use hickory_server::proto::rr::rdata::{A, MX, SOA, TXT};
use hickory_server::proto::rr::{Name, RData, Record};
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, ZoneType};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, UdpSocket};

/// One record, written as `name MX 10 host`, `name A address` or `name TXT text`.
fn record(line: &str) -> Record {
    let mut words = line.splitn(3, ' ');
    let mut word = || words.next().expect("three words");
    let (name, kind, rest) = (absolute(word()), word(), word());
    let data = match kind {
        "MX" => {
            let (preference, host) = rest.split_once(' ').expect("preference and host");
            RData::MX(MX::new(preference.parse().expect("a number"), absolute(host)))
        }
        "A" => RData::A(A(rest.parse::<Ipv4Addr>().expect("an address"))),
        // One string of a record has 255 octets at most.
        "TXT" => {
            let pieces = rest.as_bytes().chunks(255).map(|piece| String::from_utf8_lossy(piece).into_owned());
            RData::TXT(TXT::new(pieces.collect()))
        }
        other => panic!("no records of kind {other}"),
    };
    Record::from_rdata(name, 60, data)
}

fn absolute(name: &str) -> Name {
    let mut name = Name::from_utf8(name).expect("a name");
    name.set_fqdn(true);
    name
}

/// Starts it; gives where it answers. It ends with the test.
///
/// # Panics
/// When a record is not well-formed, or no port is free.
pub async fn start(records: &[&str]) -> SocketAddr {
    let origin = absolute("example.");
    let mut zone: InMemoryZoneHandler = InMemoryZoneHandler::empty(origin.clone(), ZoneType::Primary, AxfrPolicy::Deny);
    let soa = SOA::new(absolute("ns.example."), absolute("admin.example."), 1, 60, 60, 60, 1);
    zone.upsert_mut(Record::from_rdata(origin.clone(), 60, RData::SOA(soa)), 0);
    for line in records {
        zone.upsert_mut(record(line), 0);
    }
    let mut catalog = Catalog::new();
    catalog.upsert(origin.into(), vec![Arc::new(zone)]);
    let mut server = Server::new(catalog);
    let udp = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
    let address = udp.local_addr().expect("an address");
    let tcp = TcpListener::bind(address).await.expect("bound");
    server.register_socket(udp);
    server.register_listener(tcp, Duration::from_secs(5), 4096);
    tokio::spawn(async move { server.block_until_done().await });
    address
}
