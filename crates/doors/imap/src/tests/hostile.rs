//! Whatever bytes come, however they are split: no panic, no hang, no memory beyond the limits, the same answers.

use super::session::Client;
use super::world::World;
use postroom_store::testing::on_sqlite;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Commands in every state and of every kind; `~` stands for the end of a line.
const COMMANDS: &[&str] = &[
    "a CAPABILITY~",
    "b ID (\"name\" \"x\" \"version\" NIL)~",
    "c NOOP~",
    "d LOGIN alice alice-secret~",
    "d LOGIN {5}~alice {12+}~alice-secret~",
    "e AUTHENTICATE PLAIN~AGFsaWNlAGFsaWNlLXNlY3JldA==~",
    "e AUTHENTICATE SCRAM-SHA-256~*~",
    "f ENABLE IMAP4rev2 CONDSTORE UTF8=ACCEPT~",
    "g NAMESPACE~",
    "h LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (% \"*\") RETURN (STATUS (MESSAGES UNSEEN SIZE) MYRIGHTS CHILDREN)~",
    "i LSUB \"\" %~",
    "j SELECT INBOX (CONDSTORE)~",
    "k EXAMINE \"Shared/Customer Support/INBOX\"~",
    "l STATUS INBOX (MESSAGES RECENT UIDNEXT HIGHESTMODSEQ MAILBOXID)~",
    "m APPEND INBOX (\\Seen x) \" 1-Jan-2024 00:00:00 +0000\" {28+}~Subject: a~From: b@c.d~~hi~~",
    "n APPEND INBOX {6}~a: b~~",
    "o FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE BODY[]<0.9> BINARY[1] RFC822.HEADER PREVIEW (LAZY))~",
    "p UID FETCH 1:4,* (BODY[1.2.HEADER.FIELDS (a b)] MODSEQ EMAILID) (CHANGEDSINCE 1)~",
    "q SEARCH RETURN (MIN MAX SAVE) OR (NOT FROM x TEXT \"b\") SINCE 1-Jan-2020 1:* MODSEQ 1~",
    "r UID SEARCH CHARSET UTF-8 SUBJECT {2+}~ä KEYWORD $Junk~",
    "s STORE 1:* (UNCHANGEDSINCE 9) +FLAGS.SILENT (\\Seen \\Deleted y)~",
    "t UID STORE $ -FLAGS \\Flagged~",
    "u COPY 1:* Drafts~",
    "v UID MOVE 1 \"Deleted Items\"~",
    "w EXPUNGE~",
    "x UID EXPUNGE 1:9~",
    "y CREATE Work/&AOk-~",
    "z RENAME Work Old~",
    "A DELETE Old~",
    "B SUBSCRIBE Drafts~",
    "C GETACL Drafts~",
    "D SETACL Drafts bob +lrs~",
    "E MYRIGHTS INBOX~",
    "F LISTRIGHTS INBOX bob~",
    "G IDLE~DONE~",
    "H CLOSE~",
    "I UNSELECT~",
    "J STARTTLS~",
    "K SORT (DATE) UTF-8 ALL~",
    "L COMPRESS DEFLATE~",
    "N APPEND Drafts CATENATE (TEXT {6+}~a: b~~ URL \"/INBOX/;UID=1/;SECTION=1.MIME\")~",
    "O REPLACE 1 Drafts (\\Draft) {6+}~a: c~~",
    "P UID REPLACE 2 INBOX CATENATE (URL \";UID=1\")~",
    "Q SETMETADATA INBOX (/private/comment {3+}~abc /shared/x NIL)~",
    "R GETMETADATA (DEPTH infinity MAXSIZE 9) INBOX (/private /shared/comment)~",
    "S SETQUOTA alice (STORAGE 1 MESSAGE 2)~",
    "T GETQUOTAROOT INBOX~",
    "U CREATE Archive (USE (\\Archive))~",
    "V SUBSCRIBE Nowhere~",
    "W LIST (SUBSCRIBED) \"\" * RETURN (METADATA (/private/comment))~",
    "M LOGOUT~",
];

