//! A user becomes a shared mailbox, a room and a user again; a shared mailbox never gets a password; the plan has an
//! end.
//!
//! Start reading at [`conversion_keeps_the_mail_and_drops_what_only_a_person_holds`].

use crate::harness::{Answer, Home, Imap, Server, Smtp, base64, on_both, password, request};
use serde_json::{Value, json};

#[test]
fn conversion_keeps_the_mail_and_drops_what_only_a_person_holds() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        // Many sign-ins fail here, and none of them for being too many.
        home.configure("[limits]\nsign_in_attempts = 1000");
        let server = home.serve();
        let home = server.home();
        let made = home.run(&["app-password", "create", "bob", "--label", "Desk", "--json"]).json();
        let secret = made["password"].as_str().expect("a password").to_owned();
        Imap::connect(server.address("imap")).ok(&format!("LOGIN bob {secret}"));
        let (idle, open) = mail_of_bob(&server);
        let submission = Smtp::sign_in(server.address("submission"), "bob");
        let grant = r#"{"mailbox": "bob", "user": "carol", "rights": ["preset:viewer"]}"#;
        assert_eq!(api(&server, "PUT /api/v1/grants", Some(grant)).0, 200);
        let before = contents(&server, "carol", "Other Users/Bob Stone");

        let (status, answer) = api(&server, "POST /api/v1/mailboxes/bob/kind", Some(r#"{"kind": "shared"}"#));
        assert_eq!((status, &answer["mailbox"]["kind"]), (200, &json!("shared")), "{answer}");
        sessions_end(idle, open, submission);
        nobody_signs_in(&server, "bob", &[password("bob"), secret.clone()]);
        let roles = home.run(&["role", "list", "--json"]).json();
        assert!(!roles.to_string().contains("\"bob\""), "{roles}");
        let shown = home.run(&["mailbox", "show", "bob", "--json"]).json();
        assert_eq!((&shown["kind"], &shown["addresses"]), (&json!("shared"), &json!(["bob@example.org"])), "{shown}");
        assert_eq!(contents(&server, "carol", "Shared/Bob Stone"), before, "who had a right on it keeps it");

        for kind in ["room", "equipment", "user"] {
            home.run(&["mailbox", "convert", "bob@example.org", kind]).succeeded();
        }
        nobody_signs_in(&server, "bob", &[password("bob"), secret.clone()]);
        home.run_with_input(&["password", "set", "bob"], &password("bob")).succeeded();
        assert_eq!(contents(&server, "bob", ""), before, "the mail is as it was");
        let mut bob = Imap::sign_in(server.address("imap"), "bob");
        assert!(!bob.ok("LIST \"\" *").tells("Shared"), "the role is not given back");
        assert!(Imap::connect(server.address("imap")).refused(&format!("LOGIN bob {secret}")).contains("AUTH"));
        deliver(&server, "bob@example.org", "afterwards");
        let selected = bob.ok("SELECT INBOX");
        assert_eq!((selected.exists(), selected.number("UIDNEXT")), (4, 7), "the next UID goes on");
        server.stop();
    });
}

/// Gives bob mail in two folders, flags and a gap in the UIDs; a session that waits, and one with a folder open.
fn mail_of_bob(server: &Server) -> (Imap, Imap) {
    for subject in ["one", "two", "three", "four"] {
        deliver(server, "bob@example.org", subject);
    }
    let mut open = Imap::sign_in(server.address("imap"), "bob");
    open.ok("CREATE Projects/2026");
    open.ok("SELECT INBOX");
    open.ok("UID STORE 1 +FLAGS (\\Flagged \\Seen todo)");
    open.ok("UID COPY 1 Projects/2026");
    open.ok("UID MOVE 2 Projects/2026");
    let mut idle = Imap::sign_in(server.address("imap"), "bob");
    idle.ok("SELECT INBOX");
    idle.idle();
    deliver(server, "bob+tag@example.org", "five");
    idle.wait_for("* 4 EXISTS");
    open.ok("UID STORE 4 +FLAGS.SILENT (\\Deleted)");
    open.ok("UID EXPUNGE 4");
    idle.wait_for("* 3 EXPUNGE");
    (idle, open)
}

/// All that a mail client would notice if it changed.
fn contents(server: &Server, user: &str, below: &str) -> Vec<String> {
    let mut session = Imap::sign_in(server.address("imap"), user);
    let mut seen = Vec::new();
    for folder in ["INBOX", "Projects/2026", "Deleted Items", "Sent Items"] {
        let name = if below.is_empty() { folder.to_owned() } else { format!("{below}/{folder}") };
        let selected: Answer = session.ok(&format!("EXAMINE \"{name}\" (CONDSTORE)"));
        seen.push(format!("{folder} {}", selected.number("UIDVALIDITY")));
        seen.push(format!("next {} highest {}", selected.number("UIDNEXT"), selected.number("HIGHESTMODSEQ")));
        let fetched = session.ok("FETCH 1:* (UID FLAGS MODSEQ INTERNALDATE EMAILID RFC822.SIZE BODY.PEEK[])");
        for response in fetched.untagged {
            seen.push(format!(
                "{} {}",
                response.text.replace(" \\Recent", ""),
                String::from_utf8_lossy(response.literals.first().unwrap_or_else(|| panic!("{response:?}")))
            ));
        }
    }
    assert_eq!(seen.len(), 8 + 3 + 2, "{seen:#?}");
    seen
}

