//! Any bytes, and bytes that look like commands, through the entry points that are also fuzzed.

use proptest::prelude::*;

mod entry_points;

/// Pieces of commands in any order come deeper into the grammar than bytes at random.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "a ",
        "UID ",
        "FETCH ",
        "SEARCH ",
        "STORE ",
        "APPEND ",
        "LIST ",
        "SELECT ",
        "LOGIN ",
        "STATUS ",
        "SORT ",
        "ID ",
        "AUTHENTICATE ",
        "CREATE ",
        "SETACL ",
        "COPY ",
        "x ",
        "INBOX ",
        "1:* ",
        "2,4:7 ",
        "$ ",
        "(",
        ")",
        " ",
        "\"",
        "\"a b\" ",
        "\\",
        "\\Seen ",
        "+FLAGS ",
        "BODY",
        "BODY.PEEK",
        "BINARY",
        "[",
        "]",
        "HEADER.FIELDS ",
        "1.2",
        ".MIME",
        "<0.10>",
        "NOT ",
        "OR ",
        "ALL ",
        "TEXT ",
        "SINCE ",
        "1-Feb-2024 ",
        "\" 1-Feb-2024 00:00:00 +0000\" ",
        "RETURN ",
        "CHANGEDSINCE ",
        "VANISHED ",
        "PARTIAL ",
        "-1:-9 ",
        "QRESYNC ",
        "USE ",
        "NIL ",
        "CHARSET ",
        "UTF-8 ",
        "&AOk-",
        "&",
        "%",
        "*",
        "{3}\r\nabc",
        "{1+}\r\nx",
        "~{2}\r\n\0\0",
        "{99}\r\n",
        "\r\n",
        "\0",
        "é",
        "99999999999999999999",
    ]);
    prop::collection::vec(words, 0..24).prop_map(|words| words.concat().into_bytes())
}

fn input() -> impl Strategy<Value = Vec<u8>> {
    let command = (any::<u8>(), pieces()).prop_map(|(mode, pieces)| [&[mode][..], b"a ", &pieces, b"\r\n"].concat());
    let stream = (any::<u8>(), pieces(), pieces()).prop_map(|(mode, one, two)| [&[mode][..], &one, &two].concat());
    prop_oneof![command, stream, prop::collection::vec(any::<u8>(), 0..400)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn commands(data in input()) {
        entry_points::imap_command(&data);
    }

    #[test]
    fn streams(data in input()) {
        entry_points::imap_framer(&data);
    }
}
