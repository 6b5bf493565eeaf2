use super::{BadCommand, Command, parse};
use crate::secret::Secret;
use proptest::prelude::*;

fn auth(mechanism: &str, initial: Option<&str>) -> Command {
    Command::Auth { mechanism: mechanism.into(), initial: initial.map(Secret::new) }
}

#[test]
fn commands_are_read_as_written() {
    for (line, want) in [
        ("capa", Ok(Command::Capa)),
        ("Stls", Ok(Command::Stls)),
        ("STLS now", Err(BadCommand::NoArgument)),
        ("USER alice", Ok(Command::User("alice".into()))),
        ("user  alice*support ", Ok(Command::User("alice*support".into()))),
        ("USER", Err(BadCommand::Name)),
        ("USER  ", Err(BadCommand::Name)),
        ("PASS  two  words ", Ok(Command::Pass(Secret::new(" two  words ")))),
        ("PASS", Ok(Command::Pass(Secret::new("")))),
        ("AUTH PLAIN", Ok(auth("PLAIN", None))),
        ("auth plain AGEAYg==", Ok(auth("PLAIN", Some("\0a\0b")))),
        ("AUTH PLAIN AGEAYg", Ok(auth("PLAIN", Some("\0a\0b")))),
        ("AUTH PLAIN =", Ok(auth("PLAIN", Some("")))),
        ("AUTH PLAIN !", Err(BadCommand::Mechanism)),
        ("AUTH PLAIN = =", Err(BadCommand::Mechanism)),
        ("AUTH", Err(BadCommand::Mechanism)),
        ("STAT", Ok(Command::Stat)),
        ("STAT ", Ok(Command::Stat)),
        ("STAT 1", Err(BadCommand::NoArgument)),
        ("LIST", Ok(Command::List(None))),
        ("LIST 7", Ok(Command::List(Some(7)))),
        ("LIST 0", Err(BadCommand::Number)),
        ("LIST 1 2", Err(BadCommand::Number)),
        ("LIST -1", Err(BadCommand::Number)),
        ("UIDL 3", Ok(Command::Uidl(Some(3)))),
        ("UIDL", Ok(Command::Uidl(None))),
        ("RETR 99999999999999999999", Ok(Command::Retr(u32::MAX))),
        ("RETR", Err(BadCommand::Number)),
        ("RETR x", Err(BadCommand::Number)),
        ("TOP 1 0", Ok(Command::Top(1, 0))),
        ("TOP 1", Err(BadCommand::NumberAndLines)),
        ("TOP 1 2 3", Err(BadCommand::NumberAndLines)),
        ("TOP 0 1", Err(BadCommand::NumberAndLines)),
        ("DELE 2", Ok(Command::Dele(2))),
        ("NOOP", Ok(Command::Noop)),
        ("RSET", Ok(Command::Rset)),
        ("QUIT", Ok(Command::Quit)),
        ("APOP alice 0123", Err(BadCommand::Unknown)),
        ("", Err(BadCommand::Unknown)),
        (" NOOP", Err(BadCommand::Unknown)),
    ] {
        assert_eq!(parse(line.as_bytes()), want, "{line}");
    }
}

#[test]
fn a_password_does_not_show() {
    assert!(!format!("{:?}", parse(b"PASS hunter2")).contains("hunter2"));
    assert!(!format!("{:?}", parse(b"AUTH PLAIN AGEAYg==")).contains("AGEAYg"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(line in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&line);
    }

    #[test]
    fn anything_behind_a_keyword_is_read_without_panic(
        keyword in "(?i:CAPA|STLS|USER|PASS|AUTH|STAT|LIST|UIDL|RETR|TOP|DELE|NOOP|RSET|QUIT)",
        rest in "[ 0-9a-zA-Z=+/*]{0,40}",
    ) {
        let command = parse(format!("{keyword} {rest}").as_bytes());
        if let Ok(Command::Retr(number) | Command::Dele(number) | Command::Top(number, _)) = command {
            prop_assert!(number > 0);
        }
    }
}
