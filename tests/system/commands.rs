//! Commands that ask and those that change one thing; help and exit statuses.

use crate::harness::{Database, Home, bare_command, finish, on_both};

#[test]
fn explain_says_why() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        let all = home.run(&["explain", "bob", "support"]).succeeded();
        assert!(all.contains("role Mailbox - Support"), "{all}");

        let cases = [
            ("alice", "support", "send.as", "whole", "role Mailbox - Support"),
            ("bob@example.org", "help@example.org", "message.read", "whole", "role Mailbox - Support"),
            ("bob", "support", "message.purge", "no", ""),
            ("carol", "support", "mailbox.manage", "whole", "direct grant"),
            ("carol", "support", "message.read", "no", ""),
            ("mallory", "support", "folder.view", "no", ""),
            ("mallory", "mallory", "message.read", "whole", "own mailbox"),
            ("alice", "mallory", "message.read", "no", ""),
        ];
        for (user, mailbox, right, held, from) in cases {
            let said = home.run(&["explain", user, mailbox, right, "--json"]).json();
            let line = &said["rights"][0];
            assert_eq!((&line["right"], &line["held"]), (&right.into(), &held.into()), "{user} {mailbox} {said}");
            assert_eq!(line["from"].as_array().and_then(|from| from.first()?.as_str()).unwrap_or(""), from, "{said}");
        }
        let said = home.run(&["explain", "bob", "support", "message.purge"]).succeeded();
        assert!(said.contains("Carol Diaz"), "who can grant it: {said}");
        home.run(&["explain", "nobody", "support"]).refused();
        home.run(&["explain", "bob", "nothing"]).refused();
        let said = home.run(&["explain", "bob", "support", "send.everything"]).refused();
        assert!(said.contains("message.read"), "the rights there are: {said}");
    });
}

#[test]
fn lists_are_for_people_and_for_programs() {
    let home = Home::with_organisation(Database::Sqlite);
    let users = home.run(&["user", "list"]).succeeded();
    assert!(users.starts_with("NAME") && users.contains("alice    Alice Ng"), "{users}");
    assert_eq!(home.run(&["user", "list", "--json"]).json()[0]["name"], "alice");

    let mailboxes = home.run(&["mailbox", "list", "--json"]).json();
    assert_eq!(mailboxes[0]["addresses"], serde_json::json!(["support@example.org", "help@example.org"]));
    let roles = home.run(&["role", "list", "--json"]).json();
    let support = roles.as_array().and_then(|roles| roles.iter().find(|role| role["id"] == "Mailbox - Support"));
    assert_eq!(support.map(|role| &role["members"]), Some(&serde_json::json!(["alice", "bob"])));

    let shown = home.run(&["mailbox", "show", "help@example.org"]).succeeded();
    for text in ["Customer Support", "role Mailbox - Support", "user carol", "message.read"] {
        assert!(shown.contains(text), "{text} in\n{shown}");
    }
    home.run(&["mailbox", "show", "nothing"]).refused();
}

#[test]
fn a_mailbox_converted_from_a_user_has_no_credentials() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        let done = home.run(&["mailbox", "convert", "bob", "shared"]);
        assert!(done.err.contains("credentials"), "it says what is gone: {done:?}");
        assert_eq!(done.succeeded(), "bob: user -> shared\n");
        let said = home.run_with_input(&["password", "set", "bob"], "a new password\n").refused();
        assert!(said.contains("only users have credentials"), "{said}");
        assert_eq!(home.run(&["app-password", "create", "bob", "--label", "x"]).status, 2);
        assert!(!home.run(&["export"]).succeeded().contains("name = \"bob\"\npassword_hash"));
    });
}

#[test]
fn application_passwords_are_made_listed_and_revoked() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        let made = home.run(&["app-password", "create", "bob", "--label", "Desk", "--expires-in", "90 days", "--json"]);
        let made = made.json();
        assert!(made["password"].as_str().is_some_and(|text| text.len() > 20), "{made}");
        let listed = home.run(&["app-password", "list", "bob", "--json"]).json();
        assert_eq!((&listed[0]["id"], &listed[0]["label"]), (&made["id"], &"Desk".into()));
        assert!(!listed.to_string().contains(made["password"].as_str().unwrap_or("none")), "shown only once");
        let id = made["id"].to_string();
        assert_eq!(home.run(&["app-password", "revoke", "alice", &id]).status, 2, "it is not hers");
        home.run(&["app-password", "revoke", "bob", &id]).succeeded();
        assert_eq!(home.run(&["app-password", "list", "bob", "--json"]).json(), serde_json::json!([]));
    });
}

#[test]
fn what_was_done_is_on_record() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        home.run_with_input(&["password", "set", "bob"], "a new password\n").succeeded();
        let newest = home.run(&["audit", "--limit", "1", "--json"]).json();
        let expected = [("action", "password.set"), ("mailbox_name", "bob"), ("who", "operator"), ("door", "cli")];
        for (key, value) in expected {
            assert_eq!(newest[0][key], value, "{newest}");
        }
        let of_support = home.run(&["audit", "--mailbox", "support"]).succeeded();
        assert!(of_support.contains("grant.set") && !of_support.contains("password.set"), "{of_support}");
    });
}

#[test]
fn exit_statuses_tell_failure_from_refusal() {
    let home = Home::new(Database::Sqlite);
    let cases: [(&[&str], i32); 8] = [
        (&["--help"], 0),
        (&["--version"], 0),
        (&["user", "list"], 0),
        (&[], 2),
        (&["no-such-command"], 2),
        (&["apply"], 2),
        (&["apply", "no-such-file.toml"], 2),
        (&["audit", "--limit", "0"], 2),
    ];
    for (arguments, status) in cases {
        assert_eq!(home.run(arguments).status, status, "{arguments:?}");
    }
    // The data folder cannot be made below a file.
    let mut command = bare_command(&home.path(""));
    command.args(["--data", "org.toml/data", "user", "list"]);
    assert_eq!(finish(command, "").status, 1);
}

#[test]
fn every_command_has_help() {
    let home = Home::new(Database::Sqlite);
    let commands: [&[&str]; 21] = [
        &[],
        &["serve"],
        &["apply"],
        &["export"],
        &["explain"],
        &["user"],
        &["user", "list"],
        &["mailbox"],
        &["mailbox", "list"],
        &["mailbox", "show"],
        &["mailbox", "convert"],
        &["role"],
        &["role", "list"],
        &["password"],
        &["password", "set"],
        &["app-password"],
        &["app-password", "create"],
        &["app-password", "list"],
        &["app-password", "revoke"],
        &["audit"],
        &["doctor"],
    ];
    for command in commands {
        let help = home.run(&[command, &["--help"]].concat()).succeeded();
        for text in ["Usage:", "--config <FILE>", "--data <DIR>"] {
            assert!(help.contains(text), "{command:?}: {text} in\n{help}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 110), "{command:?}: a line is too long\n{help}");
    }
}
