//! Tokens, from a provider in this process.

use super::remote::Remote;
use super::{Example, messages, settings};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use postroom_directory::{AccountSecret, NewInbound, Secret, secret_row};
use postroom_model::{Actor, AfterFetch, FetchProtocol, InboundSettings, TokenGrant, TokenMechanism, TokenSource};
use postroom_store::inbound_services;
use postroom_store::testing::on_sqlite;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

type Form = BTreeMap<String, String>;

/// Gives what `answer` says, and keeps what it was asked.
async fn provider(answer: &'static str) -> (String, Arc<Mutex<Vec<Form>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/token", listener.local_addr().expect("an address"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = String::new();
            let mut chunk = [0; 4096];
            let body = loop {
                let count = stream.read(&mut chunk).await.expect("read");
                text.push_str(&String::from_utf8_lossy(&chunk[..count]));
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length =
                    head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                if body.len() >= length.unwrap_or(0usize) {
                    break body.to_owned();
                }
            };
            kept.lock().expect("locked").push(form(&body));
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(format!("{head}{answer}").as_bytes()).await.expect("written");
        }
    });
    (url, asked)
}

fn form(body: &str) -> Form {
    let decode = |text: &str| {
        let mut octets = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                octets.push(u8::from_str_radix(&digits, 16).expect("two digits"));
            } else {
                octets.push(byte);
            }
        }
        String::from_utf8(octets).expect("UTF-8")
    };
    body.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decode(name), decode(value))).collect()
}

fn with_tokens(remote: &Remote, url: &str, grant: TokenGrant) -> InboundSettings {
    let mut settings = settings(remote.address, FetchProtocol::Imap, AfterFetch::Delete);
    settings.tokens = Some(TokenSource {
        grant,
        token_url: url.to_owned(),
        authorize_url: None,
        client_id: "client & co".to_owned(),
        scope: "mail".to_owned(),
        mechanism: TokenMechanism::Xoauth2,
    });
    settings
}

async fn example(settings: InboundSettings, secret: AccountSecret) -> (Example, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let example = Example::new(on_sqlite(folder.path()).await, settings.clone()).await;
    let new = NewInbound { settings, secret: Some(secret) };
    let changed = example.directory.update_inbound_service(Actor::operator(), example.mailbox, example.service, new);
    changed.await.expect("changed");
    (example, folder)
}

async fn kept(example: &Example) -> AccountSecret {
    let id = example.service;
    let sealed = example.store.read(move |tx| inbound_services::secret(tx, id)).await.expect("read").expect("there");
    AccountSecret::open(example.directory.sealing(), &secret_row(id), &sealed).expect("opened")
}

#[tokio::test]
async fn a_refresh_token_gives_tokens_and_is_replaced() {
    let answer = r#"{"access_token":"the token","expires_in":3600,"refresh_token":"second"}"#;
    let (url, asked) = provider(answer).await;
    let remote = Remote::start(FetchProtocol::Imap).await;
    remote.add(&messages(2));
    let secret = AccountSecret { refresh_token: Some(Secret::new("first")), ..AccountSecret::default() };
    let (example, _folder) = example(with_tokens(&remote, &url, TokenGrant::AuthorizationCode), secret).await;
    example.run_until(&remote, "two", |there, here| there.messages.is_empty() && here == 2).await;
    let sent = STANDARD.encode("user=remote\x01auth=Bearer the token\x01\x01");
    assert!(remote.lock().commands.contains(&format!("AUTHENTICATE XOAUTH2 {sent}")), "{:?}", remote.lock().commands);
    assert_eq!(kept(&example).await.refresh_token, Some(Secret::new("second")));
    // A token that lasts is used again.
    remote.add(&messages(1));
    example.run_until(&remote, "one more", |there, here| there.messages.is_empty() && here == 3).await;
    let asked = asked.lock().expect("locked").clone();
    let expected =
        [("client_id", "client & co"), ("grant_type", "refresh_token"), ("refresh_token", "first"), ("scope", "mail")];
    let expected: Form = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(asked, [expected]);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let (url, asked) = provider(r#"{"access_token":"short","expires_in":200}"#).await;
    let remote = Remote::start(FetchProtocol::Imap).await;
    let secret = AccountSecret { client_secret: Some(Secret::new("s+/")), ..AccountSecret::default() };
    let (example, _folder) = example(with_tokens(&remote, &url, TokenGrant::ClientCredentials), secret).await;
    for _ in 0..2 {
        example.fetch.test(&example.facts().await).await.expect("tested");
    }
    let asked = asked.lock().expect("locked").clone();
    assert_eq!(asked.len(), 2, "less than five minutes are left");
    assert_eq!((asked[0]["grant_type"].as_str(), asked[0]["client_secret"].as_str()), ("client_credentials", "s+/"));
}

#[tokio::test]
async fn a_service_account_signs_a_statement() {
    let (url, asked) = provider(r#"{"access_token":"the token"}"#).await;
    let remote = Remote::start(FetchProtocol::Imap).await;
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("DER");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
    let secret = AccountSecret { private_key: Some(Secret::new(pem)), ..AccountSecret::default() };
    let (example, _folder) = example(with_tokens(&remote, &url, TokenGrant::ServiceAccount), secret).await;
    example.fetch.test(&example.facts().await).await.expect("tested");
    let asked = asked.lock().expect("locked").clone();
    assert_eq!(asked[0]["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let (signed, signature) = asked[0]["assertion"].rsplit_once('.').expect("three parts");
    let public = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).expect("DER");
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.as_ref());
    key.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).expect("Base64")).expect("signed by it");
    let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').expect("two parts").1).expect("Base64");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!((claims["iss"].as_str(), claims["sub"].as_str()), (Some("client & co"), Some("remote")));
    assert_eq!(claims["aud"], url.as_str());
    assert_eq!(claims["exp"].as_i64().expect("a time") - claims["iat"].as_i64().expect("a time"), 3600);
}

