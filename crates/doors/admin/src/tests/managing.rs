//! What administrators and managers do, and how mistakes are answered.

use super::Desk;
use postroom_store::testing::{on_both, on_sqlite};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_from_its_making_to_its_end() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let plan = json!({ "shared_mailboxes": { "included": 1, "maximum": 2 } });
        assert_eq!(desk.ask("alice", "PUT /plan", Some(plan.clone())).await.json(), plan);
        let new =
            json!({ "name": "sales", "display_name": "Sales", "addresses": ["Sales@example.org"], "seen": "personal" });
        let made = desk.ask("alice", "POST /mailboxes", Some(new)).await.json();
        assert_eq!(made["mailbox"]["addresses"], json!(["sales@example.org"]));
        assert_eq!(made["mailbox"]["seen"], "personal");
        assert!(made["notes"][0].as_str().unwrap().contains("includes 1"), "{made}");
        let over = desk.ask("alice", "POST /mailboxes", Some(json!({ "name": "third" }))).await;
        assert_eq!(over.refusal().0, 409);

        let change = json!({ "display_name": "Sales Desk", "sent_copy": "both", "quota": 1000 });
        let changed = desk.ask("alice", "PATCH /mailboxes/sales", Some(change)).await.json();
        assert_eq!((&changed["label"], &changed["quota"]), (&json!("Sales Desk"), &json!(1000)));
        let unlimited = desk.ask("alice", "PATCH /mailboxes/sales", Some(json!({ "quota": null }))).await.json();
        assert_eq!((&unlimited["quota"], &unlimited["sent_copy"]), (&Value::Null, &json!("both")));
        let kind = desk.ask("alice", "POST /mailboxes/sales/kind", Some(json!({ "kind": "room" }))).await.json();
        assert_eq!(kind["mailbox"]["kind"], "room");
        assert_eq!(desk.ask("alice", "DELETE /mailboxes/sales", None).await.status, 204);
        assert_eq!(desk.ask("alice", "GET /mailboxes/sales", None).await.refusal().0, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_holds_at_once_and_its_end_too() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let sees = async || desk.ask("mallory", "GET /mailboxes/support", None).await.status.as_u16();
        assert_eq!(sees().await, 404);
        let grant = json!({ "mailbox": "support", "user": "mallory", "rights": ["preset:viewer", "message.flag"], "automap": false });
        let set = desk.ask("carol", "PUT /grants", Some(grant)).await.json();
        assert_eq!(set["rights"], json!(["folder.view", "message.read", "message.search", "message.flag", "calendar.read", "contacts.read", "tasks.read"]));
        assert_eq!(sees().await, 200);
        let listed = desk.ask("carol", "GET /grants?mailbox=support", None).await.json();
        assert!(listed.as_array().unwrap().contains(&set), "{listed}");
        assert_eq!(desk.ask("carol", "DELETE /grants?mailbox=support&user=mallory", None).await.status, 204);
        assert_eq!(sees().await, 404);
        assert_eq!(desk.ask("carol", "DELETE /grants?mailbox=support&user=mallory", None).await.refusal().0, 404);
        let audit = desk.ask("carol", "GET /audit?mailbox=support&limit=2", None).await.json();
        assert_eq!((&audit[0]["action"], &audit[0]["person"], &audit[0]["door"]), (&json!("grant.remove"), &json!("carol"), &json!("admin")));
    })
    .await;
}

#[tokio::test]
async fn a_manager_changes_how_it_appears_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(on_sqlite(folder.path()).await).await;
    let change = async |body: Value| desk.ask("carol", "PATCH /mailboxes/support", Some(body)).await.status.as_u16();
    assert_eq!(change(json!({ "display_name": "Help" })).await, 200);
    assert_eq!(change(json!({ "sent_copy": "both", "seen": "personal" })).await, 200);
    for only_administrators in
        [json!({ "addresses": ["x@example.org"] }), json!({ "quota": null }), json!({ "quota": 1 })]
    {
        assert_eq!(change(only_administrators.clone()).await, 403, "{only_administrators}");
    }
    let own = json!({ "mailbox": "support", "user": "carol", "rights": ["preset:full_access"] });
    assert_eq!(desk.ask("carol", "PUT /grants", Some(own)).await.refusal().0, 403);
}

