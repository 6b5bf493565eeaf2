//! Real mails go in over LMTP and come back over IMAP octet for octet, whatever is in them.
//!
//! They are the mails of the SpamAssassin corpus as their files are: with bare line feeds, 8-bit text and worse. Every
//! second one travels by DATA with its dots doubled, the others by BDAT. Start reading at [`real_mails_are_kept`].

use crate::harness::{Database, Imap, Response, Server, Smtp, as_data, on_both};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Sessions that work at the same time.
const SESSIONS: usize = 4;
const INBOX: &str = "SELECT \"Shared/Customer Support/INBOX\"";

#[test]
fn real_mails_are_kept() {
    let folder = corpus_folder();
    if !folder.is_dir() {
        eprintln!("skipped: the real mails are not in {}; scripts/bench-corpus fetches them", folder.display());
        return;
    }
    let mails = read_mails(&folder);
    assert!(mails.len() > 6000, "only {} mails in {}", mails.len(), folder.display());
    on_both(|database| all_come_back(database, &mails));
}

fn corpus_folder() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/out/corpus/package/data");
    std::env::var_os("CORPUS").map_or_else(|| default.into(), PathBuf::from)
}

fn read_mails(folder: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    text_files(folder, &mut files);
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("a mail can be read")).collect()
}

fn text_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the corpus can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            text_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "txt") {
            found.push(path);
        }
    }
}

fn all_come_back(database: Database, mails: &[Vec<u8>]) {
    let server = Server::start(database);
    let lmtp = server.address("lmtp");
    std::thread::scope(|scope| {
        for session in 0..SESSIONS {
            let share = mails.iter().enumerate().skip(session).step_by(SESSIONS);
            scope.spawn(move || deliver(lmtp, share).expect("the server takes every mail"));
        }
    });

    let imap = server.address("imap");
    let mut session = Imap::sign_in(imap, "alice");
    let selected = session.ok(INBOX);
    assert_eq!((selected.exists(), selected.number("UIDNEXT")), (mails.len(), mails.len() as u64 + 1));
    let mut missing: HashMap<Vec<u8>, usize> = HashMap::new();
    for (number, mail) in mails.iter().enumerate() {
        *missing.entry(as_sent(number, mail)).or_default() += 1;
    }
    let found: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let readers: Vec<_> = shares(mails.len()).map(|set| scope.spawn(move || read_back(imap, &set))).collect();
        readers.into_iter().flat_map(|reader| reader.join().expect("the mails can be read")).collect()
    });
    for mail in found {
        match missing.get_mut(&mail) {
            Some(count) if *count > 0 => *count -= 1,
            _ => panic!("doubled, or not what was sent: {:?}", String::from_utf8_lossy(&mail[..mail.len().min(2000)])),
        }
    }
    let missing: usize = missing.values().sum();
    assert_eq!(missing, 0, "so many are missing");
    everything_has_a_structure(&mut session, mails.len());
    assert!(!server.log().contains("ERROR"), "{}", server.log());
    server.stop();
}

/// What the server is to keep: DATA can only carry whole lines, so there a mail without one at its end gets it.
fn as_sent(number: usize, mail: &[u8]) -> Vec<u8> {
    let whole = number % 2 == 1 || mail.ends_with(b"\r\n");
    [mail, if whole { b"" } else { b"\r\n" }].concat()
}

fn deliver<'m>(to: SocketAddr, mails: impl Iterator<Item = (usize, &'m Vec<u8>)>) -> io::Result<()> {
    let mut lmtp = Smtp::lmtp(to);
    for (number, mail) in mails {
        let envelope = "MAIL FROM:<list@elsewhere.example>\r\nRCPT TO:<support@example.org>\r\n";
        if number % 2 == 0 {
            lmtp.stream.write(&[envelope.as_bytes(), b"DATA\r\n"].concat())?;
            for code in [250, 250, 354] {
                lmtp.reply()?.expect(code);
            }
            lmtp.stream.write(&as_data(mail))?;
        } else {
            let chunk = format!("{envelope}BDAT {} LAST\r\n", mail.len());
            lmtp.stream.write(&[chunk.as_bytes(), mail].concat())?;
            for code in [250, 250] {
                lmtp.reply()?.expect(code);
            }
        }
        lmtp.reply()?.expect(250);
    }
    Ok(())
}

/// Sets of sequence numbers, one for each session.
fn shares(count: usize) -> impl Iterator<Item = String> {
    let each = count.div_ceil(SESSIONS);
    (0..SESSIONS).map(move |session| format!("{}:{}", session * each + 1, ((session + 1) * each).min(count)))
}

/// The mails without what delivery put in front.
fn read_back(imap: SocketAddr, set: &str) -> Vec<Vec<u8>> {
    let mut session = Imap::sign_in(imap, "bob");
    session.ok(INBOX);
    let answer = session.ok(&format!("FETCH {set} (UID RFC822.SIZE BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT])"));
    answer.untagged.into_iter().filter(|response| response.text.contains(" FETCH ")).map(checked).collect()
}

fn checked(response: Response) -> Vec<u8> {
    let [whole, header, text] = &response.literals[..] else { panic!("three literals in {}", response.text) };
    assert!(response.text.contains(&format!("RFC822.SIZE {} ", whole.len())), "{}", response.text);
    assert!(*whole == [&header[..], text].concat(), "the header and the text are the message: {}", response.text);
    let rest = whole.strip_prefix(b"Return-Path: <list@elsewhere.example>\r\nReceived: from ").unwrap_or_else(|| {
        panic!("the trace: {:?}", String::from_utf8_lossy(&whole[..whole.len().min(300)]));
    });
    without_folded_line(rest).to_vec()
}

/// What follows a header field, the rest of which stands at the beginning.
fn without_folded_line(text: &[u8]) -> &[u8] {
    let ends = |at: &usize| text[*at..].starts_with(b"\r\n") && !matches!(text.get(at + 2), Some(b' ' | b'\t'));
    let end = (0..text.len()).find(ends).expect("the field ends");
    &text[end + 2..]
}

fn everything_has_a_structure(session: &mut Imap, count: usize) {
    let answer = session.ok("FETCH 1:* (ENVELOPE BODYSTRUCTURE)");
    let complete =
        |response: &&Response| response.text.contains("ENVELOPE (") && response.text.contains("BODYSTRUCTURE (");
    assert_eq!(answer.untagged.iter().filter(complete).count(), count);
}
