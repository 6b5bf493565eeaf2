//! Mail programs of others against the real server: mbsync (isync), curl, openssl.
//!
//! A program that is not installed leaves its test out.

use crate::harness::{Imap, Isync, Server, Smtp, drive, is_there, on_both, password, set_maildir_flags};
use std::path::Path;
use std::process::Command;

const SHARED_INBOX: &str = "Shared/Customer Support/INBOX";

#[test]
fn mbsync_keeps_a_maildir_and_a_shared_folder_the_same() {
    on_both(|database| {
        let server = Server::start(database);
        deliver(&server, "support@example.org", &["first", "second", "third"]);
        let Some(isync) = Isync::new(&server, "alice", SHARED_INBOX) else { return };
        isync.run();
        assert_eq!(isync.messages().len(), 3);
        let mut bob = Imap::sign_in(server.address("imap"), "bob");
        bob.ok(&format!("SELECT \"{SHARED_INBOX}\""));

        // Flags, both ways at once.
        set_maildir_flags(&with_subject(&isync, "first"), "FS");
        bob.ok("UID STORE 2 +FLAGS (\\Answered)");
        isync.run();
        assert!(bob.ok("UID FETCH 1 FLAGS").tells("FLAGS (\\Flagged \\Seen)"));
        let name = with_subject(&isync, "second");
        assert!(name.ends_with(":2,R"), "{name}");

        // A new message in the Maildir.
        let written =
            Path::new(&with_subject(&isync, "first")).parent().expect("a folder").with_file_name("new/1.written");
        std::fs::write(written, "From: alice@example.org\nSubject: written\n\nBy hand.\n").expect("a file");
        isync.run();
        assert_eq!(bob.ok("NOOP").exists(), 4);
        let kept = String::from_utf8(bob.bodies("4").remove(0)).expect("ASCII");
        assert!(kept.contains("Subject: written\r\n") && kept.ends_with("\r\n\r\nBy hand.\r\n"), "{kept}");

        // An agent without `message.purge` removes: it is in Deleted Items for everybody, not gone.
        set_maildir_flags(&with_subject(&isync, "third"), "ST");
        isync.run();
        assert_eq!(isync.messages().len(), 3);
        assert!(bob.ok("NOOP").tells("* 3 EXPUNGE"));
        assert_eq!(bob.ok("UID SEARCH ALL").found(), [1, 2, 4]);
        assert_eq!(bob.ok("SELECT \"Shared/Customer Support/Deleted Items\"").exists(), 1);
        assert!(String::from_utf8_lossy(&bob.bodies("1:*")[0]).contains("Subject: third\r\n"));

        // A message removed on the server is removed from the Maildir.
        bob.ok(&format!("SELECT \"{SHARED_INBOX}\""));
        bob.ok("UID STORE 1 +FLAGS.SILENT (\\Deleted)");
        bob.ok("UID EXPUNGE 1");
        isync.run();
        assert_eq!(isync.messages().len(), 2);
        let before = isync.messages();
        isync.run();
        assert_eq!(isync.messages(), before, "nothing is left to do");
        server.stop();
    });
}

#[test]
fn mbsync_copies_every_folder_that_a_person_sees() {
    on_both(|database| {
        let server = Server::start(database);
        deliver(&server, "support@example.org", &["to all"]);
        deliver(&server, "alice@example.org", &["to alice"]);
        let Some(isync) = Isync::of_everything(&server, "alice") else { return };
        isync.run();
        let mut folders = isync.folders();
        folders.sort();
        let each = ["Deleted Items", "Drafts", "INBOX", "Junk", "Outbox", "Sent Items"];
        let shared = each.map(|folder| format!("Shared/Customer Support/{folder}"));
        let expected: Vec<String> = each.iter().map(|folder| (*folder).to_owned()).chain(shared).collect();
        assert_eq!(folders, expected);
        assert_eq!(isync.messages().len(), 2);
        let stranger = Isync::of_everything(&server, "mallory").expect("it is installed");
        stranger.run();
        assert!(stranger.folders().iter().all(|folder| !folder.starts_with("Shared")), "{:?}", stranger.folders());
    });
}

