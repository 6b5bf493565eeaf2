//! TLS: by STARTTLS and from the first octet, with the certificate that the server made itself or with one from files.

use crate::harness::{
    Database, Home, Imap, Server, Smtp, Stream, base64, on_both, password, request_over_tls, trusting,
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

const HOST: &str = "mail.example.org";

#[test]
fn without_a_certificate_the_server_makes_one_for_its_name() {
    on_both(|database| {
        let server = Server::start(database);
        let certificate = self_signed(&server);
        let shown = certificate_of(&server, &trusting(&certificate));
        let key = server.home().path(&format!("data/self-signed-{HOST}.key"));
        let mode = std::fs::metadata(key).expect("the key is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "only its owner reads the key: {mode:o}");

        let server = server.restart();
        assert_eq!(certificate_of(&server, &trusting(&certificate)), shown, "it is kept");
        for listener in ["imaps", "submissions"] {
            let mut stream = Stream::connect(server.address(listener)).expect("the server listens");
            let other = stream.secure(&trusting(&certificate), "elsewhere.example").expect_err("another name");
            assert!(other.to_string().contains("not valid for name"), "{other}");
        }
    });
}

#[test]
fn every_door_speaks_it() {
    on_both(|database| {
        let server = Server::start(database);
        let trust = trusting(&self_signed(&server));
        imap_after_starttls(&server, &trust);
        for listener in ["smtp", "submission", "lmtp"] {
            smtp_after_starttls(&server, listener, &trust);
        }
        let mut imap = Imap::greeted(encrypted(&server, "imaps", &trust)).expect("a greeting");
        assert!(!imap.ok("CAPABILITY").tells("STARTTLS"));
        imap.ok(&format!("LOGIN bob {}", password("bob")));
        assert_eq!(imap.ok("SELECT INBOX").exists(), 1, "what came by submission");

        let mut submissions = Smtp::greeted(encrypted(&server, "submissions", &trust)).expect("a greeting");
        let offered = submissions.ask("EHLO client.example").expect(250).text;
        assert!(!offered.contains("STARTTLS") && offered.contains("AUTH"), "{offered}");
        submissions.authenticate("bob").expect(235);
        submissions.send("bob@example.org", "bob@example.org", b"From: bob@example.org\r\n\r\nx\r\n").expect(250);
        assert_eq!(imap.ok("NOOP").exists(), 2);
        let header = String::from_utf8(imap.ok("FETCH 2 BODY.PEEK[HEADER]").untagged[0].literals[0].clone());
        let header = header.expect("ASCII");
        assert!(header.contains("with ESMTPSA") && header.contains("TLS1.3"), "{header}");

        assert_eq!(request_over_tls(&server, Some("alice"), "GET /api/v1/users").status, 200);
    });
}

fn imap_after_starttls(server: &Server, trust: &Arc<ClientConfig>) {
    let mut imap = Imap::connect(server.address("imap"));
    assert!(imap.ok("CAPABILITY").tells("STARTTLS"));
    imap.ok("STARTTLS");
    imap.stream.secure(trust, HOST).expect("a handshake");
    assert!(!imap.ok("CAPABILITY").tells("STARTTLS"));
    assert!(imap.run("STARTTLS").status.starts_with("BAD"), "once only");
    imap.ok(&format!("LOGIN bob {}", password("bob")));
    imap.ok("SELECT INBOX");
}

fn smtp_after_starttls(server: &Server, listener: &str, trust: &Arc<ClientConfig>) {
    let mut smtp = match listener {
        "lmtp" => Smtp::lmtp(server.address(listener)),
        _ => Smtp::connect(server.address(listener)),
    };
    smtp.ask("STARTTLS").expect(220);
    smtp.stream.secure(trust, HOST).expect("a handshake");
    smtp.ask("MAIL FROM:<bob@example.org>").expect(503);
    let hello = if listener == "lmtp" { "LHLO" } else { "EHLO" };
    let offered = smtp.ask(&format!("{hello} client.example")).expect(250).text;
    assert!(!offered.contains("STARTTLS"), "{listener}: {offered}");
    if listener == "submission" {
        smtp.authenticate("bob").expect(235);
        smtp.send("bob@example.org", "bob@example.org", b"From: bob@example.org\r\n\r\nx\r\n").expect(250);
    }
}

#[test]
fn what_is_sent_in_clear_before_the_handshake_is_not_obeyed() {
    let server = Server::start(Database::Sqlite);
    let trust = trusting(&self_signed(&server));
    let mut imap = Imap::connect(server.address("imap"));
    imap.stream.write(b"a1 STARTTLS\r\na2 CAPABILITY\r\n").expect("the server reads");
    assert!(imap.next().expect("an answer").text.starts_with("a1 OK"));
    imap.stream.secure(&trust, HOST).expect("a handshake");
    assert!(imap.ok("NOOP").untagged.is_empty(), "nothing came for a2");

    let mut smtp = Smtp::connect(server.address("submission"));
    smtp.stream.write(b"STARTTLS\r\nRSET\r\n").expect("the server reads");
    smtp.reply().expect("an answer").expect(220);
    smtp.stream.secure(&trust, HOST).expect("a handshake");
    let reply = smtp.ask("EHLO client.example").expect(250);
    assert!(reply.text.starts_with("250-mail.example.org"), "the answer to EHLO, not to RSET: {reply:?}");
}

#[test]
fn a_certificate_from_files_is_shown_with_its_chain() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        let authority = write_certificates(&home);
        home.configure("[tls]\ncertificate = \"chain.pem\"\nkey = \"server.key\"");
        let server = home.serve();
        let trust = trusting(&authority);
        let expected = CertificateDer::from_pem_file(server.home().path("chain.pem")).expect("a certificate");
        assert_eq!(certificate_of(&server, &trust), expected.to_vec());
        let mut imap = Imap::connect(server.address("imap"));
        imap.ok("STARTTLS");
        imap.stream.secure(&trust, HOST).expect("issued by who is trusted");
        assert_eq!(imap.stream.certificate(), expected.to_vec());
        assert!(!self_signed(&server).exists(), "none was made");
        assert!(server.log().lines().all(|line| !line.contains("ERROR")), "{}", server.log());
    });
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_and_nothing_starts() {
    let home = Home::with_organisation(Database::Sqlite);
    write_certificates(&home);
    let other = KeyPair::generate().expect("a key");
    home.write("other.key", &other.serialize_pem());
    home.write("empty.pem", "");
    let cases = [
        ("chain.pem", "missing.key", "missing.key"),
        ("missing.pem", "server.key", "missing.pem"),
        ("empty.pem", "server.key", "empty.pem"),
        ("chain.pem", "empty.pem", "empty.pem"),
        ("chain.pem", "other.key", "chain.pem"),
    ];
    let plain = std::fs::read_to_string(home.path("postroom.toml")).expect("the configuration");
    for (certificate, key, named) in cases {
        home.write("postroom.toml", &plain);
        home.configure(&format!("[tls]\ncertificate = \"{certificate}\"\nkey = \"{key}\""));
        let said = home.run(&["serve"]);
        assert!(said.status != 0 && said.err.contains(named), "{certificate} with {key}: {said:?}");
        assert!(!said.out.contains("ready"), "{said:?}");
    }
}

