//! Commands beside a running server: who works on the data, and that a change holds there at once.

use crate::harness::{Database, Home, Imap, Server, base64, on_both, request};
use std::os::unix::fs::PermissionsExt;

#[test]
fn commands_reach_a_running_server() {
    on_both(|database| {
        let server = Server::start(database);
        let (home, api) = (server.home(), server.address("http"));
        let session = |user| request(api, Some(user), "GET /api/v1/session", None);
        assert_eq!(session("bob").json()["mailboxes"], serde_json::json!(["bob", "support"]));

        let organisation = crate::harness::ORGANISATION.replace("[\"alice\", \"bob\"]", "[\"alice\"]");
        home.write("org.toml", &organisation);
        let said = home.run(&["apply", "org.toml"]).succeeded();
        assert!(said.contains("bob"), "{said}");
        assert_eq!(session("bob").json()["mailboxes"], serde_json::json!(["bob"]), "it holds at once");

        home.run_with_input(&["password", "set", "mallory"], "changed\n").succeeded();
        assert_eq!(session("mallory").status, 401, "a remembered password is forgotten at once");
        assert_eq!(home.run(&["user", "list", "--json"]).json().as_array().map(Vec::len), Some(4));
    });
}

/// What the process holds beside the files it maps, in KiB.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn an_idle_server_and_an_idle_session_need_little_memory() {
    const SESSIONS: u64 = 100;
    let server = Server::start(Database::Sqlite);
    // The first of everything is not what each further session costs.
    let mut sessions = vec![Imap::sign_in(server.address("imap"), "alice")];
    let before = memory(&server);
    assert!(before < 60 * 1024, "{before} KiB");
    for _ in 0..SESSIONS {
        let mut session = Imap::sign_in(server.address("imap"), "alice");
        session.ok("SELECT \"Shared/Customer Support/INBOX\"");
        session.idle();
        sessions.push(session);
    }
    let each = memory(&server).saturating_sub(before) / SESSIONS;
    assert!(each < 100, "{each} KiB for each session in IDLE");
}

#[test]
fn the_control_socket_is_for_its_owner_and_goes_with_the_server() {
    let server = Server::start(Database::Sqlite);
    let socket = server.home().path("data/control.sock");
    let mode = std::fs::metadata(&socket).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let home = server.stop();
    assert!(!socket.exists(), "a stopped server leaves no socket");

    let server = home.serve();
    let home = server.kill9();
    assert!(socket.exists(), "a killed one does");
    assert!(home.run(&["user", "list"]).succeeded().contains("alice"), "which keeps no command from its work");
    let server = home.serve();
    assert!(server.home().run(&["user", "list"]).succeeded().contains("alice"), "and no server from making its own");
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let server = Server::start(Database::Sqlite);
    let second = server.home().run(&["serve"]);
    assert_eq!(second.status, 1, "{second:?}");
    assert!(second.err.contains("another server works on the data folder"), "{second:?}");
    assert!(server.home().run(&["user", "list"]).succeeded().contains("alice"), "the first goes on");
}

#[test]
fn a_data_folder_may_have_a_long_path() {
    let home = Home::new(Database::Sqlite);
    let long = format!("{}/data", ["a-folder-with-quite-a-long-name"; 5].join("/"));
    let data = home.path(&long).display().to_string();
    home.write("postroom.toml", "[listen]\nhttp = \"127.0.0.1:0\"\n");
    let server = home.serve_with(&["--data", &data]);
    let done = server.home().run(&["apply", "org.toml", "--data", &data]).succeeded();
    assert!(done.contains("+ user alice"), "{done}");
    let again = server.home().run(&["apply", "org.toml", "--data", &data]).succeeded();
    assert!(again.starts_with("no difference"), "{again}");
}

#[test]
fn an_application_password_signs_in_until_it_is_revoked() {
    on_both(|database| {
        let server = Server::start(database);
        let made = server.home().run(&["app-password", "create", "bob", "--label", "Desk", "--json"]).json();
        let secret = made["password"].as_str().expect("a password");
        let session = || {
            let basic = base64(&format!("bob:{secret}"));
            let line = "GET /api/v1/session HTTP/1.1\r\nAuthorization: Basic ".to_owned() + &basic;
            // What stands behind the line ends it.
            request(server.address("http"), None, &format!("{line}\r\nX: "), None).status
        };
        assert_eq!(session(), 200);
        server.home().run(&["app-password", "revoke", "bob", &made["id"].to_string()]).succeeded();
        assert_eq!(session(), 401);
    });
}
