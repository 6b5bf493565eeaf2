//! Reading a server's answers.

use super::*;

#[test]
fn an_answer_ends_with_its_tagged_line() {
    assert_eq!(tagged_line(b"* 1 EXISTS\r\nZq1x OK done\r\n", b"Zq1x "), Some("OK done".into()));
    assert_eq!(tagged_line(b"Zq1x NO\r\n", b"Zq1x "), Some("NO".into()));
    assert_eq!(tagged_line(b"* 1 EXISTS\r\nZq1x OK done", b"Zq1x "), None);
    assert_eq!(tagged_line(b"* 1 EXISTS\r\n", b"Zq1x "), None);
}

#[test]
fn numbers_are_found() {
    assert_eq!(exists("* 23 EXISTS"), Some(23));
    assert_eq!(exists("* 1 RECENT"), None);
    assert_eq!(number_after("* STATUS \"INBOX\" (MESSAGES 17)\r\n", "MESSAGES "), Some(17));
}

#[test]
fn news_are_told_apart() {
    assert_eq!(news("* 3 EXISTS"), Some(News::Exists(3)));
    assert_eq!(news("* 3 FETCH (UID 7 FLAGS (\\Flagged))"), Some(News::Flags));
    assert_eq!(news("* 3 RECENT"), None);
    assert_eq!(news("* OK Still here"), None);
}

#[test]
fn hits_are_counted_in_both_kinds_of_answer() {
    let cases = [
        ("* SEARCH 1 5 9\r\nZq1x OK\r\n", 3),
        ("* SEARCH\r\nZq1x OK\r\n", 0),
        ("* SORT 9 5 1\r\nZq1x OK\r\n", 3),
        ("* SEARCH 1 5 (MODSEQ 7)\r\n", 2),
        ("* ESEARCH (TAG \"Zq1x\") ALL 1:4,9\r\nZq1x OK\r\n", 5),
        ("* ESEARCH (TAG \"Zq1x\")\r\n", 0),
        ("Zq1x OK\r\n", 0),
    ];
    for (answer, expected) in cases {
        assert_eq!(hits(answer), expected, "{answer}");
    }
}
