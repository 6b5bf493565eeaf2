use super::*;
use clap::CommandFactory;

#[test]
fn the_arguments_are_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn a_request_reaches_the_server_as_it_was_sent() {
    let cases: [&[&str]; 11] = [
        &["export"],
        &["explain", "alice", "support", "send.as", "--json"],
        &["user", "list"],
        &["mailbox", "list", "--json"],
        &["mailbox", "show", "support"],
        &["mailbox", "convert", "support", "room"],
        &["role", "list"],
        &["app-password", "create", "alice", "--label", "Desk", "--expires-in", "2 h"],
        &["app-password", "list", "alice"],
        &["app-password", "revoke", "alice", "7"],
        &["audit", "--mailbox", "support", "--limit", "7", "--before", "9"],
    ];
    for arguments in cases {
        let cli = Cli::try_parse_from([&["postroom"], arguments].concat()).expect("these are right");
        let Ok(Prepared::Ask(request)) = cli.command.prepare() else {
            panic!("{arguments:?} asks nothing of the data")
        };
        let sent = serde_json::to_string(&request).expect("JSON");
        let read: Request = serde_json::from_str(&sent).expect("the same shape");
        assert_eq!(format!("{read:?}"), format!("{request:?}"));
    }
}

#[test]
fn a_password_on_its_way_shows_nowhere() {
    let request = Request::PasswordSet(
        serde_json::from_value(serde_json::json!({ "user": "alice", "password": "geheim" })).expect("a request"),
    );
    assert!(!format!("{request:?}").contains("geheim"));
}
