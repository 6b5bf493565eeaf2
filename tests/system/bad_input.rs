//! What broken and hostile clients send is answered in the protocol's words or kept as it came; the server stays well.
//!
//! Here: messages that are hardly messages. [`sizes`] is about large ones, [`hostile`] about clients that want to stop
//! others.

mod hostile;
mod sizes;

use crate::harness::{Imap, Server, Smtp, on_both, request};

/// Ready, and nothing has gone wrong inside.
#[track_caller]
fn is_well(server: &Server) {
    let ready = request(server.address("http"), None, "GET /readyz", None);
    assert_eq!(ready.status, 200, "{}", ready.body);
    let log = server.log();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
}

/// What the server keeps in memory, in MiB.
fn resident(server: &Server) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process())).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<usize>().ok()).expect("a number") / 1024
}

#[test]
fn broken_messages_are_kept_as_they_are() {
    on_both(|database| {
        let server = Server::start(database);
        let messages = broken_messages();
        let mut lmtp = Smtp::lmtp(server.address("lmtp"));
        for (name, message) in &messages {
            lmtp.ask("MAIL FROM:<>").expect(250);
            lmtp.ask("RCPT TO:<bob@example.org>").expect(250);
            lmtp.stream.write(&[format!("BDAT {} LAST\r\n", message.len()).as_bytes(), message].concat()).expect(name);
            lmtp.reply().expect(name).expect(250);
        }
        let mut imap = Imap::sign_in(server.address("imap"), "bob");
        // IMAP literals bear no NUL (RFC 9051 section 4.3): parts that hold it become base64, or the answer says where it is.
        let (with_nul, filed): (Vec<_>, Vec<_>) =
            messages.iter().filter(|(_, message)| !message.is_empty()).partition(|(_, message)| message.contains(&0));
        for (name, message) in &filed {
            assert!(imap.append("Drafts", message).status.starts_with("OK"), "{name}");
        }
        for (name, message) in with_nul {
            let status = imap.append("Junk", message).status;
            assert!(status.starts_with("OK") || status.starts_with("NO [CANNOT]"), "{name}: {status}");
        }
        assert!(imap.append("Drafts", b"").status.starts_with("NO"), "of an empty one APPEND wants nothing");

        assert_eq!(imap.ok("SELECT INBOX").exists(), messages.len());
        for ((name, sent), kept) in messages.iter().zip(imap.bodies("1:*")) {
            assert!(kept.starts_with(b"Return-Path: <>\r\nReceived: ") && kept.ends_with(sent), "{name}");
        }
        everything_can_be_asked(&mut imap, &messages);
        assert_eq!(imap.ok("SELECT Drafts").exists(), filed.len());
        for ((name, sent), kept) in filed.into_iter().zip(imap.bodies("1:*")) {
            assert!(kept == *sent, "{name}");
        }
        is_well(&server);
    });
}

/// Each is answered; some have no such part, which is an answer too.
fn everything_can_be_asked(imap: &mut Imap, messages: &[(&str, Vec<u8>)]) {
    for (number, (name, _)) in (1..).zip(messages) {
        let answer =
            imap.ok(&format!("FETCH {number} (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE PREVIEW)"));
        let text = answer.untagged[0].text.to_lowercase();
        assert!(text.contains("envelope (") && text.contains("bodystructure ("), "{name}: {text}");
        if *name == "10,000 parts" {
            assert!(
                text.to_ascii_lowercase().matches("(\"text\" \"plain\"").count() >= 9_999,
                "all parts are told: {}",
                text.len()
            );
        }
        for what in
            ["BODY.PEEK[1]", "BODY.PEEK[1.1.1.MIME]", "BINARY.PEEK[1]", "BODY.PEEK[9999]", "BODY.PEEK[TEXT]<0.7>"]
        {
            let status = imap.run(&format!("FETCH {number} {what}")).status;
            assert!(!status.starts_with("BAD"), "{name}, {what}: {status}");
        }
    }
    for key in ["TEXT part", "SUBJECT x", "FROM x", "BODY x", "SENTSINCE 1-Jan-1990", "HEADER X-Many 1"] {
        imap.ok(&format!("SEARCH {key}"));
    }
    imap.ok("SORT (SUBJECT DATE FROM) UTF-8 ALL");
}

