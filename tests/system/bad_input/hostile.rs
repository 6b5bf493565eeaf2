//! Clients that hang, flood, never read or never stop: they are ended, and others notice nothing.

use super::{is_well, resident};
use crate::harness::{Home, Imap, Server, Smtp, Stream, on_both, password};

#[test]
fn silent_and_slow_clients_stop_nobody() {
    on_both(|database| {
        let server = Server::start(database);
        let before = resident(&server);
        let mut hanging = Vec::new();
        let starts: [&[u8]; 5] = [
            b"",
            b"EHLO half",
            b"a1 LOGIN {10",
            b"a1 LOGIN {10}\r\nhal",
            b"MAIL FROM:<x@elsewhere.example>\r\nRCPT TO:<bob@",
        ];
        for listener in ["smtp", "lmtp", "submission", "imap", "submissions", "imaps", "http", "https"] {
            for start in starts {
                let mut stream = Stream::connect(server.address(listener)).expect("it listens");
                stream.write(start).expect("it reads");
                hanging.push(stream);
            }
        }
        // In the middle of a message.
        for _ in 0..20 {
            let mut smtp = Smtp::connect(server.address("smtp"));
            smtp.ask("MAIL FROM:<x@elsewhere.example>").expect(250);
            smtp.ask("RCPT TO:<bob@example.org>").expect(250);
            smtp.ask("DATA").expect(354);
            smtp.stream.write(b"Subject: never\r\n").expect("it reads");
            hanging.push(smtp.stream);
        }
        others_are_served(&server, 1);
        let grown = resident(&server).saturating_sub(before);
        assert!(grown < 100, "{grown} MiB more for {} connections", hanging.len());
        drop(hanging);
        others_are_served(&server, 2);
        is_well(&server);
    });
}

#[track_caller]
fn others_are_served(server: &Server, count: usize) {
    let mut lmtp = Smtp::lmtp(server.address("lmtp"));
    lmtp.send("", "bob@example.org", b"Subject: through\r\n\r\nx\r\n").expect(250);
    assert_eq!(Imap::sign_in(server.address("imap"), "bob").ok("SELECT INBOX").exists(), count);
}

#[test]
fn lines_and_literals_without_end_are_refused() {
    on_both(|database| {
        let server = Server::start(database);
        let before = resident(&server);
        for listener in ["smtp", "lmtp", "submission"] {
            let mut smtp = match listener {
                "lmtp" => Smtp::lmtp(server.address(listener)),
                _ => Smtp::connect(server.address(listener)),
            };
            smtp.ask(&format!("NOOP {}", "x".repeat(20_000))).expect(500);
            smtp.ask(&format!("MAIL FROM:<{}@elsewhere.example>", "x".repeat(3000))).expect(501);
            smtp.ask("NOOP").expect(250);
        }
        let mut imap = Imap::connect(server.address("imap"));
        for literal in ["{999999999}", "{4294967295}", "{99999999999999999999}"] {
            let status = imap.run(&format!("LOGIN {literal}")).status;
            assert!(!status.starts_with("OK"), "{literal}: {status}");
        }
        assert!(imap.run(&format!("LOGIN {} x", "y".repeat(70_000))).status.starts_with("BAD"));
        imap.ok(&format!("LOGIN bob {}", password("bob")));
        assert!(imap.run(&format!("SELECT {{{}}}", 1 << 20)).status.starts_with("NO [TOOBIG]"));
        imap.ok("NOOP");
        for listener in ["smtp", "submission", "imap"] {
            endless(&server, listener);
        }
        let grown = resident(&server).saturating_sub(before);
        assert!(grown < 100, "{grown} MiB more");
        others_are_served(&server, 1);
        is_well(&server);
    });
}

/// 64 MiB without a line break. The server hangs up, or reads and forgets.
fn endless(server: &Server, listener: &str) {
    let mut stream = Stream::connect(server.address(listener)).expect("it listens");
    let piece = vec![b'a'; 1 << 20];
    for _ in 0..64 {
        if stream.write(&piece).is_err() {
            return;
        }
    }
}

#[test]
fn who_does_not_read_is_not_answered_without_end() {
    on_both(|database| {
        let server = Server::start(database);
        let large = [b"Subject: large\r\n\r\n".as_slice(), &b"0123456789\r\n".repeat(100_000)].concat();
        Smtp::lmtp(server.address("lmtp")).send("", "bob@example.org", &large).expect(250);
        let mut greedy: Vec<Imap> = (0..5).map(|_| Imap::sign_in(server.address("imap"), "bob")).collect();
        let before = resident(&server);
        for imap in &mut greedy {
            imap.ok("SELECT INBOX");
            // 1.2 GiB of answers.
            for _ in 0..1000 {
                imap.start(b"FETCH 1 BODY.PEEK[]").expect("it is in the socket's buffer");
            }
        }
        others_are_served(&server, 2);
        let grown = resident(&server).saturating_sub(before);
        assert!(grown < 200, "{grown} MiB more");
        drop(greedy);
        others_are_served(&server, 3);
        is_well(&server);
    });
}

#[test]
fn silence_and_nonsense_end_a_connection() {
    let home = Home::with_organisation(crate::harness::Database::Sqlite);
    let limits = ["smtp_timeout", "data_timeout", "sign_in_timeout", "imap_timeout", "http_timeout"];
    let limits: String = limits.iter().map(|limit| format!("{limit} = \"1 s\"\n")).collect();
    home.configure(&format!("[limits]\n{limits}"));
    let server = home.serve();
    let started = |listener: &str, start: &[u8]| {
        let mut stream = Stream::connect(server.address(listener)).expect("it listens");
        stream.write(start).expect("it reads");
        stream
    };
    let mut silent = Vec::new();
    for listener in ["smtp", "lmtp", "submission", "imap", "submissions", "imaps", "https", "http"] {
        silent.push((listener, started(listener, b""), ""));
    }
    silent.push((
        "smtp",
        started("smtp", b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: x\r\n"),
        "421 4.4.2",
    ));
    silent.push(("smtp", started("smtp", b"EHLO x\r\n"), "421 4.4.2"));
    silent.push(("imap", started("imap", b"a1 LOGIN {10+}\r\nx"), "* BYE"));
    let signed_in = format!("a1 LOGIN bob {}\r\na2 SELECT INBOX\r\na3 IDLE\r\n", password("bob"));
    silent.push(("imap", started("imap", signed_in.as_bytes()), "* BYE"));
    for (listener, mut stream, last) in silent {
        let said = stream.rest().unwrap_or_else(|error| panic!("{listener} stays open: {error}"));
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.lines().last().unwrap_or_default().contains(last), "{listener}: {said}");
    }
    for (listener, last) in [("smtp", "421 4.7.0"), ("submission", "421 4.7.0"), ("imap", "* BYE")] {
        let mut stream = started(listener, &b"no such command\r\n".repeat(100));
        let said = stream.rest();
        // What was not read any more may have reset the connection before the last line was seen.
        let said = said.map(|said| String::from_utf8_lossy(&said).into_owned()).unwrap_or_default();
        assert!(said.is_empty() || said.lines().last().unwrap_or_default().contains(last), "{listener}: {said}");
    }
    others_are_served(&server, 1);
    is_well(&server);
}