#[tokio::test]
async fn a_refusal_is_said_in_the_providers_words() {
    let (url, _) = provider(r#"{"error":"invalid_grant","error_description":"The refresh token has expired."}"#).await;
    let remote = Remote::start(FetchProtocol::Imap).await;
    let secret = AccountSecret { refresh_token: Some(Secret::new("old")), ..AccountSecret::default() };
    let (example, _folder) = example(with_tokens(&remote, &url, TokenGrant::AuthorizationCode), secret).await;
    let refused = example.fetch.test(&example.facts().await).await.expect_err("refused").to_string();
    assert_eq!(refused, "no token was given: invalid_grant: The refresh token has expired.");
    assert_eq!(remote.lock().connections, 0);
}

#[tokio::test]
async fn a_person_consents_in_the_browser() {
    let (url, asked) = provider(r#"{"access_token":"the token","expires_in":3600,"refresh_token":"lasting"}"#).await;
    let remote = Remote::start(FetchProtocol::Imap).await;
    remote.add(&messages(1));
    let mut settings = with_tokens(&remote, &url, TokenGrant::AuthorizationCode);
    settings.tokens.as_mut().expect("tokens").authorize_url = Some("https://provider.example/authorize".to_owned());
    let secret = AccountSecret { client_secret: Some(Secret::new("s")), ..AccountSecret::default() };
    let (example, _folder) = example(settings.clone(), secret).await;
    let back = "https://mail.example.org/api/v1/inbound-services/consented";
    let carol = Actor::person(example.directory.org().by_name("carol").expect("there").id, postroom_model::Door::Admin);
    let address =
        example.directory.begin_consent(carol, example.mailbox, example.service, back).await.expect("an address");
    let query = form(address.strip_prefix("https://provider.example/authorize?").expect("the provider"));
    assert_eq!((query["response_type"].as_str(), query["redirect_uri"].as_str()), ("code", back));
    let consented = example.directory.consented(&query["state"]).await.expect("it is known");
    let secret = example.fetch.redeem(&consented, "the code").await.expect("redeemed");
    let first = asked.lock().expect("locked")[0].clone();
    assert_eq!((first["code"].as_str(), first["client_secret"].as_str()), ("the code", "s"));
    let challenge = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, first["code_verifier"].as_bytes());
    assert_eq!(query["code_challenge"], URL_SAFE_NO_PAD.encode(challenge));
    let new = NewInbound { settings, secret: Some(secret) };
    example.directory.update_inbound_service(carol, example.mailbox, example.service, new).await.expect("kept");
    assert_eq!(kept(&example).await.refresh_token, Some(Secret::new("lasting")));
    // Anybody else's state is none.
    let mut forged = query["state"].clone().into_bytes();
    forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };
    assert!(example.directory.consented(&String::from_utf8(forged).expect("UTF-8")).await.is_err());
}