#[tokio::test]
async fn mistakes_name_their_field() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(on_sqlite(folder.path()).await).await;
    let cases = [
        ("POST /domains", json!({ "name": "no domain" }), 422, "name"),
        ("POST /domains", json!({ "name": "example.org" }), 409, "name"),
        ("POST /domains", json!({}), 422, ""),
        ("POST /users", json!({ "name": "Bad Name" }), 422, "name"),
        ("POST /users", json!({ "name": "bob" }), 409, "name"),
        ("POST /users", json!({ "name": "x", "addresses": ["x@elsewhere.example"] }), 422, "addresses"),
        ("POST /users", json!({ "name": "x", "addresses": ["bob@example.org"] }), 409, "addresses"),
        ("POST /users", json!({ "name": "x", "addresses": "x@example.org" }), 422, "addresses"),
        ("POST /users", json!({ "name": "x", "password": "" }), 422, "password"),
        ("POST /users", json!({ "name": "x", "privilege": "root" }), 422, "privilege"),
        ("POST /users", json!({ "name": "x", "colour": "red" }), 422, "colour"),
        ("PATCH /users/bob", json!({ "name": "robert" }), 422, "name"),
        ("PATCH /users/bob", json!({ "display_name": "two\nlines" }), 422, "display_name"),
        ("POST /mailboxes", json!({ "name": "x", "password": "y" }), 422, "password"),
        ("PATCH /mailboxes/support", json!({ "seen": "sometimes" }), 422, "seen"),
        ("POST /mailboxes/support/kind", json!({ "kind": "list" }), 422, "kind"),
        ("POST /roles", json!({ "id": "$x" }), 422, "id"),
        ("POST /roles", json!({ "id": "Mailbox - Support" }), 409, "id"),
        ("POST /roles", json!({ "id": "x", "members": ["nobody"] }), 422, "members"),
        ("POST /roles", json!({ "id": "x", "members": ["support"] }), 422, "members"),
        ("PATCH /roles/Mailbox%20-%20Support", json!({ "type": "assignment" }), 409, "type"),
        ("PUT /grants", json!({ "mailbox": "support", "user": "bob", "rights": ["everything"] }), 422, "rights"),
        ("PUT /grants", json!({ "mailbox": "support", "user": "bob", "rights": [] }), 422, "rights"),
        ("PUT /grants", json!({ "mailbox": "support", "user": "nobody", "rights": ["send.as"] }), 422, "user"),
        ("PUT /grants", json!({ "mailbox": "support", "role": "nothing", "rights": ["send.as"] }), 422, "role"),
        (
            "PUT /grants",
            json!({ "mailbox": "support", "user": "bob", "role": "x", "rights": ["send.as"] }),
            422,
            "user",
        ),
        (
            "PUT /grants",
            json!({ "mailbox": "support", "user": "bob", "folder": 999, "rights": ["message.read"] }),
            422,
            "folder",
        ),
        (
            "PUT /grants",
            json!({ "mailbox": "support", "user": "bob", "folder": 1, "rights": ["send.as"] }),
            422,
            "rights",
        ),
        ("PUT /plan", json!({ "shared_mailboxes": { "included": 3, "maximum": 2 } }), 422, "shared_mailboxes.included"),
        (
            "PUT /plan",
            json!({ "shared_mailboxes": { "included": -3, "maximum": 2 } }),
            422,
            "shared_mailboxes.included",
        ),
        ("POST /application-passwords", json!({ "label": "" }), 422, "label"),
    ];
    for (line, body, status, field) in cases {
        let answer = desk.ask("alice", line, Some(body.clone())).await;
        assert_eq!(answer.refusal(), (status, field.to_owned()), "{line} {body}: {}", answer.text);
    }
    assert_eq!(
        desk.ask("alice", "GET /explain?user=bob&mailbox=support&right=x", None).await.refusal(),
        (422, "right".to_owned())
    );
    assert_eq!(
        desk.ask("alice", "GET /explain?user=no&mailbox=support", None).await.refusal(),
        (404, "user".to_owned())
    );
    assert_eq!(desk.ask("alice", "GET /explain?user=bob", None).await.refusal().0, 422);
}

