//! The queue and the routes.

use super::Desk;
use postroom_model::{Actor, Address, Door};
use postroom_outbound::{Submission, SubmissionRecipient};
use postroom_store::testing::on_both;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_the_queue_shows_to_its_senders_and_is_taken_back() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let bob = desk.outbound.access().org().by_name("bob").expect("bob").id;
        let submission = Submission {
            envelope_from: "support@example.org".to_owned(),
            recipients: vec![SubmissionRecipient {
                address: Address::parse("friend@elsewhere.example").expect("an address"),
                notify: None,
                original: None,
            }],
            raw: b"From: support@example.org\r\n\r\nHi\r\n".to_vec(),
            with: "ESMTPSA",
            tls: None,
            ret: None,
            envelope_id: None,
            utf8: false,
            hold_until: None,
            note: None,
        };
        let name = desk.outbound.submit(Actor::person(bob, Door::Submission), submission).await.expect("taken").id;
        let listed = desk.ask("alice", "GET /queue?state=waiting", None).await.json();
        assert_eq!((&listed[0]["message"], &listed[0]["from"]), (&json!(name), &json!("support@example.org")));
        assert_eq!(listed[0]["recipients"][0]["address"], "friend@elsewhere.example");
        assert_eq!(desk.ask("bob", "GET /queue", None).await.refusal().0, 403);
        assert_eq!(desk.ask("alice", "GET /queue?state=lost", None).await.refusal(), (422, "state".to_owned()));
        let one = format!("/queue/{name}");
        assert_eq!(desk.ask("bob", &format!("GET {one}"), None).await.json()["recipients"][0]["state"], "waiting");
        assert_eq!(desk.ask("mallory", &format!("GET {one}"), None).await.refusal().0, 404);
        assert_eq!(desk.ask("mallory", &format!("POST {one}/cancel"), None).await.refusal().0, 404);
        let cancelled = desk.ask("bob", &format!("POST {one}/cancel"), None).await.json();
        assert_eq!(cancelled["recipients"][0]["state"], "cancelled");
        assert_eq!(desk.ask("bob", &format!("POST {one}/cancel"), None).await.refusal().0, 409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_are_set_and_shown_without_their_passwords() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let host = json!({ "mode": "smart_host", "host": "relay.example.net", "username": "postroom", "password": "geheim" });
        assert_eq!(desk.ask("alice", "PUT /domains/example.org/route", Some(host)).await.status, 204);
        let except = json!([{ "sender": "support", "recipient": ".partner.example", "route": { "mode": "direct" } }]);
        assert_eq!(desk.ask("alice", "PUT /routes/exceptions", Some(except)).await.status, 204);
        let shown = desk.ask("alice", "GET /routes", None).await.json();
        assert_eq!((&shown[0]["sender"], &shown[0]["route"]["mode"]), (&json!("support"), &json!("direct")));
        let route = &shown[1]["route"];
        assert_eq!((&route["port"], &route["encryption"]), (&json!(587), &json!("starttls")));
        assert!(!shown.to_string().contains("geheim"));
        let put = async |body| desk.ask("alice", "PUT /domains/example.org/route", Some(body)).await;
        // The password stays where host and user name do.
        let kept = json!({ "mode": "smart_host", "host": "relay.example.net", "port": 2587, "username": "postroom" });
        assert_eq!(put(kept).await.status, 204);
        for (body, field) in [
            (json!({ "mode": "smart_host" }), "host"),
            (json!({ "mode": "smart_host", "host": "a b" }), "host"),
            (json!({ "mode": "smart_host", "host": "other.example.net", "username": "x" }), "password"),
            (json!({ "mode": "smart_host", "host": "x.example", "username": "x", "password": "y", "encryption": "none" }), "encryption"),
            (json!({ "mode": "pigeon" }), "mode"),
        ] {
            assert_eq!(put(body.clone()).await.refusal(), (422, field.to_owned()), "{body}");
        }
        assert_eq!(desk.ask("bob", "GET /routes", None).await.refusal().0, 403);
    })
    .await;
}