fn sessions_end(mut idle: Imap, mut open: Imap, mut submission: Smtp) {
    let bye = "* BYE the account has changed; sign in again";
    assert_eq!(idle.wait_for("* BYE"), bye);
    idle.is_closed();
    open.start(b"FETCH 1 BODY.PEEK[]").expect("it is open still");
    assert_eq!(open.next().expect("an answer").text, bye);
    open.is_closed();
    submission.ask("MAIL FROM:<bob@example.org>").expect(421);
}

/// The same answer as for a name that nobody has, at every door.
fn nobody_signs_in(server: &Server, user: &str, passwords: &[String]) {
    for secret in passwords {
        let imap = |name: &str| Imap::connect(server.address("imap")).refused(&format!("LOGIN {name} \"{secret}\""));
        let smtp = |name: &str| {
            let mut smtp = Smtp::connect(server.address("submission"));
            smtp.ask(&format!("AUTH PLAIN {}", base64(&format!("\0{name}\0{secret}")))).expect(535).text
        };
        for name in [user, &format!("{user}@example.org")] {
            assert_eq!(imap(name), imap("nobody-at-all"));
            assert_eq!(smtp(name), smtp("nobody-at-all"));
        }
    }
    assert_eq!(request(server.address("http"), Some(user), "GET /api/v1/session", None).status, 401);
}

#[test]
fn a_shared_mailbox_has_no_password_whoever_asks() {
    on_both(|database| {
        let server = Server::start(database);
        let home = server.home();
        let no_user = "only users have credentials";
        for command in [&["password", "set", "support"][..], &["app-password", "create", "support", "--label", "x"]] {
            let said = home.run_with_input(command, &password("support")).refused();
            assert!(said.contains(no_user), "{command:?}: {said}");
        }
        let secret = json!({"password": password("support")}).to_string();
        assert_eq!(api(&server, "PUT /api/v1/users/support/password", Some(&secret)).0, 404);
        let (status, problem) =
            api(&server, "POST /api/v1/application-passwords?user=support", Some(r#"{"label": "x"}"#));
        assert!((400..500).contains(&status), "{problem}");
        let with_password =
            json!({"name": "team", "display_name": "Team", "addresses": [], "password": "x"}).to_string();
        let (status, problem) = api(&server, "POST /api/v1/mailboxes", Some(&with_password));
        assert!((400..500).contains(&status) && problem.to_string().contains("password"), "{problem}");
        let (status, problem) = api(&server, "PATCH /api/v1/mailboxes/support", Some(&secret));
        assert!((400..500).contains(&status) && problem.to_string().contains("password"), "{problem}");
        for key in ["password_env = \"ALICE_PASSWORD\"", "password_hash = \"$argon2id$x\"", "password = \"x\""] {
            home.write(
                "with-password.toml",
                &format!("[[domain]]\nname = \"example.org\"\n\n[[shared_mailbox]]\nname = \"support\"\n{key}\n"),
            );
            let said = home.run(&["apply", "with-password.toml"]).refused();
            assert!(said.contains("line 6") && said.contains("password"), "{key}: {said}");
        }
        nobody_signs_in(&server, "support", &[password("support")]);
    });
}

#[test]
fn the_plan_is_an_end_and_says_so() {
    on_both(|database| {
        let server = Server::start(database);
        let home = server.home();
        let plan = |included: u32, maximum: u32| {
            let plan = json!({"shared_mailboxes": {"included": included, "maximum": maximum}}).to_string();
            assert_eq!(api(&server, "PUT /api/v1/plan", Some(&plan)).0, 200);
        };
        let text = "the plan allows 1 shared mailboxes at most; delete or convert one, or change the plan";
        let more = json!({"name": "sales", "display_name": "Sales", "addresses": ["sales@example.org"]}).to_string();
        plan(1, 1);
        let (status, problem) = api(&server, "POST /api/v1/mailboxes", Some(&more));
        assert!(status == 409 && problem.to_string().contains(text), "{problem}");
        let (status, problem) = api(&server, "POST /api/v1/mailboxes/bob/kind", Some(r#"{"kind": "shared"}"#));
        assert!(status == 409 && problem.to_string().contains(text), "{problem}");
        let said = home.run(&["mailbox", "convert", "bob", "shared"]).refused();
        assert!(said.contains(text), "{said}");
        home.write("more.toml", "[[shared_mailbox]]\nname = \"sales\"\ndisplay_name = \"Sales\"\n");
        let said = home.run(&["apply", "more.toml"]).refused();
        assert!(said.contains("the plan allows 1 shared mailboxes at most") && said.contains("line 2"), "{said}");
        assert_eq!(home.run(&["mailbox", "list", "--json"]).json().as_array().map(Vec::len), Some(1), "none was made");
        Imap::sign_in(server.address("imap"), "bob");

        plan(1, 2);
        let (status, made) = api(&server, "POST /api/v1/mailboxes", Some(&more));
        let note = "this is shared mailbox number 2: the plan includes 1 and allows 2 at most";
        assert!(status == 201 && made["notes"] == json!([note]), "{made}");
        home.run(&["mailbox", "convert", "sales", "room"]).succeeded();
        home.run(&["mailbox", "convert", "bob", "shared"]).succeeded();
    });
}

/// A request of the administrator: status and body.
fn api(server: &Server, line: &str, body: Option<&str>) -> (u16, Value) {
    let response = request(server.address("http"), Some("alice"), line, body);
    (response.status, serde_json::from_str(&response.body).unwrap_or(Value::Null))
}

fn deliver(server: &Server, to: &str, subject: &str) {
    let message = format!("From: customer@elsewhere.example\r\nSubject: {subject}\r\n\r\nText.\r\n");
    Smtp::lmtp(server.address("lmtp")).send("customer@elsewhere.example", to, message.as_bytes()).expect(250);
}
