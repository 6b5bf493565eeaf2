//! The first administrator.

use super::Desk;
use super::sessions::Browser;
use postroom_model::{Actor, Privilege};
use postroom_store::testing::on_both;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_link_makes_an_administrator_and_signs_them_in() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let mut browser = Browser::default();
        let setup = |token: &str| {
            json!({ "token": token, "name": "dora", "address": "dora@new.example", "password": "long enough" })
        };
        assert_eq!(browser.ask(&desk, "GET /setup", None).await.json(), json!({ "open": false }));
        let closed = browser.ask(&desk, "POST /setup", Some(setup("x"))).await;
        assert_eq!(closed.refusal(), (403, "token".into()));

        let alice = desk.directory.org().person("alice").unwrap().id;
        let change = postroom_directory::UpdateMailbox {
            privilege: Some(Privilege::User),
            ..postroom_directory::UpdateMailbox::default()
        };
        desk.directory.update_mailbox(Actor::operator(), alice, change).await.unwrap();
        let token = desk.directory.open_setup().unwrap().expect("no administrator is left");
        assert_eq!(browser.ask(&desk, "GET /setup", None).await.json(), json!({ "open": true }));
        let mut taken = setup(token.expose());
        taken["name"] = json!("bob");
        assert_eq!(browser.ask(&desk, "POST /setup", Some(taken)).await.refusal(), (409, "name".into()));
        let mut bad = setup(token.expose());
        bad["address"] = json!("dora");
        assert_eq!(browser.ask(&desk, "POST /setup", Some(bad)).await.refusal(), (422, "address".into()));
        let made = browser.ask(&desk, "POST /setup", Some(setup(token.expose()))).await.json();
        assert_eq!((&made["name"], &made["privilege"]), (&json!("dora"), &json!("admin")));
        assert_eq!(browser.ask(&desk, "GET /users", None).await.status, 200, "signed in, and an administrator");
        let again = browser.ask(&desk, "POST /setup", Some(setup(token.expose()))).await;
        assert_eq!(again.refusal().0, 403, "the link holds once");
    })
    .await;
}
