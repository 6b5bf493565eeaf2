//! Mail from files into a mailbox of a running server, and into files again.

use crate::harness::{Database, Imap, Server};

#[test]
fn mail_comes_from_files_and_goes_into_files() {
    let server = Server::start(Database::Sqlite);
    let home = server.home();
    for part in ["cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"] {
        std::fs::create_dir_all(home.path("old").join(part)).expect("a folder");
    }
    home.write("old/cur/1.M1.host:2,S", "Message-ID: <1@old>\nSubject: one\n\nx\n");
    home.write("old/.Sent/cur/2.M2.host:2,", "Message-ID: <2@old>\nSubject: two\n\nx\n");
    let many: String =
        (0..2500).map(|number| format!("From a@b Sat Nov 21 08:00:00 2020\nSubject: {number}\n\nx\n\n")).collect();
    home.write("Archive.mbox", &many);

    // A relative path counts from where the command was started.
    assert_eq!(home.run(&["import", "support", "old"]).succeeded(), "2 messages imported, 0 were here already\n");
    assert_eq!(home.run(&["import", "support", "old"]).succeeded(), "0 messages imported, 2 were here already\n");
    let imported = home.run(&["import", "help@example.org", "Archive.mbox"]);
    assert!(imported.err.contains(" % (2000 messages)"), "it says how far it is: {}", imported.err);
    assert_eq!(imported.succeeded(), "2500 messages imported, 0 were here already\n");
    let mut alice = Imap::sign_in(server.address("imap"), "alice");
    for (folder, count) in [("INBOX", 1), ("Sent Items", 1), ("Archive", 2500)] {
        assert_eq!(alice.ok(&format!("EXAMINE \"Shared/Customer Support/{folder}\"")).exists(), count, "{folder}");
    }
    assert!(home.run(&["import", "support", "org.toml"]).refused().contains("neither an mbox file nor a Maildir"));
    assert!(home.run(&["import", "nobody", "old"]).refused().contains("there is no mailbox nobody"));

    assert_eq!(
        home.run(&["export-mailbox", "support", "out"]).succeeded(),
        "2502 messages written, 0 were there already\n"
    );
    assert_eq!(
        home.run(&["export-mailbox", "support", "out"]).succeeded(),
        "0 messages written, 2502 were there already\n"
    );
    assert_eq!(home.run(&["import", "alice", "out"]).succeeded(), "2502 messages imported, 0 were here already\n");
    assert_eq!(alice.ok("EXAMINE Archive").exists(), 2500);
    let recorded = home.run(&["audit", "--mailbox", "support"]).succeeded();
    assert!(recorded.contains("mailbox.export") && recorded.contains("message.import"), "{recorded}");
    server.stop();
}