#[test]
fn curl_reads_files_and_sends() {
    if !is_there("curl", "curl") {
        return;
    }
    on_both(|database| {
        let server = Server::start(database);
        let url = |scheme: &str, listener: &str, path: &str| {
            format!("{scheme}://localhost:{}/{path}", server.address(listener).port())
        };
        let curl = |arguments: &[&str]| {
            let mut command = Command::new("curl");
            command.args(["--silent", "--show-error", "--user", &format!("bob:{}", password("bob"))]);
            command.arg("--cacert").arg(server.home().path("data/self-signed-mail.example.org.pem"));
            drive(command.arg("--ipv4").args(arguments)).succeeded()
        };
        let message = "From: support@example.org\r\nTo: bob@example.org\r\nSubject: by curl\r\n\r\nHello.\r\n";
        server.home().write("message.eml", message);
        let file = server.home().path("message.eml");
        let file = file.to_str().expect("UTF-8");

        for (scheme, listener, secure) in [("smtp", "submission", &["--ssl-reqd"][..]), ("smtps", "submissions", &[])] {
            let to = url(scheme, listener, "client.example");
            let mail =
                ["--mail-from", "support@example.org", "--mail-rcpt", "bob@example.org", "--upload-file", file, &to];
            curl(&[secure, &mail].concat());
        }
        let shared = "Shared%2FCustomer%20Support%2F";
        curl(&["--upload-file", file, &url("imaps", "imaps", &format!("{shared}INBOX"))]);
        for (folder, count) in [("INBOX", 2), (&format!("{shared}INBOX"), 1), (&format!("{shared}Sent%20Items"), 2)] {
            let status = curl(&["--ssl-reqd", &url("imap", "imap", folder), "--request", "UID SEARCH ALL"]);
            assert_eq!(status.split_whitespace().count() - 2, count, "{folder}: {status}");
        }
        let fetched = curl(&[&url("imaps", "imaps", "INBOX;UID=1")]);
        assert!(fetched.ends_with("\r\nSubject: by curl\r\n\r\nHello.\r\n"), "{fetched}");
        assert!(!fetched.contains("bob:") && fetched.contains("with ESMTPSA"), "{fetched}");
        let listed = curl(&[&url("imaps", "imaps", "")]);
        assert!(listed.contains("\"Shared/Customer Support/Sent Items\""), "{listed}");
    });
}

#[test]
fn openssl_agrees_on_tls_everywhere() {
    if !is_there("openssl", "openssl") {
        return;
    }
    let server = Server::start(crate::harness::Database::Sqlite);
    let certificate = server.home().path("data/self-signed-mail.example.org.pem");
    let cases = [
        ("smtp", Some("smtp")),
        ("submission", Some("smtp")),
        ("lmtp", Some("lmtp")),
        ("imap", Some("imap")),
        ("submissions", None),
        ("imaps", None),
        ("https", None),
    ];
    for (listener, starttls) in cases {
        for version in ["-tls1_2", "-tls1_3"] {
            let mut command = Command::new("openssl");
            command.args(["s_client", "-connect", &server.address(listener).to_string(), version]);
            command.args(["-verify_return_error", "-verify_hostname", "mail.example.org", "-brief", "-CAfile"]);
            command.arg(&certificate);
            if let Some(protocol) = starttls {
                command.args(["-starttls", protocol]);
            }
            let said = drive(&mut command).succeeded();
            let expected = if version == "-tls1_2" { "TLSv1.2" } else { "TLSv1.3" };
            assert!(said.contains(&format!("Protocol version: {expected}")), "{listener}: {said}");
            assert!(said.contains("Verification: OK"), "{listener}: {said}");
        }
    }
    // What is older is not spoken.
    let mut old = Command::new("openssl");
    old.args(["s_client", "-connect", &server.address("imaps").to_string(), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]);
    assert!(!drive(&mut old).succeeded, "TLS 1.1 is refused");
}

fn deliver(server: &Server, to: &str, subjects: &[&str]) {
    let mut lmtp = Smtp::lmtp(server.address("lmtp"));
    for subject in subjects {
        let message = format!("From: customer@elsewhere.example\r\nSubject: {subject}\r\n\r\nText.\r\n");
        lmtp.send("customer@elsewhere.example", to, message.as_bytes()).expect(250);
    }
}

/// The file of a message in the Maildir.
#[track_caller]
fn with_subject(isync: &Isync, subject: &str) -> String {
    let line = format!("\nSubject: {subject}\n");
    let holds = |path: &Path| std::fs::read_to_string(path).is_ok_and(|text| format!("\n{text}").contains(&line));
    let found = isync.messages().into_iter().find(|path| holds(path));
    found.unwrap_or_else(|| panic!("no {subject} in {:?}", isync.messages())).display().to_string()
}