/// A change to a stream: where (as a part of its length), and what.
#[derive(Clone, Debug)]
enum Damage {
    Cut(usize),
    Insert(Vec<u8>),
    Swap(u8),
}

fn damage() -> impl Strategy<Value = (f64, Damage)> {
    let piece =
        prop::sample::select(vec!["\r\n", "\"", "{9999999999}\r\n", "{3+}\r\n", "(", "*", "\0", "~{1}\r\n", "é"]);
    let kind = prop_oneof![
        (1..12usize).prop_map(Damage::Cut),
        prop::collection::vec(any::<u8>(), 1..6).prop_map(Damage::Insert),
        piece.prop_map(|piece| Damage::Insert(piece.as_bytes().to_vec())),
        any::<u8>().prop_map(Damage::Swap),
    ];
    (0.0..1.0, kind)
}

/// A stream of commands in any order, most of them signed in, some of them damaged.
fn commands() -> impl Strategy<Value = Vec<u8>> {
    let chosen = prop::collection::vec(prop::sample::select(COMMANDS), 1..14);
    (prop::bool::weighted(0.8), chosen, prop::collection::vec(damage(), 0..4)).prop_map(
        |(signs_in, chosen, damages)| {
            let mut text = if signs_in { "0 LOGIN alice alice-secret~".to_owned() } else { String::new() };
            text.push_str(&chosen.concat());
            let mut bytes = text.replace('~', "\r\n").into_bytes();
            for (at, damage) in damages {
                let at = (at * bytes.len() as f64) as usize;
                match damage {
                    Damage::Cut(count) => drop(bytes.drain(at..(at + count).min(bytes.len()))),
                    Damage::Insert(more) => drop(bytes.splice(at..at, more)),
                    Damage::Swap(octet) => bytes[at] = octet,
                }
            }
            bytes
        },
    )
}

/// Sends a stream in pieces of these lengths, over and over, and gives all that was answered.
async fn answers(world: &World, stream: &[u8], pieces: &[usize]) -> Vec<u8> {
    let client = Client::connect(world, 1 << 16);
    let (mut read, mut write) = tokio::io::split(client.stream);
    let sending = async {
        let (mut rest, mut pieces) = (stream, pieces.iter().cycle());
        while !rest.is_empty() {
            let (now, later) = rest.split_at((*pieces.next().unwrap_or(&1)).clamp(1, rest.len()));
            // The server may have had enough.
            if write.write_all(now).await.is_err() {
                break;
            }
            rest = later;
            tokio::task::yield_now().await;
        }
        let _ = write.shutdown().await;
    };
    let reading = async {
        let mut all = Vec::new();
        let _ = read.read_to_end(&mut all).await;
        all
    };
    let both = async { tokio::join!(sending, reading).1 };
    let all = tokio::time::timeout(Duration::from_secs(20), both).await.expect("the session hangs");
    client.task.await.expect("the session panicked");
    all
}

