//! Where the configuration comes from, and what it may say.

use crate::harness::{Database, Home, bare_command, finish};

#[test]
fn the_configuration_is_named_before_or_after_the_command() {
    let home = Home::with_organisation(Database::Sqlite);
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let config = home.path("postroom.toml").display().to_string();
    let data = home.path("data").display().to_string();
    let cases: [&[&str]; 5] = [
        &["--config", &config, "user", "list"],
        &["user", "list", "--config", &config],
        &["user", "--config", &config, "list"],
        &["--data", &data, "user", "list"],
        &["user", "list", "--data", &data],
    ];
    for arguments in cases {
        let mut command = bare_command(elsewhere.path());
        command.args(arguments);
        assert!(finish(command, "").succeeded().contains("alice"), "{arguments:?}");
    }
    let mut command = bare_command(elsewhere.path());
    command.args(["user", "list"]).env("POSTROOM_CONFIG", &config);
    assert!(finish(command, "").succeeded().contains("alice"));
    let left: Vec<_> = std::fs::read_dir(elsewhere.path()).expect("the folder").collect();
    assert!(left.is_empty(), "relative paths count from the configuration file: {left:?}");
}

#[test]
fn a_file_in_the_current_folder_is_read() {
    let home = Home::with_organisation(Database::Sqlite);
    let mut command = bare_command(&home.path(""));
    command.args(["user", "list"]);
    assert!(finish(command, "").succeeded().contains("alice"));
}

#[test]
fn unknown_keys_are_errors_with_their_line() {
    let home = Home::new(Database::Sqlite);
    home.write("postroom.toml", "hostname = \"a.example\"\n\n[limits]\nmesage_size = 1\n");
    for arguments in [&["user", "list"][..], &["serve"]] {
        let said = home.run(arguments).refused();
        assert!(said.contains("postroom.toml:4: unknown field `mesage_size`"), "{said}");
    }
    let mut command = bare_command(&home.path(""));
    command.args(["--config", "org.toml", "user", "list"]);
    assert!(finish(command, "").refused().contains("org.toml:1: unknown field `domain`"));
}

#[test]
fn the_environment_is_read_and_its_mistakes_are_named() {
    let home = Home::with_organisation(Database::Sqlite);
    let run = |variable: &str, value: &str| {
        let mut command = bare_command(&home.path(""));
        command.args(["user", "list"]).env(variable, value);
        finish(command, "")
    };
    assert!(run("POSTROOM_LISTEN_SMPT", "x").refused().contains("POSTROOM_LISTEN_SMPT: unknown field"));
    assert!(!run("POSTROOM_DATABASE_URL", "sqlite:other.db").succeeded().contains("alice"));
    let warned = run("POSTROOM_HOSTNMAE", "x");
    assert!(warned.err.starts_with("warning: POSTROOM_HOSTNMAE"), "{warned:?}");
    assert!(warned.succeeded().contains("alice"), "a warning goes to stderr only");
}

#[test]
fn any_command_makes_an_empty_database() {
    let home = Home::new(Database::Sqlite);
    assert_eq!(home.run(&["user", "list", "--json"]).succeeded().trim(), "[]");
    assert!(home.path("data/postroom.db").exists());
}

#[test]
fn others_on_the_machine_see_nothing_of_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::with_organisation(Database::Sqlite);
    let server = home.serve();
    let mut open: Vec<_> = std::fs::read_dir(server.home().path("data")).expect("the folder").collect();
    assert!(open.len() > 4, "database, index, lock, socket, certificate: {open:?}");
    open.retain(|entry| {
        let entry = entry.as_ref().expect("an entry");
        // Files of a moment, such as those of SQLite, may be gone again.
        entry.metadata().is_ok_and(|there| there.permissions().mode() & 0o077 != 0)
    });
    assert!(open.is_empty(), "{open:?}");
}
