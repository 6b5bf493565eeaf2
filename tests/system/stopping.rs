//! Graceful stop: no new connections, running commands finish, exit 0; a second signal ends it at once.

use crate::harness::{Database, Server, on_both};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

/// A line-based connection that has read its greeting.
struct Talk(BufReader<TcpStream>);

impl Talk {
    fn with(server: &Server, listener: &str) -> Self {
        let stream = TcpStream::connect(server.address(listener)).expect("the server listens");
        let mut talk = Self(BufReader::new(stream));
        talk.line();
        talk
    }

    fn say(&mut self, line: &str) {
        self.0.get_mut().write_all(line.as_bytes()).expect("it reads");
    }

    /// Empty: the other end closed.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line");
        line
    }
}

#[test]
fn open_sessions_are_told_and_the_server_ends_without_fault() {
    on_both(|database| {
        let server = Server::start(database);
        let (mut imap, mut smtp) = (Talk::with(&server, "imap"), Talk::with(&server, "smtp"));
        server.signal("TERM");
        assert!(imap.line().starts_with("* BYE"));
        assert!(smtp.line().starts_with("421"));
        let address = server.address("http");
        let (status, home) = server.wait();
        assert_eq!(status.code(), Some(0));
        assert!(TcpStream::connect(address).is_err(), "nothing listens any more");
        assert!(!home.path("data/control.sock").exists());
    });
}

#[test]
fn a_message_on_its_way_is_taken_before_the_stop() {
    let server = Server::start(Database::Sqlite);
    let mut lmtp = Talk::with(&server, "lmtp");
    lmtp.say("LHLO test.example\r\n");
    while lmtp.line().starts_with("250-") {}
    lmtp.say("MAIL FROM:<a@elsewhere.example>\r\n");
    assert!(lmtp.line().starts_with("250"));
    lmtp.say("RCPT TO:<support@example.org>\r\n");
    assert!(lmtp.line().starts_with("250"));
    lmtp.say("DATA\r\n");
    assert!(lmtp.line().starts_with("354"));
    lmtp.say("Subject: on its way\r\n\r\nhalf of it ");
    server.signal("TERM");
    lmtp.say("and the rest\r\n.\r\n");
    assert!(lmtp.line().starts_with("250"), "accepted, and so stored");
    let (status, _) = server.wait();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Server::start(Database::Sqlite);
    let mut lmtp = Talk::with(&server, "lmtp");
    lmtp.say("LHLO test.example\r\n");
    while lmtp.line().starts_with("250-") {}
    lmtp.say("MAIL FROM:<a@elsewhere.example>\r\n");
    lmtp.line();
    lmtp.say("RCPT TO:<support@example.org>\r\n");
    lmtp.line();
    lmtp.say("DATA\r\n");
    lmtp.line();
    // A message that never ends keeps the server for its grace period.
    server.signal("TERM");
    server.signal("INT");
    let (status, home) = server.wait();
    assert_ne!(status.code(), Some(0));
    let server = home.serve();
    server.stop();
}

#[test]
fn a_stopped_server_starts_again_on_what_it_had() {
    on_both(|database| {
        let server = Server::start(database).restart();
        assert!(server.home().run(&["user", "list"]).succeeded().contains("alice"));
        let server = server.kill9().serve();
        assert!(server.home().run(&["user", "list"]).succeeded().contains("alice"));
    });
}
