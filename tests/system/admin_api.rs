//! The API on a real server: sign-in, the rules about TLS, health and metrics.

use crate::harness::{Database, Home, Server, on_both, request, request_over_tls};

#[test]
fn an_administrator_works_over_the_api() {
    on_both(|database| {
        let server = Server::start(database);
        let api = server.address("http");
        let made = request(
            api,
            Some("alice"),
            "POST /api/v1/mailboxes",
            Some(r#"{"name": "sales", "display_name": "Sales", "addresses": ["sales@example.org"]}"#),
        );
        assert_eq!(made.status, 201, "{made:?}");
        let grant = r#"{"mailbox": "sales", "user": "bob", "rights": ["preset:viewer"]}"#;
        assert_eq!(request(api, Some("alice"), "PUT /api/v1/grants", Some(grant)).status, 200);
        let session = request(api, Some("bob"), "GET /api/v1/session", None).json();
        assert_eq!(session["mailboxes"], serde_json::json!(["bob", "support", "sales"]));
        let explained = server.home().run(&["explain", "bob", "sales", "message.read", "--json"]).json();
        assert_eq!(explained["rights"][0]["held"], "whole", "the command line sees it too");
    });
}

#[test]
fn health_and_numbers_are_there_for_those_who_watch() {
    let server = Server::start(Database::Sqlite);
    for listener in ["http", "metrics"] {
        let to = server.address(listener);
        assert_eq!(request(to, None, "GET /healthz", None).body, "ok\n");
        assert_eq!(request(to, None, "GET /readyz", None).body, "ready\n");
        let numbers = request(to, None, "GET /metrics", None).body;
        assert!(numbers.contains("postroom_connections_total{listener=\"http\"}"), "{numbers}");
    }
    assert_eq!(request(server.address("metrics"), Some("alice"), "GET /api/v1/users", None).status, 404);
    let front = request(server.address("http"), None, "GET /", None);
    assert!(front.body.contains("Postroom is running"));
    assert!(front.head.to_lowercase().contains("content-security-policy: default-src 'none'"));
}

#[test]
fn too_large_a_body_is_refused() {
    let server = Server::start(Database::Sqlite);
    let body = format!("{{\"name\": \"{}\"}}", "x".repeat(2 << 20));
    // Only the head is sent in full: the server need not read what it refuses.
    let answer = request(server.address("http"), Some("alice"), "POST /api/v1/domains", Some(&body));
    assert_eq!(answer.status, 413, "{answer:?}");
}

#[test]
fn where_plain_connections_take_no_passwords_tls_comes_first() {
    let home = Home::with_organisation(Database::Sqlite);
    home.configure("[auth]\nplaintext = \"never\"\n[http]\npublic_url = \"https://office.example.org/\"");
    let server = home.serve();
    let http = server.address("http");
    assert_eq!(request(http, None, "GET /healthz", None).status, 200);
    let sent_on = request(http, None, "GET /api/v1/users?x=1", None);
    assert_eq!(sent_on.status, 308, "{sent_on:?}");
    assert!(sent_on.head.contains("location: https://office.example.org/api/v1/users?x=1"), "{sent_on:?}");
    for (who, line, body) in [(Some("alice"), "GET /api/v1/users", None), (None, "POST /api/v1/domains", Some("{}"))] {
        let refused = request(http, who, line, body);
        assert_eq!(refused.status, 403, "{refused:?}");
        assert!(refused.head.contains("application/problem+json"), "{refused:?}");
    }
    let served = request_over_tls(&server, Some("alice"), "GET /api/v1/users");
    assert_eq!(served.status, 200, "{served:?}");
    assert!(served.head.contains("strict-transport-security"), "{served:?}");
}
