//! Lines, and what they are read as.

use super::*;
use postroom_outbound::{Notify, Return};
use proptest::prelude::*;

fn parse(line: &str) -> Result<Command<'_>, BadCommand> {
    Command::parse(line.as_bytes())
}

#[test]
fn commands() {
    let cases = [
        ("EHLO mail.example.org", Command::Ehlo("mail.example.org")),
        ("ehlo [192.0.2.1]", Command::Ehlo("[192.0.2.1]")),
        ("HELO x ", Command::Helo("x")),
        ("lhlo x", Command::Lhlo("x")),
        ("DATA", Command::Data),
        ("data  ", Command::Data),
        ("BDAT 10", Command::Bdat { size: 10, last: false }),
        ("bdat 0 last", Command::Bdat { size: 0, last: true }),
        ("BDAT 99999999999999999999 LAST", Command::Bdat { size: u64::MAX, last: true }),
        ("RSET", Command::Rset),
        ("NOOP whatever", Command::Noop),
        ("QUIT", Command::Quit),
        ("STARTTLS", Command::StartTls),
        ("VRFY bob", Command::Vrfy),
        ("AUTH PLAIN", Command::Auth { mechanism: "PLAIN", initial: None }),
        ("auth plain =", Command::Auth { mechanism: "plain", initial: Some("=") }),
    ];
    for (line, expected) in cases {
        assert_eq!(parse(line), Ok(expected), "{line}");
    }
}

#[test]
fn refused_lines() {
    let syntax = BadCommand::Syntax;
    let cases: &[(&[u8], BadCommand)] = &[
        (b"", BadCommand::Unknown),
        (b"MAILFROM:<a@b>", BadCommand::Unknown),
        (b"XYZZY", BadCommand::Unknown),
        (b"NO\0OP", BadCommand::Characters),
        (b"MA\rIL FROM:<a@b.example>", BadCommand::Characters),
        (b"NOOP \xff", BadCommand::Characters),
        (b"NOOP\tx", BadCommand::Characters),
        (b"DATA now", syntax("DATA")),
        (b"STARTTLS please", syntax("STARTTLS")),
        (b"QUIT now", syntax("QUIT")),
        (b"EHLO", syntax("EHLO name")),
        (b"EHLO a b", syntax("EHLO name")),
        (b"BDAT", syntax(BDAT)),
        (b"BDAT -1", syntax(BDAT)),
        (b"BDAT 1 2", syntax(BDAT)),
        (b"BDAT 999999999999999999999", syntax(BDAT)),
        (b"AUTH", syntax("AUTH mechanism [initial-response]")),
        (b"AUTH PLAIN a b", syntax("AUTH mechanism [initial-response]")),
        (b"MAIL TO:<a@b.example>", syntax(MAIL)),
        (b"MAIL FROM:<a@b.example>SIZE=1", syntax(MAIL)),
        (b"MAIL FROM:<a@b.example> X=1", BadCommand::Parameter("X".into())),
        (b"MAIL FROM:<a@b.example> SIZE=x", BadCommand::Value("SIZE")),
        (b"MAIL FROM:<a@b.example> SIZE=1 SIZE=1", BadCommand::Value("SIZE")),
        (b"MAIL FROM:<a@b.example> BODY=BINARYMIME", BadCommand::Value("BODY")),
        (b"MAIL FROM:<a@b.example> SMTPUTF8=1", BadCommand::Value("SMTPUTF8")),
        (b"MAIL FROM:<a@b.example> ENVID=a+0", BadCommand::Value("ENVID")),
        (b"RCPT TO:<>", BadCommand::Recipient(BadPath::Empty)),
        (b"RCPT TO:<a@b.example> NOTIFY=NEVER,DELAY", BadCommand::Value("NOTIFY")),
        (b"RCPT TO:<a@b.example> ORCPT=nothing", BadCommand::Value("ORCPT")),
        (b"RCPT TO:<a@b.example> SIZE=1", BadCommand::Parameter("SIZE".into())),
    ];
    for (line, expected) in cases {
        assert_eq!(Command::parse(line).as_ref(), Err(expected), "{}", line.escape_ascii());
    }
}

