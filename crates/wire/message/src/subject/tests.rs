use super::*;

#[test]
fn base_subjects() {
    let table = [
        ("", "", false),
        ("Hello", "Hello", false),
        ("  Hello \t\r\n world ", "Hello world", false),
        ("Re: Hello", "Hello", true),
        ("RE : re: Fwd: FW:hello", "hello", true),
        ("Re[2]: Hello", "Hello", true),
        ("Re [list]: Hello", "Hello", true),
        ("[list] Re: Hello", "Hello", true),
        ("[list] [other] Hello", "Hello", false),
        ("[list]", "[list]", false),
        ("Re: [list]", "[list]", true),
        ("[list] [other]", "[other]", false),
        ("Hello (fwd)", "Hello", true),
        ("Hello (FWD) (fwd) ", "Hello", true),
        ("[Fwd: Hello]", "Hello", true),
        ("[fwd: Re: [fwd: [x] Hello (fwd)]]", "Hello", true),
        ("Regarding: this", "Regarding: this", false),
        ("Re", "Re", false),
        ("Re:", "", true),
        ("Aw: Hallo", "Aw: Hallo", false),
        ("[unclosed Re: x", "[unclosed Re: x", false),
        ("\u{df}\u{df}", "\u{df}\u{df}", false),
        ("R\u{e9}: x", "R\u{e9}: x", false),
    ];
    for (subject, text, is_reply) in table {
        assert_eq!(base_subject(subject), BaseSubject { text: text.to_owned(), is_reply }, "{subject}");
    }
}

#[test]
fn long_subjects_are_cut_between_characters() {
    assert!(base_subject(&"\u{20ac}".repeat(100_000)).text.len() <= MAX_SUBJECT);
    assert_eq!(base_subject(&"[a]".repeat(50_000)).text, "[");
    assert_eq!(base_subject(&"Re: ".repeat(100)).text, "");
}
