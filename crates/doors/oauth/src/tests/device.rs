//! A device without a browser.

use super::Desk;
use crate::token::DEVICE_GRANT;
use postroom_model::Door;
use postroom_store::testing::on_both;

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_let_in_from_a_browser() {
    on_both(|store| async {
        let mut desk = Desk::open(store).await;
        let client = desk.register().await;
        let begun = desk.call("/oauth/device_authorization", &[("client_id", &client), ("scope", "mail")]).await.json();
        assert_eq!(begun["verification_uri"], "https://mail.example.org/oauth/device");
        let (device_code, user_code) = (begun["device_code"].as_str().unwrap(), begun["user_code"].as_str().unwrap());
        let poll = [("grant_type", DEVICE_GRANT), ("client_id", client.as_str()), ("device_code", device_code)];
        assert_eq!(desk.call("/oauth/token", &poll).await.json()["error"], "authorization_pending");
        assert_eq!(desk.call("/oauth/token", &poll).await.json()["error"], "slow_down");

        let link = format!("/oauth/device?user_code={user_code}");
        assert!(desk.browse(&link).await.text.contains("type=\"password\""));
        assert_eq!(desk.sign_in(&link).await.location(), link);
        let page = desk.browse(&link).await;
        assert!(page.text.contains("Mail &lt;b&gt;") && page.text.contains(user_code), "{}", page.text);
        assert_eq!(desk.browse("/oauth/device?user_code=BCDFGHJK").await.status, 404);
        let answer = desk.submit("/oauth/device", &[("user_code", user_code), ("answer", "allow")]).await;
        assert_eq!(answer.status, 200);
        // The device may ask every five seconds; a second device is let in meanwhile, and asks for the first time.
        let begun = desk.call("/oauth/device_authorization", &[("client_id", &client), ("scope", "mail")]).await.json();
        let user_code = begun["user_code"].as_str().unwrap();
        desk.submit("/oauth/device", &[("user_code", user_code), ("answer", "allow")]).await;
        let device_code = begun["device_code"].as_str().unwrap();
        let poll = [("grant_type", DEVICE_GRANT), ("client_id", client.as_str()), ("device_code", device_code)];
        let tokens = desk.call("/oauth/token", &poll).await.json();
        assert!(desk.enter(&tokens["access_token"], Door::Imap).await.is_ok());
        assert_eq!(desk.call("/oauth/token", &poll).await.json()["error"], "expired_token");
    })
    .await;
}
