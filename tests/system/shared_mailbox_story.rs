//! The main story: two people work one shared mailbox with ordinary mail clients, a third knows nothing of it, and
//! who loses the role loses the open session.
//!
//! Start reading at [`two_members_one_stranger`]; the chapters follow in order.

use crate::harness::{Imap, Isync, ORGANISATION, Server, Smtp, base64, drive, is_there, on_both, password};
use std::process::Command;
use std::time::{Duration, Instant};

const INBOX: &str = "\"Shared/Customer Support/INBOX\"";
const SENT: &str = "\"Shared/Customer Support/Sent Items\"";

/// It takes milliseconds; the rest is for a machine that does other things, too. Nobody who looks now and then keeps it.
const AT_ONCE: Duration = Duration::from_secs(3);

#[test]
fn two_members_one_stranger() {
    on_both(|database| {
        let server = Server::start(database);
        let (mut alice, mut bob) = (watching(&server, "alice"), watching(&server, "bob"));

        a_message_appears_for_both_at_once(&server, &mut alice, &mut bob);
        mbsync_of_one_member_fetches_it(&server);
        a_flag_of_one_is_told_to_the_other(&mut alice, &mut bob);
        one_answers_and_both_have_the_copy(&server, &mut alice);
        the_stranger_sees_and_sends_nothing(&server);
        who_loses_the_role_loses_the_open_session(&server, bob);
        it_is_told_why(&server);
        what_is_exported_can_be_applied(&server);
        assert!(server.log().lines().all(|line| !line.contains("ERROR")), "{}", server.log());
        server.stop();
    });
}

/// A session that waits for news of the shared Inbox.
fn watching(server: &Server, user: &str) -> Imap {
    let mut session = Imap::sign_in(server.address("imap"), user);
    assert_eq!(session.ok(&format!("SELECT {INBOX}")).exists(), 0);
    session.idle();
    session
}

fn a_message_appears_for_both_at_once(server: &Server, alice: &mut Imap, bob: &mut Imap) {
    let message = "From: Mallory Finch <mallory@example.org>\r\nTo: support@example.org\r\nSubject: The printer burns\r\n\
                   Message-ID: <burning@elsewhere.example>\r\n\r\nPlease help.\r\n";
    send(server, "smtp", None, "mallory@example.org", "support@example.org", message);
    let accepted = Instant::now();
    alice.wait_for("* 1 EXISTS");
    bob.wait_for("* 1 EXISTS");
    assert!(accepted.elapsed() < AT_ONCE, "told after {:?}", accepted.elapsed());
}

/// Sends with swaks, or with our own client where swaks is not installed.
fn send(server: &Server, listener: &str, user: Option<&str>, from: &str, to: &str, message: &str) {
    let address = server.address(listener);
    if !is_there("swaks", "swaks") {
        let mut smtp = Smtp::connect(address);
        if let Some(user) = user {
            smtp.authenticate(user).expect(235);
        }
        smtp.send(from, to, message.as_bytes()).expect(250);
        return;
    }
    let mut swaks = Command::new("swaks");
    swaks.args(["--server", &address.ip().to_string(), "--port", &address.port().to_string()]);
    swaks.args(["--helo", "client.elsewhere.example", "--from", from, "--to", to]);
    swaks.args(["--data", &message.replace("\r\n", "\\n")]);
    if let Some(user) = user {
        swaks.args(["--auth", "PLAIN", "--auth-user", user, "--auth-password", &password(user)]);
    }
    let said = drive(&mut swaks).succeeded();
    assert!(said.contains("250 2.0.0 "), "{said}");
}

fn mbsync_of_one_member_fetches_it(server: &Server) {
    let Some(isync) = Isync::new(server, "alice", "Shared/Customer Support/INBOX") else { return };
    isync.run();
    let messages = isync.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    let text = std::fs::read_to_string(&messages[0]).expect("a message");
    assert!(text.contains("\nSubject: The printer burns\n") && text.trim_end().ends_with("\n\nPlease help."), "{text}");
}

fn a_flag_of_one_is_told_to_the_other(alice: &mut Imap, bob: &mut Imap) {
    bob.done();
    assert!(bob.ok("STORE 1 +FLAGS (\\Flagged)").tells("\\Flagged"));
    let told = alice.wait_for("\\Flagged");
    assert!(told.starts_with("* 1 FETCH "), "{told}");
}

