//! From the client's link to tokens, and their end.

use super::{Desk, REDIRECT, VERIFIER, asked, borrowed, form, parameter};
use postroom_model::Door;
use postroom_store::testing::on_both;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_lets_a_program_in() {
    on_both(|store| async {
        let mut desk = Desk::open(store).await;
        let client = desk.register().await;
        let fields = asked(&client);
        let link = format!("/oauth/authorize?{}", form(&borrowed(&fields)));

        let page = desk.browse(&link).await;
        assert!(page.status == 200 && page.text.contains("type=\"password\"") && !page.text.contains("<script"));
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        let next = desk.sign_in(&link).await.location();
        assert_eq!(next, link);

        let page = desk.browse(&next).await;
        assert!(
            page.text.contains("Mail &lt;b&gt;") && page.text.contains("send mail under every address"),
            "{}",
            page.text
        );
        let mut decision = borrowed(&fields);
        decision.push(("answer", "allow"));
        let back = desk.submit("/oauth/authorize", &decision).await.location();
        assert!(back.starts_with(&format!("{REDIRECT}?code=")), "{back}");
        assert_eq!(parameter(&back, "state").as_deref(), Some("a%20state%26"));
        assert_eq!(parameter(&back, "iss").as_deref(), Some("https%3A%2F%2Fmail%2Eexample%2Eorg"));

        let code = parameter(&back, "code").unwrap().replace("%2D", "-").replace("%5F", "_");
        let redeem = [
            ("grant_type", "authorization_code"),
            ("client_id", client.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let answer = desk.call("/oauth/token", &redeem).await;
        assert_eq!(answer.headers["cache-control"], "no-store");
        let tokens = answer.json();
        assert_eq!((&tokens["token_type"], &tokens["scope"]), (&json!("Bearer"), &json!("mail submission")));
        assert!(desk.enter(&tokens["access_token"], Door::Imap).await.is_ok());

        let refresh = tokens["refresh_token"].as_str().unwrap();
        let renew = [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("refresh_token", refresh)];
        let renewed = desk.call("/oauth/token", &renew).await.json();
        assert!(desk.enter(&renewed["access_token"], Door::Submission).await.is_ok());
        assert_eq!(desk.call("/oauth/token", &redeem).await.json()["error"], "invalid_grant", "the code came twice");
        assert!(desk.enter(&renewed["access_token"], Door::Submission).await.is_err(), "so all of it has ended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_ends_what_it_was_given() {
    on_both(|store| async {
        let mut desk = Desk::open(store).await;
        let client = desk.register().await;
        desk.sign_in("/oauth/device").await;
        let mut decision = asked(&client);
        decision.push(("answer".to_owned(), "allow".to_owned()));
        let back = desk.submit("/oauth/authorize", &borrowed(&decision)).await.location();
        let code = parameter(&back, "code").unwrap().replace("%2D", "-").replace("%5F", "_");
        let redeem = [
            ("grant_type", "authorization_code"),
            ("client_id", client.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let tokens = desk.call("/oauth/token", &redeem).await.json();
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(desk.call("/oauth/revoke", &[("token", "none of ours"), ("client_id", &client)]).await.status, 200);
        assert_eq!(desk.call("/oauth/revoke", &[("token", token), ("client_id", "x")]).await.status, 401);
        assert!(desk.enter(&tokens["access_token"], Door::Imap).await.is_ok());
        assert_eq!(desk.call("/oauth/revoke", &[("token", token), ("client_id", &client)]).await.status, 200);
        assert!(desk.enter(&tokens["access_token"], Door::Imap).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metadata_name_what_is_there() {
    on_both(|store| async {
        let mut desk = Desk::open(store).await;
        let metadata = desk.browse("/.well-known/oauth-authorization-server").await.json();
        assert_eq!(metadata["issuer"], "https://mail.example.org");
        let endpoints = metadata.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("_endpoint"));
        for (name, address) in endpoints {
            let path = address.as_str().unwrap().strip_prefix("https://mail.example.org").unwrap();
            let found = desk.browse(path).await.status;
            assert!(found != 404, "{name} {path}: {found}");
        }
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    })
    .await;
}
