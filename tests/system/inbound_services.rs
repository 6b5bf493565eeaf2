//! Inbound services with Debian's Dovecot as the server elsewhere: the Inbox moves over, other folders stay.
//!
//! Start reading at [`a_shared_mailbox_takes_over_an_account`].

use crate::harness::{Can, Database, Dovecot, Home, Imap, REMOTE_PASSWORD, Server, on_both, request};
use std::time::{Duration, Instant};

const INBOX: &str = "\"Shared/Customer Support/INBOX\"";

/// It takes milliseconds; the rest is for a machine that does other things, too.
const AT_ONCE: Duration = Duration::from_secs(2);

fn mail(number: usize) -> Vec<u8> {
    let body = "Grüße aus der Ferne\r\n.\r\n".repeat(1 + number % 50);
    let head = format!(
        "From: customer{number}@elsewhere.example\r\nTo: support@example.org\r\nSubject: Question {number}\r\n"
    );
    format!("{head}Message-ID: <{number}@elsewhere.example>\r\nDate: Sat, 21 Nov 2020 08:00:00 +0000\r\n\r\n{body}")
        .into_bytes()
}

fn mails(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(mail).collect()
}

/// The example organisation, in which the shared mailbox has inbound services.
fn home(database: Database, dovecot: &Dovecot, services: &str) -> Home {
    let home = Home::new(database);
    home.configure(&format!(
        "[outgoing]\nextra_ca = [\"{}\"]\n[limits]\nfetch_interval = \"1 s\"",
        dovecot.certificate().display()
    ));
    let organisation = crate::harness::ORGANISATION.replacen("[[role]]", &format!("{services}\n[[role]]"), 1);
    home.write("org.toml", &organisation);
    let mut command = home.command(&home.path(""));
    command.arg("--config").arg(home.path("postroom.toml")).args(["apply", "org.toml"]);
    command.env("REMOTE", REMOTE_PASSWORD);
    crate::harness::finish(command, "").succeeded();
    home
}

fn service(protocol: &str, port: u16, encryption: &str, user: &str, after: &str) -> String {
    let settings = format!("port = {port}\nencryption = \"{encryption}\"\nusername = \"{user}\"");
    format!(
        "[[shared_mailbox.inbound]]\nprotocol = \"{protocol}\"\nserver = \"localhost\"\n{settings}\n\
         password_env = \"REMOTE\"\nafter_fetch = {after}\n"
    )
}

/// Everything in the shared Inbox, sorted, once there are so many messages.
fn arrived(server: &Server, count: usize) -> Vec<Vec<u8>> {
    let begun = Instant::now();
    loop {
        let mut session = Imap::sign_in(server.address("imap"), "alice");
        let there = session.ok(&format!("EXAMINE {INBOX}")).exists();
        if there >= count {
            let mut bodies = session.bodies("1:*");
            bodies.sort();
            return bodies;
        }
        if begun.elapsed() > Duration::from_secs(60) {
            panic!("{there} of {count} came: {}\n{}", server.home().run(&["inbound", "list"]).out, server.log());
        }
        session.idle();
        session.wait_for("EXISTS");
    }
}

fn emptied(dovecot: &Dovecot, user: &str) {
    let begun = Instant::now();
    while !dovecot.messages(user, "INBOX").is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the Inbox there is not emptied");
    }
}

#[test]
fn a_shared_mailbox_takes_over_an_account() {
    let Some(dovecot) = Dovecot::start(Can::Everything) else { return };
    on_both(|database| {
        let user = if database == Database::Sqlite { "sqlite" } else { "postgresql" };
        let all = mails(40);
        dovecot.fill(user, all.iter().map(Vec::as_slice));
        let mut there = dovecot.sign_in(user);
        there.ok("CREATE Archive");
        assert!(there.append("Archive", &mail(99)).status.starts_with("OK"));

        let server =
            home(database, &dovecot, &service("imap", dovecot.imaps.port(), "tls", user, "\"delete\"")).serve();
        let mut expected = all.clone();
        expected.sort();
        assert!(arrived(&server, 40) == expected, "byte for byte");
        emptied(&dovecot, user);
        assert_eq!(dovecot.messages(user, "Archive"), [mail(99)], "other folders stay as they are");

        // New mail there is told of, and here at once.
        let mut alice = Imap::sign_in(server.address("imap"), "alice");
        alice.ok(&format!("SELECT {INBOX}"));
        alice.idle();
        let sent = Instant::now();
        dovecot.fill(user, [mail(41).as_slice()]);
        alice.wait_for("* 41 EXISTS");
        assert!(sent.elapsed() < AT_ONCE, "it took {:?}", sent.elapsed());
        emptied(&dovecot, user);
        it_is_shown(&server);
        it_is_exported_and_applied_again(&server);
        assert!(
            server.log().lines().all(|line| !line.contains("ERROR") && !line.contains(REMOTE_PASSWORD)),
            "{}",
            server.log()
        );
        let home = server.stop();
        let database = std::fs::read(home.path("data/postroom.db")).unwrap_or_default();
        assert!(
            !database.windows(REMOTE_PASSWORD.len()).any(|part| part == REMOTE_PASSWORD.as_bytes()),
            "sealed at rest"
        );
    });
}

