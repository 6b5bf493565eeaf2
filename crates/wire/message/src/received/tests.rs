use super::*;

fn full() -> Received<'static> {
    Received {
        helo: Some("client.example"),
        peer_name: Some("mx.example.net"),
        peer: Some(IpAddr::from([192, 0, 2, 1])),
        tls: Some("TLS1.3"),
        by: "mail.example.org",
        with: "ESMTPSA",
        id: "42a",
        recipient: Some("joe@example.org"),
        at: 880_127_706,
    }
}

#[test]
fn a_full_field() {
    assert_eq!(
        full().value(),
        "from client.example (mx.example.net [192.0.2.1])\r\n\tby mail.example.org with ESMTPSA (TLS1.3) id 42a\r\n\t\
         for <joe@example.org>;\r\n\tFri, 21 Nov 1997 15:55:06 +0000"
    );
}

#[test]
fn optional_clauses() {
    let short = Received { helo: None, tls: None, recipient: None, ..full() };
    assert_eq!(short.value(), "by mail.example.org with ESMTPSA id 42a;\r\n\tFri, 21 Nov 1997 15:55:06 +0000");
    let v6 = Received { peer: "2001:db8::1".parse().ok(), peer_name: None, ..full() };
    assert!(v6.value().starts_with("from client.example ([IPv6:2001:db8::1])\r\n"));
    let mapped = Received { peer: "::ffff:192.0.2.1".parse().ok(), peer_name: None, ..full() };
    assert!(mapped.value().starts_with("from client.example ([192.0.2.1])\r\n"));
}

#[test]
fn clients_cannot_write_clauses() {
    let hostile = Received {
        helo: Some("a\r\nBcc: x (by) ;<"),
        recipient: Some("joe@x>;\r\n for <b"),
        peer_name: Some("(\r\n)"),
        ..full()
    };
    let value = hostile.value();
    assert!(value.starts_with("from aBcc:xby (unknown [192.0.2.1])\r\n\tby "), "{value}");
    assert!(value.contains("\r\n\tfor <joe@xforb>;\r\n\t"), "{value}");
}