fn one_answers_and_both_have_the_copy(server: &Server, alice: &mut Imap) {
    alice.done();
    assert_eq!(alice.ok(&format!("SELECT {SENT}")).exists(), 0);
    alice.idle();
    let answer = |number| {
        format!(
            "From: Customer Support <support@example.org>\r\nTo: mallory@example.org\r\nSubject: Re: The printer burns\r\n\
             Message-ID: <answer-{number}@example.org>\r\nIn-Reply-To: <burning@elsewhere.example>\r\n\r\nAnswer {number}.\r\n"
        )
    };
    let mut submission = Smtp::sign_in(server.address("submission"), "bob");
    submission.send("support@example.org", "mallory@example.org", answer(1).as_bytes()).expect(250);
    alice.wait_for("* 1 EXISTS");
    send(server, "submission", Some("bob"), "support@example.org", "mallory@example.org", &answer(2));
    alice.wait_for("* 2 EXISTS");
    alice.done();

    let mut customer = Imap::sign_in(server.address("imap"), "mallory");
    assert_eq!(customer.ok("SELECT INBOX").exists(), 2);
    let received = customer.bodies("1:*");
    let copies = alice.bodies("1:*");
    assert_eq!((received.len(), copies.len()), (2, 2));
    for (number, message) in (1..).zip(received) {
        let text = String::from_utf8(message).expect("ASCII").to_lowercase();
        assert!(text.contains("from: customer support <support@example.org>"), "{text}");
        assert!(text.contains(&format!("\r\n\r\nanswer {number}.")), "{text}");
        assert!(!text.contains("bob") && !text.contains("\r\nsender:"), "who sent it stays inside: {text}");
    }
    for (number, copy) in (1..).zip(copies) {
        assert!(String::from_utf8(copy).expect("ASCII").contains(&format!("\r\n\r\nAnswer {number}.")));
    }
    let mut own = Imap::sign_in(server.address("imap"), "bob");
    assert_eq!(own.ok("SELECT \"Sent Items\"").exists(), 0, "one copy only, in the shared mailbox");
}

fn the_stranger_sees_and_sends_nothing(server: &Server) {
    let mut stranger = Imap::sign_in(server.address("imap"), "mallory");
    for pattern in ["*", "Shared/*", "Shared/%/%", "Shared/Customer Support/INBOX", "Shared"] {
        let listed = stranger.ok(&format!("LIST \"\" \"{pattern}\""));
        assert!(!listed.tells("Shared"), "{pattern}: {listed:?}");
    }
    let commands = [
        "SELECT {}",
        "EXAMINE {}",
        "STATUS {} (MESSAGES)",
        "MYRIGHTS {}",
        "GETACL {}",
        "LISTRIGHTS {} mallory",
        "SETACL {} mallory lr",
        "CREATE {}",
        "DELETE {}",
        "RENAME {} x",
        "RENAME Drafts {}",
        "APPEND {} {1+}\r\nx",
    ];
    for command in commands {
        for name in ["Shared/X", "Shared/X/", "Shared/X/INBOX", "Shared/X/New", "Shared/X/INBOX/New"] {
            let mut refused = |label: &str| {
                stranger.refused(&command.replacen("{}", &format!("\"{}\"", name.replace('X', label)), 1))
            };
            assert_eq!(refused("Customer Support"), refused("Nothing Here"), "{command} {name}");
        }
    }
    // A name may be subscribed to without a folder (RFC 9051 section 6.3.7), and tells as little.
    for name in
        ["Shared/Customer Support", "Shared/Nothing Here", "Shared/Customer Support/INBOX", "Shared/Nothing Here/INBOX"]
    {
        assert_eq!(stranger.ok(&format!("SUBSCRIBE \"{name}\"")).status, "OK subscribed", "{name}");
        stranger.ok(&format!("UNSUBSCRIBE \"{name}\""));
    }
    let message = |from: &str| format!("From: {from}\r\nSubject: x\r\n\r\nx\r\n");
    let mut submission = Smtp::sign_in(server.address("submission"), "mallory");
    let mut refused = |envelope: &str, header: &str| {
        let reply = submission.send(envelope, "carol@example.org", message(header).as_bytes()).expect(550);
        reply.text.replace("support@", "X@").replace("no-such@", "X@")
    };
    let text = "550 5.7.1 sending as X@example.org needs the right send.as on it; ask an administrator";
    for address in ["support@example.org", "no-such@example.org"] {
        assert_eq!(refused(address, address), text, "in the envelope");
        assert_eq!(refused("mallory@example.org", address), text, "in the header");
    }
    let mut signs_in = Imap::connect(server.address("imap"));
    let no_such = signs_in.refused("LOGIN no-such secret");
    assert_eq!(signs_in.refused("LOGIN support secret"), no_such);
    assert_eq!(signs_in.refused("LOGIN support@example.org secret"), no_such);
    let mut signs_in = Smtp::connect(server.address("submission"));
    let mut refused = |user: &str| signs_in.ask(&format!("AUTH PLAIN {}", base64(&format!("\0{user}\0secret"))));
    assert_eq!(refused("support"), refused("no-such").expect(535));
}

