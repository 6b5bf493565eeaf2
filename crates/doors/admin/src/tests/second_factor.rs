//! Setting up a second factor, and signing in with it.

use super::sessions::Browser;
use super::{Desk, PASSWORD};
use postroom_store::testing::on_both;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder};

/// What the app shows `steps` from now.
fn app(secret: &Value, steps: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.as_str().unwrap()).unwrap();
    let app = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build_noncompliant();
    let now = postroom_model::Clock::now(&postroom_model::SystemClock).seconds();
    app.generate(u64::try_from(now).unwrap() + steps * 30).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_needs_the_code_and_programs_an_application_password() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let mut browser = Browser::signed_in(&desk, "bob").await;
        let line = "POST /second-factor";
        assert_eq!(browser.ask(&desk, line, Some(json!({}))).await.refusal(), (422, "current_password".into()));
        let proof = json!({ "current_password": PASSWORD });
        let enrolled = browser.ask(&desk, line, Some(proof.clone())).await.json();
        assert!(enrolled["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
        let confirm = "POST /second-factor/confirm";
        let wrong = browser.ask(&desk, confirm, Some(json!({ "code": "x" }))).await;
        assert_eq!(wrong.refusal(), (422, "code".into()));
        let code = app(&enrolled["secret"], 0);
        let codes = browser.ask(&desk, confirm, Some(json!({ "code": code }))).await.json();
        assert_eq!(codes["recovery_codes"].as_array().unwrap().len(), 10);
        let state = browser.ask(&desk, "GET /second-factor", None).await.json();
        assert_eq!(state, json!({ "in_force": true, "recovery_codes_left": 10 }));

        assert_eq!(desk.ask("bob", "GET /session", None).await.refusal().0, 401, "Basic with the account's password");
        let body = json!({ "login": "bob", "password": PASSWORD });
        let asked = Browser::default().ask(&desk, "POST /session", Some(body.clone())).await;
        assert_eq!(asked.refusal(), (401, "code".into()));
        let sign_in = async |code: &str| {
            let mut body = body.clone();
            body["code"] = json!(code);
            Browser::default().ask(&desk, "POST /session", Some(body)).await
        };
        assert_eq!(sign_in("000").await.refusal(), (401, "code".into()));
        assert_eq!(sign_in(&app(&enrolled["secret"], 1)).await.status, 200);
        assert_eq!(sign_in(codes["recovery_codes"][0].as_str().unwrap()).await.status, 200);

        let renewed = browser.ask(&desk, "POST /second-factor/recovery-codes", Some(proof.clone())).await.json();
        assert_eq!(sign_in(codes["recovery_codes"][1].as_str().unwrap()).await.refusal().0, 401);
        assert_eq!(sign_in(renewed["recovery_codes"][1].as_str().unwrap()).await.status, 200);

        let remove = "POST /second-factor/remove";
        let theirs = json!({ "user": "bob" });
        assert_eq!(desk.ask("mallory", remove, Some(theirs.clone())).await.refusal().0, 403);
        assert_eq!(browser.ask(&desk, remove, Some(json!({}))).await.refusal(), (422, "current_password".into()));
        assert_eq!(desk.ask("alice", remove, Some(theirs)).await.status, 204, "an administrator helps out");
        assert_eq!(desk.ask("bob", "GET /session", None).await.status, 200);
        assert_eq!(browser.ask(&desk, remove, Some(proof)).await.refusal().0, 409, "there is none any more");
    })
    .await;
}
