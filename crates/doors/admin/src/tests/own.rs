//! What everybody may do for themselves.

use super::Desk;
use postroom_store::testing::on_both;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn application_passwords_are_everybodys_own() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let made = desk.ask("bob", "POST /application-passwords", Some(json!({ "label": "Desk" }))).await.json();
        let secret = made["password"].as_str().unwrap().to_owned();
        let line = format!("DELETE /application-passwords/{}", made["id"]);

        let session = desk.ask_as(Some(("bob@example.org", &secret)), true, "GET /session", None).await.json();
        assert_eq!((&session["name"], &session["mailboxes"]), (&json!("bob"), &json!(["bob", "support"])));
        let listed = desk.ask("bob", "GET /application-passwords", None).await.json();
        assert_eq!((&listed[0]["label"], listed[0].get("password")), (&json!("Desk"), None));

        // A stolen application password must not become the account's.
        let new = Some(json!({ "password": "taken over" }));
        let refused = desk.ask_as(Some(("bob", &secret)), true, "PUT /users/bob/password", new).await;
        assert_eq!(refused.refusal().0, 403);

        assert_eq!(desk.ask("mallory", &line, None).await.refusal().0, 404, "it is not hers");
        assert_eq!(desk.ask("bob", &line, None).await.status, 204);
        assert_eq!(desk.ask_as(Some(("bob", &secret)), true, "GET /session", None).await.refusal().0, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_with_the_old_one() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let new = Some(json!({ "password": "a new one" }));
        assert_eq!(desk.ask("bob", "PUT /users/bob/password", new).await.status, 204);
        assert_eq!(desk.ask("bob", "GET /session", None).await.refusal().0, 401);
        assert_eq!(desk.ask_as(Some(("bob", "a new one")), true, "GET /session", None).await.status, 200);
    })
    .await;
}
