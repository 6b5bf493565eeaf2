//! Large messages: taken up to the limit and refused above it, and many at once do not take all memory.

use super::{is_well, resident};
use crate::harness::{Database, Home, Imap, Server, Smtp, Stream, as_data, on_both};
use std::io;

/// Octets of the largest message that is taken, by default.
const LARGEST: usize = 50 << 20;

/// A message of exactly this size.
fn message(size: usize) -> Vec<u8> {
    let mut message = b"From: bob@example.org\r\nSubject: large\r\n\r\n".to_vec();
    let line = [&[b'x'; 98][..], b"\r\n"].concat();
    while message.len() + 2 * line.len() < size {
        message.extend_from_slice(&line);
    }
    message.resize(size - 2, b'y');
    message.extend_from_slice(b"\r\n");
    message
}

#[test]
fn the_largest_message_is_taken_and_a_larger_one_refused() {
    on_both(|database| {
        let server = Server::start(database);
        let (fits, larger) = (message(LARGEST), message(LARGEST + 1));
        let mut smtp = Smtp::connect(server.address("smtp"));
        smtp.ask(&format!("MAIL FROM:<x@elsewhere.example> SIZE={}", larger.len())).expect(552);
        smtp.send("x@elsewhere.example", "bob@example.org", &fits).expect(250);
        smtp.send("x@elsewhere.example", "bob@example.org", &larger).expect(552);
        smtp.ask("NOOP").expect(250);
        by_chunks(&server, &larger).expect(552);
        let mut submission = Smtp::sign_in(server.address("submission"), "bob");
        submission.send("bob@example.org", "bob@example.org", &larger).expect(552);

        let mut imap = Imap::sign_in(server.address("imap"), "bob");
        assert!(imap.append("Drafts", &fits).status.starts_with("OK"));
        let refused = append_as_asked(&mut imap, &larger);
        assert!(refused.starts_with("NO [TOOBIG]"), "{refused}");
        for (folder, prefix) in [("INBOX", true), ("Drafts", false)] {
            assert_eq!(imap.ok(&format!("SELECT {folder}")).exists(), 1);
            let kept = imap.bodies("1").remove(0);
            assert!(kept.ends_with(&fits) && (kept.len() > fits.len()) == prefix, "{folder}");
            let end = imap.ok(&format!("FETCH 1 BODY.PEEK[]<{}.100>", kept.len() - 10));
            assert_eq!(end.untagged[0].literals[0], b"yyyyyyyy\r\n"[..].to_vec());
        }
        let used = resident(&server);
        assert!(used < 700, "{used} MiB");
        is_well(&server);
    });
}

fn by_chunks(server: &Server, message: &[u8]) -> crate::harness::Reply {
    let mut smtp = Smtp::connect(server.address("smtp"));
    smtp.ask("MAIL FROM:<x@elsewhere.example>").expect(250);
    smtp.ask("RCPT TO:<bob@example.org>").expect(250);
    let (first, second) = message.split_at(message.len() / 2);
    for (chunk, last) in [(first, ""), (second, " LAST")] {
        smtp.stream.write(format!("BDAT {}{last}\r\n", chunk.len()).as_bytes()).expect("it reads");
        smtp.stream.write(chunk).expect("it reads");
        let reply = smtp.reply().expect("an answer");
        if reply.code != 250 {
            return reply;
        }
    }
    panic!("it was taken");
}

/// With a literal that waits to be asked for; gives the tagged answer.
fn append_as_asked(imap: &mut Imap, message: &[u8]) -> String {
    let tag = imap.start(format!("APPEND Drafts {{{}}}", message.len()).as_bytes()).expect("it reads");
    imap.finish(&tag).expect("an answer").status
}

#[test]
fn many_large_messages_at_once_are_put_off() {
    let home = Home::with_organisation(Database::Sqlite);
    home.configure("[limits]\nmessage_memory = \"100 MiB\"");
    let server = home.serve();
    let large = message(30 << 20);
    // All are half sent before one is finished.
    let mut sessions: Vec<Stream> = (0..8).map(|_| half_sent(&server, &large).expect("the server reads")).collect();
    let used = resident(&server);
    assert!(used < 300, "{used} MiB while 240 MiB are on their way");
    let codes: Vec<u16> = sessions.iter_mut().map(|session| finish(session, &large).expect("an answer")).collect();
    let taken = codes.iter().filter(|code| **code == 250).count();
    // One that is put off gives back what it held, and a later one may take it: never all of them at once.
    assert!((1..8).contains(&taken), "{codes:?}");
    assert!(codes.iter().all(|code| [250, 451, 452].contains(code)), "{codes:?}");
    // What was held is given back.
    let mut smtp = Smtp::connect(server.address("smtp"));
    smtp.send("x@elsewhere.example", "bob@example.org", &large).expect(250);
    let mut imap = Imap::sign_in(server.address("imap"), "bob");
    assert_eq!(imap.ok("SELECT INBOX").exists(), taken + 1);
    is_well(&server);
}

fn half_sent(server: &Server, message: &[u8]) -> io::Result<Stream> {
    let mut smtp = Smtp::try_connect(server.address("smtp"), "EHLO")?;
    for line in ["MAIL FROM:<x@elsewhere.example>", "RCPT TO:<bob@example.org>", "DATA"] {
        assert!(smtp.try_ask(line)?.code < 400);
    }
    smtp.stream.write(&message[..message.len() / 2])?;
    Ok(smtp.stream)
}

fn finish(session: &mut Stream, message: &[u8]) -> io::Result<u16> {
    session.write(&as_data(&message[message.len() / 2..]))?;
    let line = session.line()?;
    Ok(std::str::from_utf8(&line[..3]).expect("digits").parse().expect("a code"))
}