/// Runs `case` for many values, each in a world of its own.
fn check<T: std::fmt::Debug>(cases: u32, values: impl Strategy<Value = T>, case: impl AsyncFn(T)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(ProptestConfig { cases, ..ProptestConfig::default() });
    let result = runner.run(&values, |value| {
        runtime.block_on(case(value));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

async fn fresh() -> (tempfile::TempDir, World) {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(on_sqlite(folder.path()).await).await;
    (folder, world)
}

#[test]
fn damaged_commands_are_answered_line_by_line() {
    check(48, commands(), async |stream| {
        let (_folder, world) = fresh().await;
        let all = answers(&world, &stream, &[stream.len()]).await;
        assert!(all.starts_with(b"* OK ") && all.ends_with(b"\r\n"), "{}", String::from_utf8_lossy(&all));
    });
}

#[test]
fn any_bytes_are_survived() {
    check(48, (any::<bool>(), prop::collection::vec(any::<u8>(), 0..2000)), async |(signs_in, bytes)| {
        let (_folder, world) = fresh().await;
        let sign_in: &[u8] = if signs_in { b"0 LOGIN alice alice-secret\r\n" } else { b"" };
        answers(&world, &[sign_in, &bytes].concat(), &[7, 300]).await;
    });
}

/// Numbers differ from world to world: dates, UIDVALIDITY.
fn without_numbers(bytes: &[u8]) -> String {
    let mut text = String::new();
    for c in String::from_utf8_lossy(bytes).chars() {
        match c {
            '0'..='9' if text.ends_with('#') => {}
            '0'..='9' => text.push('#'),
            c => text.push(c),
        }
    }
    text
}

#[test]
fn answers_do_not_depend_on_how_the_stream_is_split() {
    check(32, (commands(), prop::collection::vec(1..40usize, 1..8)), async |(stream, pieces)| {
        let ((_one, first), (_two, second)) = (fresh().await, fresh().await);
        let whole = answers(&first, &stream, &[stream.len()]).await;
        let split = answers(&second, &stream, &pieces).await;
        assert_eq!(without_numbers(&whole), without_numbers(&split));
    });
}

/// A literal that is announced and not waited for.
fn literal(before: &str, octets: usize, after: &str) -> Vec<u8> {
    [format!("{before}{{{octets}+}}\r\n").into_bytes(), vec![b'x'; octets], after.as_bytes().to_vec()].concat()
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_the_session_goes_on() {
    let (_folder, world) = fresh().await;
    let mut client = Client::sign_in(&world, 1 << 20).await;
    let sets = vec!["1"; 60_000].join(",");
    let parts: Vec<String> = (0..600).map(|n| format!("BODY[]<{n}.1>")).collect();
    for (command, answer) in [
        (b"b APPEND INBOX {100001}\r\n".to_vec(), "b NO [TOOBIG] "),
        (literal("b APPEND INBOX ", 100_001, "\r\n"), "b NO [TOOBIG] "),
        (literal("b APPEND INBOX {1+}\r\nx ", 100_000, "\r\n"), "b NO [TOOBIG] "),
        (literal("b SELECT ", 70_000, "\r\n"), "b NO [TOOBIG] "),
        (b"b SELECT {70000}\r\n".to_vec(), "b NO [TOOBIG] "),
        (format!("b FETCH {sets} FLAGS\r\n").into_bytes(), "b BAD command line longer than "),
        (format!("b SEARCH{}\r\n", " TEXT {1+}\r\nx".repeat(1_001)).into_bytes(), "b BAD more than 1000 literals"),
        (format!("b SEARCH{}\r\n", " NOT".repeat(1_000)).into_bytes(), "b BAD SEARCH: "),
        (format!("b SEARCH{}\r\n", " ALL".repeat(3_000)).into_bytes(), "b BAD SEARCH: "),
        (format!("b FETCH 1 ({})\r\n", parts.join(" ")).into_bytes(), "b BAD FETCH: expected fewer items"),
        (b"b NOOP\r\n".to_vec(), "b OK "),
    ] {
        client.send(&command).await;
        let got = client.read_to("b ").await;
        let shown = String::from_utf8_lossy(&command[..command.len().min(60)]).into_owned();
        assert!(got.lines().last().is_some_and(|line| line.starts_with(answer)), "{shown}: {got}");
    }
}

#[tokio::test]
async fn before_sign_in_the_limits_are_narrow() {
    let (_folder, world) = fresh().await;
    let mut client = Client::connect(&world, 1 << 20);
    for (command, answer) in [
        (literal("a LOGIN ", 5_000, " x\r\n"), "a NO [TOOBIG] "),
        (literal("a APPEND INBOX ", 5_000, "\r\n"), "a NO [TOOBIG] "),
        (b"a LOGIN {5000}\r\n".to_vec(), "a NO [TOOBIG] "),
        (b"a FETCH 1 FLAGS\r\n".to_vec(), "a BAD sign in first"),
    ] {
        client.send(&command).await;
        let got = client.read_to("a ").await;
        assert!(got.lines().last().is_some_and(|line| line.starts_with(answer)), "{got}");
    }
}

#[tokio::test]
async fn what_never_ends_is_cut_off() {
    let endless_line = vec![b'x'; 1 << 16];
    for (start, signed_in) in
        [(&b""[..], false), (b"", true), (b"b IDLE\r\n", true), (b"b APPEND INBOX {1+}\r\nx", true)]
    {
        let (_folder, world) = fresh().await;
        let mut client =
            if signed_in { Client::sign_in(&world, 1 << 16).await } else { Client::connect(&world, 1 << 16) };
        client.send(start).await;
        let mut taken = 0;
        while client.stream.write_all(&endless_line).await.is_ok() {
            taken += endless_line.len();
            assert!(taken < 8 << 20, "{} octets without an end were taken", taken);
        }
        let told = String::from_utf8_lossy(&client.read_to_end().await).into_owned();
        assert!(told.contains("* BYE "), "{told}");
    }
}

#[tokio::test]
async fn too_many_errors_end_the_session() {
    for line in ["b NONSENSE\r\n", "b FETCH 1 FLAGS\r\n", "b LOGIN alice wrong\r\n", "*\r\n"] {
        let (_folder, world) = fresh().await;
        let mut client = Client::connect(&world, 1 << 20);
        client.send(line.repeat(40).as_bytes()).await;
        let told = String::from_utf8_lossy(&client.read_to_end().await).into_owned();
        assert!(told.ends_with("* BYE too many errors\r\n"), "{told}");
        assert!(told.lines().count() <= 32, "{told}");
    }
}

/// The copy of the listed fields is left out for the first message, whose fields are too large.
#[tokio::test]
async fn header_fields_come_from_the_message_where_they_are_not_kept_apart() {
    let (_folder, world) = fresh().await;
    let mut client = Client::sign_in(&world, 1 << 20).await;
    for references in [20_000, 20] {
        let text = format!("Subject: {references}\r\nReferences: {}\r\n\r\nx\r\n", "y".repeat(references));
        client.send(format!("b APPEND INBOX {{{}+}}\r\n{text}\r\n", text.len()).as_bytes()).await;
        client.read_to("b OK ").await;
    }
    client.send(b"b SELECT INBOX\r\nc FETCH 1:2 (BODY.PEEK[HEADER.FIELDS (SUBJECT DATE)] ENVELOPE)\r\n").await;
    client.read_to("b OK ").await;
    let told = client.read_to("c OK ").await;
    for (number, subject) in [(1, "20000"), (2, "20")] {
        let line = format!(
            "* {number} FETCH (BODY[HEADER.FIELDS (SUBJECT DATE)] {{{}}}\r\nSubject: {subject}\r\n\r\n ENVELOPE (NIL \"{subject}\" ",
            13 + subject.len()
        );
        assert!(told.contains(&line), "{told}");
    }
}

/// What the process has needed at most, in octets.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

#[tokio::test]
async fn however_much_is_asked_of_one_message_it_is_not_gathered_in_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = crate::ImapConfig { message_size: 16 << 20, ..crate::ImapConfig::default() };
    let world = World::with(on_sqlite(folder.path()).await, config).await;
    let mut client = Client::sign_in(&world, 1 << 20).await;
    client.send(&literal("b APPEND INBOX ", 8 << 20, "\r\n")).await;
    client.read_to("b OK ").await;
    client.send(b"b SELECT INBOX\r\n").await;
    client.read_to("b OK ").await;
    let before = peak_memory();
    let items: Vec<String> = (0..60).map(|n| format!("BODY.PEEK[]<{n}.99999999>")).collect();
    client.send(format!("b FETCH 1 ({})\r\n", items.join(" ")).as_bytes()).await;
    let (mut got, mut some) = (0, vec![0; 1 << 16]);
    while got < 60 * ((8 << 20) - 60) {
        got += client.stream.read(&mut some).await.expect("the connection is open");
    }
    let grown = peak_memory().saturating_sub(before) >> 20;
    assert!(grown < 160, "480 MiB were told, and {grown} MiB held");
}