fn broken_messages() -> Vec<(&'static str, Vec<u8>)> {
    let many = |count: usize, piece: &dyn Fn(usize) -> String| (0..count).map(piece).collect::<String>();
    let text = [
        ("no header", "only a line of text\r\n".to_owned()),
        ("empty", String::new()),
        ("a blank line", "\r\n".to_owned()),
        ("no line at all", "Subject: x".to_owned()),
        ("no date", "From: x@elsewhere.example\r\n\r\nx\r\n".to_owned()),
        ("no such date", "Date: 99 Foo 99999 99:99:99 +9999\r\nSubject: x\r\n\r\nx\r\n".to_owned()),
        ("never closed", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nnever closed\r\n".to_owned()),
        ("no boundary", "Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nx\r\n--x--\r\n".to_owned()),
        ("an empty boundary", "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\nx\r\n----\r\n".to_owned()),
        (
            "broken types",
            "Content-Type: ;;/=\"\r\nContent-Disposition: \"; a\r\nContent-Transfer-Encoding: ?\r\n\r\nx".to_owned(),
        ),
        ("broken base64", "Content-Transfer-Encoding: base64\r\n\r\n=A=B*&^%\r\n===\r\n".to_owned()),
        ("broken words", "Subject: =?x?Q?=?= =?utf-8?B?/////?= =?utf-8?Q?=FF=FE?=\r\nFrom: =?\r\n\r\nx".to_owned()),
        ("broken addresses", "From: \"x <<(a@@,;:\r\nTo: (((((\r\nCc: <>,,,<\r\n\r\nx".to_owned()),
        ("bare line feeds", "Subject: bare\n\nline\nfeeds\n.\nand a lone\r\r\n.\r\r\n".to_owned()),
        ("a long line", format!("Subject: x\r\n\r\n{}\r\n", "a".repeat(1 << 20))),
        ("a long field", format!("Subject: {}\r\n\r\nx\r\n", "b ".repeat(1 << 19))),
        ("many fields", many(20_000, &|n| format!("X-Many: {n}\r\n")) + "\r\nx\r\n"),
        (
            "many addresses",
            format!("To: {}\r\n\r\nx\r\n", many(20_000, &|n| format!("\"{n}\" <a{n}@b.example>,\r\n "))),
        ),
        ("many references", format!("References: {}\r\n\r\nx\r\n", many(20_000, &|n| format!("<{n}@b.example>\r\n ")))),
        ("messages in messages", "Content-Type: message/rfc822\r\n\r\n".repeat(5000) + "Subject: inmost\r\n\r\nx\r\n"),
        ("parts in parts", many(3000, &|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))),
        (
            "10,000 parts",
            "Subject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned()
                + &many(10_000, &|n| format!("--b\r\n\r\npart {n}\r\n"))
                + "--b--\r\n",
        ),
    ];
    let octets = [
        ("8-bit and NUL", b"Subject: \xff\xfe 8-bit \x80\r\nFrom: J\xfcrgen <x@elsewhere.example>\r\n\r\n\xff\x00\x01 and NUL \x00\r\n".to_vec()),
        ("NUL only", vec![0; 5000]),
        ("every octet", (0..=255).cycle().take(10_000).collect()),
    ];
    text.into_iter().map(|(name, text)| (name, text.into_bytes())).chain(octets).collect()
}

#[test]
fn a_message_ends_only_where_it_ends() {
    on_both(|database| {
        let server = Server::start(database);
        let tricks = ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\r\n\0.\r\n", "\r\n.\0\r\n"];
        let commands = "MAIL FROM:<evil@elsewhere.example>\nRCPT TO:<carol@example.org>\nDATA\nSubject: evil";
        for trick in tricks {
            let mut smtp = Smtp::connect(server.address("smtp"));
            smtp.ask("MAIL FROM:<x@elsewhere.example>").expect(250);
            smtp.ask("RCPT TO:<bob@example.org>").expect(250);
            smtp.ask("DATA").expect(354);
            let smuggled = format!("Subject: trick\r\n\r\nfirst{trick}{commands}{trick}\r\n.\r\n");
            smtp.stream.write(smuggled.as_bytes()).expect("it reads");
            smtp.reply().expect("one answer").expect(250);
            let next = smtp.ask("NOOP").expect(250);
            assert!(next.text.contains("still here"), "the answer to NOOP: {next:?}");
        }
        let mut imap = Imap::sign_in(server.address("imap"), "bob");
        assert_eq!(imap.ok("SELECT INBOX").exists(), tricks.len(), "none was split");
        for (trick, kept) in tricks.iter().zip(imap.bodies("1:*")) {
            // A dot after CRLF was doubled, as far as the server may believe.
            let inside = format!("first{trick}{commands}{trick}\r\n").replace("\r\n.", "\r\n");
            assert!(kept.ends_with(inside.as_bytes()), "{trick:?}: {:?}", String::from_utf8_lossy(&kept));
        }
        assert_eq!(Imap::sign_in(server.address("imap"), "carol").ok("SELECT INBOX").exists(), 0);
        is_well(&server);
    });
}