fn it_is_shown(server: &Server) {
    let list = server.home().run(&["inbound", "list", "support", "--json"]).json();
    assert_eq!((list[0]["moved"].as_u64(), list[0]["error"].as_str()), (Some(41), None), "{list}");
    assert!(list[0]["last_success_at"].as_i64().is_some(), "{list}");
    let id = list[0]["id"].to_string();
    let shown = server.home().run(&["inbound", "show", &id]).succeeded();
    assert!(shown.contains("41 messages") && shown.contains("error           none"), "{shown}");
    let tested = server.home().run(&["inbound", "test", &id]).succeeded();
    assert!(
        tested.contains("0 messages would be fetched, and deleted there") && tested.contains("UIDPLUS"),
        "{tested}"
    );
    // A manager sees and tests it, a member does not.
    let path = "/api/v1/mailboxes/support/inbound-services";
    let seen = request(server.address("http"), Some("carol"), &format!("GET {path}"), None);
    assert_eq!(seen.json()[0]["moved"], 41);
    assert!(!seen.body.contains(REMOTE_PASSWORD), "{seen:?}");
    let tested = request(server.address("http"), Some("carol"), &format!("POST {path}/{id}/test"), None);
    assert_eq!((tested.status, tested.json()["messages"].as_u64()), (200, Some(0)), "{tested:?}");
    let refused = request(server.address("http"), Some("bob"), &format!("GET {path}"), None);
    assert_eq!(refused.status, 403);
    a_manager_reaches_no_private_address(server, path);
}

/// What a manager sets up must not be a way to look around in the house.
fn a_manager_reaches_no_private_address(server: &Server, path: &str) {
    let wanted = r#"{"protocol":"imap","server":"localhost","port":1,"username":"x","password":"y"}"#;
    let tested = request(server.address("http"), Some("carol"), &format!("POST {path}/test"), Some(wanted));
    assert_eq!(tested.status, 502);
    assert!(tested.body.contains("private address"), "{tested:?}");
    let tested = request(server.address("http"), Some("alice"), &format!("POST {path}/test"), Some(wanted));
    assert!(tested.body.contains("refused"), "{tested:?}");
}

fn it_is_exported_and_applied_again(server: &Server) {
    let exported = server.home().run(&["export"]).succeeded();
    assert!(
        exported.contains("[[shared_mailbox.inbound]]") && exported.contains("after_fetch = \"delete\""),
        "{exported}"
    );
    let again = server.home().run_with_input(&["apply", "-"], &exported).succeeded();
    assert!(again.starts_with("no difference"), "{again}");
}

#[test]
fn every_protocol_encryption_and_server() {
    let (Some(able), Some(old)) = (Dovecot::start(Can::Everything), Dovecot::start(Can::Little)) else { return };
    let mut services = Vec::new();
    let mut expected = Vec::new();
    let cases = [
        (&able, "imap", able.imaps, "tls", "\"delete\""),
        (&able, "imap", able.imap, "starttls", "{ move = \"Erledigt & weg\" }"),
        (&able, "imap", able.imap, "none", "\"keep\""),
        (&able, "pop3", able.pop3s, "tls", "\"delete\""),
        (&able, "pop3", able.pop3, "starttls", "\"keep\""),
        (&able, "pop3", able.pop3, "none", "\"delete\""),
        (&old, "imap", old.imaps, "tls", "\"delete\""),
        (&old, "imap", old.imap, "starttls", "{ move = \"Archive\" }"),
        (&old, "pop3", old.pop3s, "tls", "\"delete\""),
    ];
    for (number, (dovecot, protocol, address, encryption, after)) in cases.into_iter().enumerate() {
        let user = format!("user{number}");
        let all: Vec<Vec<u8>> = (0..12).map(|count| mail(number * 100 + count)).collect();
        dovecot.fill(&user, all.iter().map(Vec::as_slice));
        services.push(service(protocol, address.port(), encryption, &user, after));
        expected.extend(all);
    }
    let home = home(Database::Sqlite, &able, &services.join("\n"));
    let both = format!("{}{}", read(&able), read(&old));
    home.write("authorities.pem", &both);
    let text = std::fs::read_to_string(home.path("postroom.toml")).expect("the configuration");
    home.write("postroom.toml", &text.replace(&able.certificate().display().to_string(), "authorities.pem"));
    let server = home.serve();
    expected.sort();
    assert!(arrived(&server, expected.len()) == expected, "every message once");
    for (number, (dovecot, _, _, _, after)) in cases.into_iter().enumerate() {
        let user = format!("user{number}");
        if after.contains("keep") {
            assert_eq!(dovecot.messages(&user, "INBOX").len(), 12);
        } else {
            emptied(dovecot, &user);
        }
    }
    assert_eq!(able.messages("user1", "Erledigt &- weg").len(), 12);
    assert_eq!(old.messages("user7", "Archive").len(), 12);
    server.stop();
}

fn read(dovecot: &Dovecot) -> String {
    std::fs::read_to_string(dovecot.certificate()).expect("a certificate")
}

/// Killed again and again while it fetches: everything is here once.
#[test]
fn kill9_while_fetching() {
    let Some(dovecot) = Dovecot::start(Can::Everything) else { return };
    let services = [
        service("imap", dovecot.imaps.port(), "tls", "imap", "\"delete\""),
        service("pop3", dovecot.pop3s.port(), "tls", "pop3", "\"delete\""),
    ];
    let home = home(Database::Sqlite, &dovecot, &services.join("\n"));
    let mut expected: Vec<Vec<u8>> = Vec::new();
    for (user, first) in [("imap", 0), ("pop3", 1000)] {
        let all: Vec<Vec<u8>> = (first..first + 400).map(mail).collect();
        dovecot.fill(user, all.iter().map(Vec::as_slice));
        expected.extend(all);
    }
    let mut server = home.serve();
    for count in [1, 60, 140, 230, 330, 450, 600] {
        arrived(&server, count);
        server = server.kill9().serve();
    }
    expected.sort();
    let here = arrived(&server, expected.len());
    assert!(here == expected, "{} here of {}", here.len(), expected.len());
    emptied(&dovecot, "imap");
    emptied(&dovecot, "pop3");
    server.stop();
}