fn who_loses_the_role_loses_the_open_session(server: &Server, mut bob: Imap) {
    let mut other = Imap::sign_in(server.address("imap"), "bob");
    other.ok(&format!("SELECT {INBOX}"));
    other.idle();
    let mut submission = Smtp::sign_in(server.address("submission"), "bob");

    let without_bob = ORGANISATION.replace("members = [\"alice\", \"bob\"]", "members = [\"alice\"]");
    server.home().write("without-bob.toml", &without_bob);
    let said = server.home().run(&["apply", "without-bob.toml"]).succeeded();
    assert!(said.contains("bob") && said.contains("Mailbox - Support"), "{said}");

    let reason = "this needs the right message.read on Customer Support; ask Carol Diaz";
    let applied = Instant::now();
    assert_eq!(other.wait_for("* BYE"), format!("* BYE {reason}"));
    assert!(applied.elapsed() < AT_ONCE, "told after {:?}", applied.elapsed());
    other.is_closed();
    assert_eq!(bob.refused("FETCH 1 (FLAGS BODY.PEEK[])"), format!("NO [NOPERM] {reason}"));
    assert_eq!(bob.refused("STORE 1 +FLAGS (\\Seen)"), format!("NO [NOPERM] {reason}"));
    let message = "Subject: x\r\n\r\nx\r\n";
    Smtp::connect(server.address("smtp")).send("", "support@example.org", message.as_bytes()).expect(250);
    assert!(bob.ok("NOOP").untagged.is_empty(), "no news of it either");
    let gone = bob.refused("SELECT \"Shared/Nothing Here/INBOX\"");
    assert_eq!(bob.refused(&format!("SELECT {INBOX}")), gone);
    let reply = submission.ask("MAIL FROM:<support@example.org>").expect(550);
    assert!(reply.text.contains("sending as support@example.org needs the right send.as on it"), "{reply:?}");
    submission.ask("MAIL FROM:<bob@example.org>").expect(250);
}

fn it_is_told_why(server: &Server) {
    let home = server.home();
    let bob = home.run(&["explain", "bob", "support"]).succeeded();
    let held = |text: &str, right: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(right));
        line.and_then(|line| line.split_whitespace().nth(1)).expect("a line for the right").to_owned()
    };
    assert_eq!((held(&bob, "message.read"), held(&bob, "send.as")), ("no".into(), "no".into()), "{bob}");
    assert!(bob.contains("without any right the mailbox does not exist") && bob.contains("Carol Diaz"), "{bob}");
    let alice = home.run(&["explain", "alice", "support"]).succeeded();
    assert_eq!((held(&alice, "message.read"), held(&alice, "message.purge")), ("yes".into(), "no".into()), "{alice}");
    assert!(alice.contains("from: role Mailbox - Support"), "{alice}");

    let record = home.run(&["audit", "--limit", "1000", "--json"]).json();
    let acts: Vec<String> = record
        .as_array()
        .expect("a list")
        .iter()
        .map(|act| {
            let text = |key: &str| act[key].as_str().unwrap_or("-").to_owned();
            let who = if act["person_name"].is_null() { text("who") } else { text("person_name") };
            [who, text("door"), text("mailbox_name"), text("action"), text("outcome")].join(" ")
        })
        .collect();
    for expected in [
        "server smtp support message.deliver done",
        "alice imap support mailbox.open done",
        "bob imap support mailbox.open done",
        "bob submission support message.send done",
        "server submission mallory message.deliver done",
        "mallory imap support mailbox.open denied",
        "mallory submission support message.send denied",
        "bob imap support mailbox.open denied",
        "bob submission support message.send denied",
        "operator cli - role.members done",
    ] {
        assert!(acts.iter().any(|act| act == expected), "{expected} in {acts:#?}");
    }
}

fn what_is_exported_can_be_applied(server: &Server) {
    let exported = server.home().run(&["export"]).succeeded();
    assert!(exported.contains("Customer Support") && !exported.contains(&password("alice")), "{exported}");
    let again = server.home().run_with_input(&["apply", "-"], &exported).succeeded();
    assert_eq!(again.lines().next(), Some("no difference"), "{again}");
}
