//! What is refused, and how.

use super::{Desk, PASSWORD, asked, borrowed, form, parameter};
use axum::body::Body;
use axum::http::Request;
use postroom_store::testing::on_both;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_is_never_sent_to_a_foreign_address() {
    on_both(|store| async {
        let mut desk = Desk::open(store).await;
        let client = desk.register().await;
        desk.sign_in("/oauth/device").await;
        let with = |name: &str, value: &str| {
            let mut fields = asked(&client);
            fields.iter_mut().filter(|field| field.0 == name).for_each(|field| field.1 = value.to_owned());
            form(&borrowed(&fields))
        };
        for (name, value) in [("client_id", "unknown"), ("redirect_uri", "https://evil.example/"), ("redirect_uri", "")]
        {
            let page = desk.browse(&format!("/oauth/authorize?{}", with(name, value))).await;
            assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None), "{name}={value}");
        }
        for (name, value, error) in [
            ("response_type", "token", "unsupported_response_type"),
            ("scope", "root", "invalid_scope"),
            ("scope", "", "invalid_scope"),
            ("code_challenge", "", "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
        ] {
            let back = desk.browse(&format!("/oauth/authorize?{}", with(name, value))).await.location();
            assert!(back.starts_with("https://app.example/done?"), "{back}");
            let found = parameter(&back, "error").map(|error| error.replace("%5F", "_"));
            assert_eq!(found.as_deref(), Some(error), "{name}={value}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_answers_for_the_person() {
    on_both(|store| async {
        let mut desk = Desk::open(store).await;
        let client = desk.register().await;
        let fields = [("login", "bob"), ("password", PASSWORD), ("next", "/oauth/device")];
        let forged = desk.submit_from("https://evil.example", "/oauth/sign-in", &fields).await;
        assert_eq!((forged.status.as_u16(), desk.cookie.clone()), (403, None));
        for next in ["https://evil.example/", "//evil.example/", "/oauth/\\evil", "/elsewhere"] {
            let sent = desk.submit("/oauth/sign-in", &[("login", "bob"), ("password", PASSWORD), ("next", next)]).await;
            assert_eq!(sent.status, 400, "{next}");
        }
        let wrong =
            desk.submit("/oauth/sign-in", &[("login", "bob"), ("password", "x"), ("next", "/oauth/device")]).await;
        assert_eq!(wrong.status, 401);
        let nobody =
            desk.submit("/oauth/sign-in", &[("login", "bo\"<b"), ("password", "x"), ("next", "/oauth/device")]).await;
        assert!(nobody.status == 401 && nobody.text.contains("bo&quot;&lt;b") && !nobody.text.contains("<b\""));

        let mut decision = asked(&client);
        decision.push(("answer".to_owned(), "allow".to_owned()));
        assert_eq!(desk.submit("/oauth/authorize", &borrowed(&decision)).await.status, 401, "nobody is signed in");
        desk.sign_in("/oauth/device").await;
        let forged = desk.submit_from("https://evil.example", "/oauth/authorize", &borrowed(&decision)).await;
        assert_eq!(forged.status, 403);
        decision.last_mut().unwrap().1 = "deny".to_owned();
        let back = desk.submit("/oauth/authorize", &borrowed(&decision)).await.location();
        assert_eq!(parameter(&back, "error").as_deref(), Some("access%5Fdenied"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_told_what_is_wrong() {
    on_both(|store| async {
        let mut desk = Desk::open(store).await;
        let client = desk.register().await;
        let client = client.as_str();
        for (fields, status, error) in [
            (vec![], 401, "invalid_client"),
            (vec![("client_id", "unknown"), ("grant_type", "refresh_token")], 401, "invalid_client"),
            (vec![("client_id", client)], 400, "unsupported_grant_type"),
            (vec![("client_id", client), ("grant_type", "password")], 400, "unsupported_grant_type"),
            (vec![("client_id", client), ("grant_type", "authorization_code")], 400, "invalid_grant"),
            (vec![("client_id", client), ("grant_type", "refresh_token")], 400, "invalid_grant"),
            (vec![("client_id", client), ("grant_type", "refresh_token"), ("scope", "x")], 400, "invalid_scope"),
        ] {
            let answer = desk.call("/oauth/token", &fields).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (status, &json!(error)), "{fields:?}");
        }
        let register = async |desk: &mut Desk, wanted: Value| {
            let request = Request::post("/oauth/register").header("content-type", "application/json");
            desk.send(request.body(Body::from(wanted.to_string())).unwrap()).await
        };
        for (wanted, error) in [
            (json!({}), "invalid_client_metadata"),
            (json!({ "client_name": "x", "redirect_uris": "y" }), "invalid_client_metadata"),
            (json!({ "client_name": "x", "redirect_uris": ["javascript:alert(1)"] }), "invalid_redirect_uri"),
            (
                json!({ "client_name": "x", "token_endpoint_auth_method": "client_secret_basic" }),
                "invalid_client_metadata",
            ),
        ] {
            let answer = register(&mut desk, wanted.clone()).await;
            assert!(answer.status.is_client_error() && answer.json()["error"] == error, "{wanted}: {}", answer.text);
        }
        let long = "x".repeat(100_000);
        assert_eq!(desk.call("/oauth/token", &[("client_id", &long)]).await.status, 413);
    })
    .await;
}