/// The path, and what it is without quotes.
#[test]
fn paths() {
    let cases = [
        ("<bob@example.org>", "bob@example.org", "bob@example.org"),
        ("<Bob.Jones+x@EXAMPLE.org>", "Bob.Jones+x@EXAMPLE.org", "Bob.Jones+x@EXAMPLE.org"),
        ("<\"bob\"@example.org>", "\"bob\"@example.org", "bob@example.org"),
        (r#"<"a\"b>c d"@example.org>"#, r#""a\"b>c d"@example.org"#, r#"a"b>c d@example.org"#),
        ("<@a.example,@b.example:bob@example.org>", "bob@example.org", "bob@example.org"),
        ("<bob@[192.0.2.1]>", "bob@[192.0.2.1]", "bob@[192.0.2.1]"),
        ("<bob@[IPv6:2001:db8::1]>", "bob@[IPv6:2001:db8::1]", "bob@[IPv6:2001:db8::1]"),
        ("<jörg@bücher.example>", "jörg@bücher.example", "jörg@bücher.example"),
        ("<!#$%&'*+-/=?^_`{|}~@x>", "!#$%&'*+-/=?^_`{|}~@x", "!#$%&'*+-/=?^_`{|}~@x"),
        ("<Postmaster>", "Postmaster", "Postmaster"),
        ("<>", "", ""),
    ];
    for (text, as_sent, unquoted) in cases {
        let (path, rest) = path::read(text).expect(text);
        assert_eq!((path.as_str(), path.unquoted().as_ref(), rest), (as_sent, unquoted, ""), "{text}");
    }
    let bad = [
        ("bob@example.org", BadPath::Brackets),
        ("<bob@example.org", BadPath::Brackets),
        ("<bob>", BadPath::Domain),
        ("<bob@>", BadPath::Domain),
        ("<@example.org>", BadPath::Route),
        ("<@a.example:@example.org>", BadPath::Local),
        ("<.bob@example.org>", BadPath::Local),
        ("<b..ob@example.org>", BadPath::Local),
        ("<bob @example.org>", BadPath::Local),
        ("<a@b@example.org>", BadPath::Domain),
        ("<\"bob@example.org>", BadPath::Local),
        ("<\"\"@example.org>", BadPath::Local),
        ("<bob@exa mple.org>", BadPath::Domain),
        ("<bob@-example.org>", BadPath::Domain),
        ("<bob@example..org>", BadPath::Domain),
        ("<bob@[]>", BadPath::Domain),
    ];
    for (text, expected) in bad {
        assert_eq!(path::read(text).err(), Some(expected), "{text}");
    }
    let long = format!("<{}@example.org>", "x".repeat(400));
    assert_eq!(path::read(&long).err(), Some(BadPath::TooLong));
}

#[test]
fn parameters() {
    let line = "MAIL FROM: <a@b.example> SIZE=12 body=8bitmime SMTPUTF8 RET=HDRS ENVID=QQ+3D1 AUTH=<>";
    let Ok(Command::Mail(_, read)) = parse(line) else { panic!("{:?}", parse(line)) };
    let expected = MailParameters {
        size: Some(12),
        body: Some(BodyKind::EightBit),
        utf8: true,
        ret: Some(Return::Headers),
        envelope_id: Some("QQ+3D1".into()),
        hold: None,
    };
    assert_eq!(read, expected);
    for (value, hold) in [("HOLDFOR=90", Hold::Seconds(90)), ("HOLDUNTIL=1970-01-01T00:00:02+00:00", Hold::Until(2000))]
    {
        let line = format!("MAIL FROM:<a@b.example> {value}");
        let Ok(Command::Mail(_, read)) = parse(&line) else { panic!("{:?}", parse(&line)) };
        assert_eq!(read.hold, Some(hold), "{value}");
    }
    let line = "RCPT TO:<a@b.example>  NOTIFY=success,FAILURE ORCPT=rfc822;a+2Bx@b.example";
    let Ok(Command::Rcpt(_, read)) = parse(line) else { panic!("{:?}", parse(line)) };
    let notify = Notify { success: true, failure: true, delay: false };
    assert_eq!(read, RcptParameters { notify: Some(notify), original: Some("rfc822;a+2Bx@b.example".into()) });
}

proptest! {
    #[test]
    fn no_line_panics(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Command::parse(&line);
    }

    #[test]
    fn nothing_like_a_command_panics(
        verb in "(MAIL FROM:|RCPT TO:|BDAT |AUTH |EHLO )",
        rest in "[<>@\"\\\\a-zé.,:+= \\[\\]]{0,40}",
    ) {
        let line = format!("{verb}{rest}");
        if let Ok(Command::Mail(path, _) | Command::Rcpt(path, _)) = Command::parse(line.as_bytes()) {
            prop_assert!(line.contains(path.as_str()));
            let _ = path.unquoted();
        }
    }

    /// What one reader takes as an address never holds a second one.
    #[test]
    fn an_address_has_one_reading(text in "[<>@\"\\\\ab. ]{0,30}") {
        if let Ok((path, _)) = path::read(&format!("<{text}>")) {
            let sent = path.as_str();
            if !sent.starts_with('"') {
                prop_assert!(sent.matches('@').count() <= 1 && !sent.contains(['<', '>', ' ']), "{}", sent);
            }
        }
    }
}