#[tokio::test]
async fn what_is_no_request_is_said_so() {
    use axum::body::Body;
    use axum::http::Request;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(on_sqlite(folder.path()).await).await;
    assert_eq!(desk.ask("alice", "GET /nothing", None).await.refusal().0, 404);
    assert_eq!(desk.ask("alice", "DELETE /plan", None).await.status, 405);
    let post = |kind: &str, body: String| {
        use base64::Engine;
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("alice:{}", super::PASSWORD));
        let request = Request::post("/api/v1/domains").header("authorization", format!("Basic {basic}"));
        let mut request = request.header("content-type", kind).body(Body::from(body)).unwrap();
        let address = "192.0.2.1".parse().unwrap();
        request.extensions_mut().insert(crate::Peer { address, protected: true });
        request
    };
    let cases = [
        ("text/plain", r#"{"name": "example.net"}"#.to_owned(), 415),
        ("application/x-www-form-urlencoded", "name=example.net".to_owned(), 415),
        ("application/json", "{".to_owned(), 400),
        ("application/json", r#"{"name": "example.net"} and more"#.to_owned(), 400),
        ("application/json", format!(r#"{{"name": "{}"}}"#, "x".repeat(20_000)), 413),
    ];
    for (kind, body, status) in cases {
        assert_eq!(desk.send(post(kind, body)).await.refusal().0, status, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn managers_see_their_mailboxes_and_who_can_do_what_there() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let names = async |who: &'static str| {
            let listed = desk.ask(who, "GET /mailboxes", None).await.json();
            listed.as_array().unwrap().iter().map(|mailbox| mailbox["name"].clone()).collect::<Vec<Value>>()
        };
        assert_eq!(names("alice").await, ["support"]);
        assert_eq!(names("carol").await, ["support"]);
        assert!(names("bob").await.is_empty());

        let people = desk.ask("carol", "GET /mailboxes/support/people", None).await.json();
        let from: Vec<(&str, &Value)> =
            people.as_array().unwrap().iter().map(|one| (one["name"].as_str().unwrap(), &one["from"])).collect();
        assert_eq!(from, [("bob", &json!(["role Mailbox - Support"])), ("carol", &json!(["direct grant"]))]);
        assert!(people[0]["rights"].as_array().unwrap().contains(&json!("send.as")));

        let folders = desk.ask("carol", "GET /mailboxes/support/folders", None).await.json();
        assert_eq!(
            (&folders[0]["path"], &folders[0]["messages"], &folders[0]["size"]),
            (&json!("Inbox"), &json!(0), &json!(0))
        );

        let rights = desk.ask("bob", "GET /rights", None).await.json();
        assert_eq!(rights["presets"][0]["name"], "agent");
        assert_eq!(
            rights["rights"][1],
            json!({ "right": "message.read", "gives": "read messages", "narrowable": true })
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_is_filtered_and_a_wrong_filter_is_named() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let grant = json!({ "mailbox": "support", "user": "mallory", "rights": ["preset:viewer"] });
        desk.ask("carol", "PUT /grants", Some(grant)).await.json();
        let found = async |query: &str| {
            let rows = desk.ask("alice", &format!("GET /audit?{query}"), None).await.json();
            rows.as_array()
                .unwrap()
                .iter()
                .map(|row| row["action"].as_str().unwrap().to_owned())
                .collect::<Vec<String>>()
        };
        assert_eq!(found("person=carol").await, ["grant.set"]);
        assert_eq!(found("person=carol&door=imap").await.len(), 0);
        assert_eq!(found("person=carol&action=GRANT&outcome=done&mailbox=support").await, ["grant.set"]);
        assert_eq!(found("person=carol&until=1").await.len(), 0);
        assert_eq!(found("person=carol&since=1").await.len(), 1);
        for (query, field) in [("person=nobody", "person"), ("door=window", "door"), ("outcome=well", "outcome")] {
            let refused = desk.ask("alice", &format!("GET /audit?{query}"), None).await;
            assert_eq!(refused.refusal(), (422, field.to_owned()));
        }
    })
    .await;
}