#[test]
fn passwords_are_not_taken_in_clear_where_that_is_forbidden() {
    let home = Home::with_organisation(Database::Sqlite);
    home.configure("[auth]\nplaintext = \"never\"");
    let server = home.serve();
    let trust = trusting(&self_signed(&server));
    let mut imap = Imap::connect(server.address("imap"));
    assert!(imap.ok("CAPABILITY").tells("LOGINDISABLED"));
    let refused = imap.refused(&format!("LOGIN bob {}", password("bob")));
    assert!(refused.contains("[PRIVACYREQUIRED]"), "{refused}");
    imap.ok("STARTTLS");
    imap.stream.secure(&trust, HOST).expect("a handshake");
    assert!(!imap.ok("CAPABILITY").tells("LOGINDISABLED"));
    imap.ok(&format!("LOGIN bob {}", password("bob")));

    let mut smtp = Smtp::connect(server.address("submission"));
    let refused = smtp.ask(&format!("AUTH PLAIN {}", base64(&format!("\0bob\0{}", password("bob")))));
    assert_eq!(refused.code, 538, "{refused:?}");
    smtp.ask("STARTTLS").expect(220);
    smtp.stream.secure(&trust, HOST).expect("a handshake");
    smtp.ask("EHLO client.example").expect(250);
    smtp.authenticate("bob").expect(235);
}

fn self_signed(server: &Server) -> PathBuf {
    server.home().path(&format!("data/self-signed-{HOST}.pem"))
}

fn encrypted(server: &Server, listener: &str, trust: &Arc<ClientConfig>) -> Stream {
    let mut stream = Stream::connect(server.address(listener)).expect("the server listens");
    stream.secure(trust, HOST).expect("a handshake");
    stream
}

/// What all listeners show that begin with TLS.
fn certificate_of(server: &Server, trust: &Arc<ClientConfig>) -> Vec<u8> {
    let shown = ["imaps", "submissions", "https"].map(|listener| encrypted(server, listener, trust).certificate());
    assert!(shown.iter().all(|one| *one == shown[0]), "one certificate everywhere");
    shown[0].clone()
}

/// A certificate for the host with its key, issued by an authority of which the path is given.
fn write_certificates(home: &Home) -> PathBuf {
    let root_key = KeyPair::generate().expect("a key");
    let mut root = CertificateParams::new(Vec::new()).expect("parameters");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name.push(DnType::CommonName, "An authority");
    let authority = root.self_signed(&root_key).expect("a certificate");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec![HOST.to_owned()]).expect("parameters");
    let issued = leaf.signed_by(&key, &Issuer::new(root, root_key)).expect("a certificate");
    home.write("authority.pem", &authority.pem());
    home.write("chain.pem", &(issued.pem() + &authority.pem()));
    home.write("server.key", &key.serialize_pem());
    home.path("authority.pem")
}
