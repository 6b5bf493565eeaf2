//! `apply` and `export`: what the file says becomes so, is shown first, and a mistake changes nothing.

use crate::harness::{Database, Home, ORGANISATION, Server, on_both};

#[test]
fn a_dry_run_shows_the_difference_and_changes_nothing() {
    on_both(|database| {
        let home = Home::new(database);
        let shown = home.run(&["apply", "org.toml", "--dry-run"]).succeeded();
        for line in ["+ example.org", "+ user alice", "+ shared mailbox support", "+ role Mailbox - Support"] {
            assert!(shown.contains(line), "{line} in\n{shown}");
        }
        assert_eq!(home.run(&["user", "list", "--json"]).json().as_array().map(Vec::len), Some(0));
    });
}

#[test]
fn applying_twice_makes_no_difference() {
    on_both(|database| {
        let home = Home::new(database);
        let first = home.run(&["apply", "org.toml"]).succeeded();
        assert!(first.contains("+ user alice"), "{first}");
        assert_eq!(home.run(&["apply", "org.toml"]).succeeded().lines().next(), Some("no difference"));
        assert_eq!(home.run(&["user", "list", "--json"]).json().as_array().map(Vec::len), Some(4));
    });
}

#[test]
fn an_exported_organisation_is_the_same_one() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        let exported = home.run(&["export"]).succeeded();
        assert!(!exported.contains("-has-a-password"), "no password in clear");
        assert!(exported.contains("$argon2id$"), "hashes instead");
        let again = home.run_with_input(&["apply", "-"], &exported).succeeded();
        assert_eq!(again.lines().next(), Some("no difference"), "{again}");

        let elsewhere = Home::new(database);
        elsewhere.run_with_input(&["apply", "-"], &exported).succeeded();
        assert_eq!(elsewhere.run(&["export"]).succeeded(), exported);
    });
}

#[test]
fn a_mistake_refuses_the_whole_file_with_its_line() {
    let cases = [
        ("an unknown key", "[[user]]\nname = \"x\"\ncolour = \"red\"\n", "colour"),
        (
            "a duplicate address",
            "[[user]]\nname = \"x\"\naddresses = [\"y@example.org\"]\n[[user]]\nname = \"z\"\naddresses = [\"y@example.org\"]\n",
            "y@example.org",
        ),
        ("a missing member", "[[role]]\nid = \"R\"\nmembers = [\"nobody\"]\n", "nobody"),
        (
            "a domain that is not configured",
            "[[user]]\nname = \"x\"\naddresses = [\"x@elsewhere.example\"]\n",
            "elsewhere.example",
        ),
        ("a bad name", "[[user]]\nname = \"X Y\"\n", "X Y"),
        (
            "a password for a shared mailbox",
            "[[shared_mailbox]]\nname = \"s\"\npassword_hash = \"x\"\n",
            "no credentials",
        ),
        ("an unset variable", "[[user]]\nname = \"x\"\npassword_env = \"NOT_SET_ANYWHERE\"\n", "NOT_SET_ANYWHERE"),
        ("a section of a later version", "[[list]]\naddress = \"l@example.org\"\n", "not supported by this version"),
        ("no TOML", "[[user\n", "line 4"),
    ];
    on_both(|database| {
        let home = Home::new(database);
        for (what, file, named) in cases {
            home.write("wrong.toml", &format!("[[domain]]\nname = \"example.org\"\n\n{file}"));
            let said = home.run(&["apply", "wrong.toml"]).refused();
            assert!(said.contains(named), "{what}: {said}");
            assert!(said.contains("wrong.toml is refused") && said.contains("line "), "{what}: {said}");
        }
        let exported = home.run(&["export"]).succeeded();
        assert!(!exported.contains("example.org"), "nothing of a refused file is there:\n{exported}");
    });
}

#[test]
fn what_the_file_does_not_name_is_listed_and_pruned_only_when_asked() {
    on_both(|database| {
        let home = Home::with_organisation(database);
        let without_carol: String =
            ORGANISATION.split("\n[[").filter(|section| !section.contains("carol")).collect::<Vec<_>>().join("\n[[");
        home.write("smaller.toml", &without_carol);

        let said = home.run(&["apply", "smaller.toml"]).succeeded();
        assert!(said.contains("not in the file") && said.contains("carol"), "{said}");
        let there = || home.run(&["explain", "carol", "support", "mailbox.manage", "--json"]);
        let said = home.run(&["apply", "smaller.toml", "--prune", "--dry-run"]).succeeded();
        assert!(said.contains("- ") && said.contains("carol"), "{said}");
        assert_eq!(there().status, 0, "a dry run prunes nothing");

        home.run(&["apply", "smaller.toml", "--prune"]).succeeded();
        let gone = there();
        assert!(gone.status == 2 || gone.out.contains("\"held\": \"no\""), "{gone:?}");
        assert_eq!(home.run(&["apply", "smaller.toml", "--prune"]).succeeded().lines().next(), Some("no difference"));
    });
}

#[test]
fn a_password_is_set_where_there_is_none_or_where_it_is_asked_for() {
    use crate::harness::{bare_command, finish, request};
    let server = Server::start(Database::Sqlite);
    let api = server.address("http");
    let apply = |arguments: &[&str]| {
        let home = server.home();
        let mut command = bare_command(&home.path(""));
        for user in ["ALICE", "BOB", "CAROL", "MALLORY"] {
            command.env(format!("{user}_PASSWORD"), "another one altogether");
        }
        command.arg("--config").arg(home.path("postroom.toml")).arg("apply").arg("org.toml").args(arguments);
        finish(command, "").succeeded()
    };
    apply(&[]);
    assert_eq!(request(api, Some("bob"), "GET /api/v1/session", None).status, 200, "the old one stays");
    apply(&["--set-passwords"]);
    assert_eq!(request(api, Some("bob"), "GET /api/v1/session", None).status, 401, "the old one is gone");
}
