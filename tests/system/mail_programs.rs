//! neomutt and offlineimap against the real server. A program that is not installed leaves its test out.

use crate::harness::{Imap, Server, Smtp, drive, is_there, on_both, password, set_maildir_flags};
use std::path::{Path, PathBuf};
use std::process::Command;

const SHARED_INBOX: &str = "Shared/Customer Support/INBOX";

fn deliver(server: &Server, subjects: &[&str]) {
    let mut lmtp = Smtp::lmtp(server.address("lmtp"));
    for subject in subjects {
        let message = format!("From: customer@elsewhere.example\r\nSubject: {subject}\r\n\r\nText.\r\n");
        lmtp.send("customer@elsewhere.example", "support@example.org", message.as_bytes()).expect(250);
    }
}

#[test]
fn neomutt_flags_messages_of_a_shared_folder_and_shows_why_it_may_not() {
    if !is_there("neomutt", "neomutt") || !is_there("script", "bsdutils") {
        return;
    }
    on_both(|database| {
        let server = Server::start(database);
        deliver(&server, &["first", "second"]);
        let port = server.address("imap").port();
        let run = |user: &str, keys: &str| {
            let settings = format!(
                "set imap_user = {user}\nset imap_pass = {}\nset folder = imap://127.0.0.1:{port}/\n\
                 set ssl_starttls = no\nset ssl_force_tls = no\nset quit = yes\nset delete = yes\nset confirm_append = no\n\
                 set wait_key = no\nset header_cache = \"\"\npush \"{keys}<quit>\"\n",
                password(user)
            );
            server.home().write("muttrc", &settings);
            let folder = format!("imap://127.0.0.1:{port}/{SHARED_INBOX}");
            let inner = format!("neomutt -n -F muttrc -f '{folder}'");
            // It wants a terminal.
            let mut script = Command::new("script");
            script.current_dir(server.home().path("")).env("TERM", "vt100").env("HOME", server.home().path(""));
            drive(script.args(["-q", "-e", "-c", &inner, "typescript"])).succeeded();
            String::from_utf8_lossy(&std::fs::read(server.home().path("typescript")).expect("what it showed"))
                .into_owned()
        };
        run("bob", "<tag-pattern>~A<enter><tag-prefix><set-flag>!<sync-mailbox>");
        let mut alice = Imap::sign_in(server.address("imap"), "alice");
        alice.ok(&format!("SELECT \"{SHARED_INBOX}\""));
        assert_eq!(alice.ok("UID SEARCH FLAGGED").found(), [1, 2]);
        // Carol manages the mailbox and does not read: the reason is shown. A stranger finds no such folder.
        let shown = run("carol", "");
        assert!(shown.contains("this needs the right message.read on Customer Support"), "{shown}");
        let shown = run("mallory", "");
        assert!(shown.contains("there is no such folder"), "{shown}");
    });
}

#[test]
fn offlineimap_keeps_a_shared_folder_the_same_both_ways() {
    if !is_there("offlineimap", "offlineimap3") {
        return;
    }
    on_both(|database| {
        let server = Server::start(database);
        deliver(&server, &["first", "second"]);
        let home = server.home().path("");
        let settings = format!(
            "[general]\naccounts = a\nmetadata = {home}/state\n[Account a]\nlocalrepository = here\nremoterepository = there\n\
             [Repository here]\ntype = Maildir\nlocalfolders = {home}/mail\n\
             [Repository there]\ntype = IMAP\nremotehost = 127.0.0.1\nremoteport = {port}\nremoteuser = bob\n\
             remotepass = {password}\nssl = no\nstarttls = no\nauth_mechanisms = PLAIN\n",
            home = home.display(),
            port = server.address("imap").port(),
            password = password("bob"),
        );
        server.home().write("offlineimaprc", &settings);
        std::fs::create_dir(home.join("mail")).expect("a folder");
        let run = || {
            let mut program = Command::new("offlineimap");
            program.current_dir(&home).env("HOME", &home).args(["-o", "-u", "quiet", "-c", "offlineimaprc"]);
            drive(&mut program).succeeded();
        };
        run();
        let folder = home.join("mail").join(SHARED_INBOX.replace('/', "."));
        assert_eq!(messages(&folder).len(), 2);

        let mut alice = Imap::sign_in(server.address("imap"), "alice");
        alice.ok(&format!("SELECT \"{SHARED_INBOX}\""));
        alice.ok("UID STORE 2 +FLAGS (\\Answered)");
        set_maildir_flags(&with(&folder, "Subject: first"), "FS");
        run();
        alice.ok("NOOP");
        assert_eq!(alice.ok("UID SEARCH FLAGGED SEEN").found(), [1]);
        let name = with(&folder, "Subject: second");
        assert!(name.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('R')), "{name}");

        alice.ok("UID STORE 1 +FLAGS.SILENT (\\Deleted)");
        alice.ok("UID EXPUNGE 1");
        run();
        assert_eq!(messages(&folder).len(), 1);
    });
}

/// The files of a Maildir.
fn messages(folder: &Path) -> Vec<PathBuf> {
    let of = |name: &str| std::fs::read_dir(folder.join(name)).expect("a folder of the Maildir");
    ["cur", "new"].into_iter().flat_map(of).map(|entry| entry.expect("an entry").path()).collect()
}

#[track_caller]
fn with(folder: &Path, line: &str) -> String {
    let holds = |path: &PathBuf| std::fs::read_to_string(path).is_ok_and(|text| text.contains(line));
    let found = messages(folder).into_iter().find(holds);
    found.unwrap_or_else(|| panic!("no {line}")).display().to_string()
}
