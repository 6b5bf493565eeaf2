//! Every endpoint, asked by everybody: nobody signed in, somebody who has nothing to do with it, a member, the
//! manager, the administrator. The table must have a line for each endpoint of the document.

use super::{Answer, Desk};
use postroom_store::testing::on_both;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An endpoint as the document calls it, a request to it, and the answers to mallory (a stranger to support), bob (a
/// member), carol (its manager) and alice (the administrator), in that order.
struct Line(&'static str, &'static str, Option<Value>, [u16; 4]);

fn table() -> Vec<Line> {
    let support = || Some(json!({ "display_name": "Help" }));
    let grant = json!({ "mailbox": "support", "user": "mallory", "rights": ["preset:viewer"] });
    vec![
        Line("GET /session", "GET /session", None, [200; 4]),
        Line("GET /domains", "GET /domains", None, [403, 403, 403, 200]),
        Line("POST /domains", "POST /domains", Some(json!({ "name": "example.net" })), [403, 403, 403, 201]),
        Line("DELETE /domains/{domain}", "DELETE /domains/example.net", None, [403, 403, 403, 204]),
        Line("GET /users", "GET /users", None, [403, 403, 403, 200]),
        Line("GET /users/{user}", "GET /users/bob", None, [403, 403, 403, 200]),
        Line("POST /users", "POST /users", Some(json!({ "name": "dan" })), [403, 403, 403, 201]),
        Line("PATCH /users/{user}", "PATCH /users/dan", support(), [403, 403, 403, 200]),
        Line(
            "PUT /users/{user}/password",
            "PUT /users/dan/password",
            Some(json!({ "password": "x" })),
            [403, 403, 403, 204],
        ),
        Line("DELETE /users/{user}", "DELETE /users/dan", None, [403, 403, 403, 204]),
        Line("GET /mailboxes", "GET /mailboxes", None, [200; 4]),
        Line("GET /mailboxes/{mailbox}", "GET /mailboxes/support", None, [404, 200, 200, 200]),
        Line("POST /mailboxes", "POST /mailboxes", Some(json!({ "name": "sales" })), [403, 403, 403, 201]),
        Line("GET /mailboxes/{mailbox}/folders", "GET /mailboxes/support/folders", None, [404, 403, 200, 200]),
        Line("GET /mailboxes/{mailbox}/people", "GET /mailboxes/support/people", None, [404, 403, 200, 200]),
        Line("GET /rights", "GET /rights", None, [200; 4]),
        Line("PATCH /mailboxes/{mailbox}", "PATCH /mailboxes/support", support(), [404, 403, 200, 200]),
        Line(
            "POST /mailboxes/{mailbox}/kind",
            "POST /mailboxes/sales/kind",
            Some(json!({ "kind": "room" })),
            [404, 404, 404, 200],
        ),
        Line("DELETE /mailboxes/{mailbox}", "DELETE /mailboxes/sales", None, [404, 404, 404, 204]),
        Line("GET /roles", "GET /roles", None, [403, 403, 403, 200]),
        Line("GET /roles/{role}", "GET /roles/Mailbox%20-%20Support", None, [403, 403, 403, 200]),
        Line("POST /roles", "POST /roles", Some(json!({ "id": "Sales" })), [403, 403, 403, 201]),
        Line("PATCH /roles/{role}", "PATCH /roles/Sales", Some(json!({ "members": ["bob"] })), [403, 403, 403, 200]),
        Line("DELETE /roles/{role}", "DELETE /roles/Sales", None, [403, 403, 403, 204]),
        Line("GET /grants", "GET /grants?mailbox=support", None, [404, 403, 200, 200]),
        Line("PUT /grants", "PUT /grants", Some(grant), [404, 403, 200, 200]),
        Line("GET /explain", "GET /explain?user=bob&mailbox=support", None, [403, 403, 200, 200]),
        Line("DELETE /grants", "DELETE /grants?mailbox=support&user=carol", None, [403, 403, 403, 204]),
        Line("GET /audit", "GET /audit", None, [403, 403, 403, 200]),
        Line("GET /application-passwords", "GET /application-passwords?user=bob", None, [403, 200, 403, 200]),
        Line(
            "POST /application-passwords",
            "POST /application-passwords?user=bob",
            Some(json!({ "label": "x" })),
            [403, 201, 403, 201],
        ),
        Line(
            "DELETE /application-passwords/{id}",
            "DELETE /application-passwords/1?user=alice",
            None,
            [403, 403, 403, 404],
        ),
        Line("GET /queue", "GET /queue", None, [403, 403, 403, 200]),
        Line("GET /queue/{message}", "GET /queue/none", None, [404, 404, 404, 404]),
        Line("POST /queue/{message}/retry", "POST /queue/none/retry", None, [404, 404, 404, 404]),
        Line("POST /queue/{message}/cancel", "POST /queue/none/cancel", None, [404, 404, 404, 404]),
        Line("POST /queue/{message}/send-now", "POST /queue/none/send-now", None, [404, 404, 404, 404]),
        Line("GET /routes", "GET /routes", None, [403, 403, 403, 200]),
        Line(
            "PUT /domains/{domain}/route",
            "PUT /domains/example.org/route",
            Some(json!({ "mode": "direct" })),
            [403, 403, 403, 204],
        ),
        Line("PUT /routes/exceptions", "PUT /routes/exceptions", Some(json!([])), [403, 403, 403, 204]),
        Line("GET /plan", "GET /plan", None, [403, 403, 403, 200]),
        Line("PUT /plan", "PUT /plan", Some(json!({ "shared_mailboxes": null })), [403, 403, 403, 200]),
    ]
}

#[test]
fn the_table_has_a_line_for_every_endpoint() {
    let document: Value = serde_json::from_str(&crate::openapi()).unwrap();
    let mut there = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            there.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let tested: BTreeSet<String> = table().iter().map(|line| line.0.to_owned()).collect();
    assert_eq!(tested, there);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_what_is_theirs() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        for Line(_, line, body, expected) in table() {
            for (who, status) in ["mallory", "bob", "carol", "alice"].into_iter().zip(expected) {
                let answer = desk.ask(who, line, body.clone()).await;
                assert_eq!(answer.status.as_u16(), status, "{who}: {line}: {}", answer.text);
                if status >= 400 {
                    answer.refusal();
                }
                assert_eq!(answer.headers["cache-control"], "no-store");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_anything_without_signing_in() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(postroom_store::testing::on_sqlite(folder.path()).await).await;
    let challenged = |answer: &Answer| answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic ");
    for Line(_, line, body, _) in table() {
        let unsigned = desk.ask_as(None, true, line, body.clone()).await;
        assert_eq!(unsigned.refusal(), (401, String::new()), "{line}");
        assert!(challenged(&unsigned), "{line}");
        let in_clear = desk.ask_as(Some(("alice", super::PASSWORD)), false, line, body).await;
        assert_eq!(in_clear.refusal().0, 403, "{line}");
    }
    // A shared mailbox, an unknown name and a wrong password are refused alike.
    let mut texts = BTreeSet::new();
    for (login, password) in [("support", ""), ("support@example.org", "x"), ("nobody", "x"), ("alice", "x")] {
        let refused = desk.ask_as(Some((login, password)), true, "GET /session", None).await;
        assert_eq!(refused.refusal().0, 401, "{login}");
        texts.insert(refused.text);
    }
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[tokio::test]
async fn what_somebody_may_not_know_of_answers_like_what_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(postroom_store::testing::on_sqlite(folder.path()).await).await;
    let requests = [
        ("GET /mailboxes/NAME", None),
        ("PATCH /mailboxes/NAME", Some(json!({ "display_name": "x" }))),
        ("DELETE /mailboxes/NAME", None),
        ("POST /mailboxes/NAME/kind", Some(json!({ "kind": "room" }))),
        ("GET /grants?mailbox=NAME", None),
        ("PUT /grants", Some(json!({ "mailbox": "NAME", "user": "bob", "rights": ["send.as"] }))),
        ("DELETE /grants?mailbox=NAME&user=bob", None),
        ("GET /audit?mailbox=NAME", None),
        ("GET /explain?user=bob&mailbox=NAME", None),
        ("GET /mailboxes/NAME/folders", None),
        ("GET /mailboxes/NAME/people", None),
        ("PUT /users/NAME/password", Some(json!({ "password": "x" }))),
        ("GET /application-passwords?user=NAME", None),
    ];
    for (line, body) in requests {
        let named = |name: &str| {
            let body = body.as_ref().map(|body| body.to_string().replace("NAME", name));
            (line.replace("NAME", name), body.map(|body| serde_json::from_str(&body).unwrap()))
        };
        let ((hidden, hidden_body), (absent, absent_body)) = (named("support"), named("nothing"));
        let hidden = desk.ask("mallory", &hidden, hidden_body).await;
        let absent = desk.ask("mallory", &absent, absent_body).await;
        assert_eq!((hidden.status, hidden.text), (absent.status, absent.text), "{line}");
    }
}
