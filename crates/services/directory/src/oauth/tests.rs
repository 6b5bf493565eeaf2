//! Codes, tokens and devices: what opens, what ends, and that nothing opens twice.

use super::{
    Client, ClientError, CodeError, CodeRequest, DeviceError, NewClient, PollError, Scope, Scopes, TokenError, Tokens,
};
use crate::tests::{Desk, OPERATOR, on_desks, person};
use crate::{Credential, EnterError, Secret, SignedIn};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postroom_model::{Door, MailboxKind};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REDIRECT: &str = "com.example.mail:/done";

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes()))
}

fn request() -> CodeRequest {
    let scopes = Scopes::default().with(Scope::Mail).with(Scope::Submission);
    CodeRequest { redirect_uri: REDIRECT.to_owned(), scopes, challenge: challenge(VERIFIER) }
}

impl Desk {
    async fn app(&self) -> Client {
        let new = NewClient { name: "Mail".to_owned(), redirect_uris: vec![REDIRECT.to_owned()] };
        self.directory.register_client(new).await.expect("registered")
    }

    async fn code(&self, client: &Client) -> Secret {
        let (signed_in, _) = self.begin("ana", "ana").await;
        self.directory.allow_client(signed_in, client, request()).await.expect("allowed")
    }

    async fn tokens(&self, client: &Client) -> Tokens {
        let code = self.code(client).await;
        self.directory.redeem_code(&client.id, code.expose(), REDIRECT, VERIFIER).await.expect("tokens")
    }

    async fn enter(&self, token: &Secret, door: Door) -> Result<SignedIn, EnterError> {
        self.directory.enter(Credential::Token(token.expose()), door, None).await
    }
}

#[test]
fn the_challenge_of_the_rfc_is_met() {
    // RFC 7636 appendix B.
    assert!(super::meets("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", VERIFIER));
    assert!(!super::meets("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "another"));
}

#[tokio::test]
async fn a_code_gives_tokens_that_open_the_doors_of_their_scopes() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let app = desk.app().await;
        let tokens = desk.tokens(&app).await;
        assert_eq!(tokens.scopes.to_string(), "mail submission");
        for _ in 0..2 {
            for door in [Door::Imap, Door::Pop3, Door::Jmap, Door::Submission] {
                assert_eq!(desk.enter(&tokens.access, door).await.expect("opens").person, ana);
            }
            assert!(matches!(desk.enter(&tokens.access, Door::Admin).await, Err(EnterError::WrongScope)));
        }
        assert!(matches!(desk.enter(&tokens.refresh, Door::Imap).await, Err(EnterError::Ended)));
        desk.clock.forward(60 * 60_000);
        assert!(matches!(desk.enter(&tokens.access, Door::Imap).await, Err(EnterError::Ended)), "after an hour");
    })
    .await;
}

#[tokio::test]
async fn a_code_is_taken_by_who_asked_for_it_and_soon() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let (app, other) = (desk.app().await, desk.app().await);
        let code = desk.code(&app).await;
        for (client, redirect, verifier) in [
            (&other.id, REDIRECT, VERIFIER),
            (&app.id, "com.example.mail:/other", VERIFIER),
            (&app.id, REDIRECT, "wrong"),
            (&app.id, REDIRECT, ""),
        ] {
            let refused = desk.directory.redeem_code(client, code.expose(), redirect, verifier).await;
            assert!(matches!(refused, Err(TokenError::NotHeld)), "{client} {redirect} {verifier}");
        }
        desk.clock.forward(60_000);
        let late = desk.directory.redeem_code(&app.id, code.expose(), REDIRECT, VERIFIER).await;
        assert!(matches!(late, Err(TokenError::NotHeld)));
        let bad = [
            CodeRequest { redirect_uri: "https://evil.example/".to_owned(), ..request() },
            CodeRequest { challenge: "short".to_owned(), ..request() },
            CodeRequest { scopes: Scopes::default(), ..request() },
        ];
        let (signed_in, _) = desk.begin("ana", "ana").await;
        for request in bad {
            assert!(desk.directory.allow_client(signed_in, &app, request).await.is_err());
        }
        assert!(matches!(
            CodeRequest { redirect_uri: String::new(), ..request() }.check(&app),
            Err(CodeError::ForeignRedirect)
        ));
    })
    .await;
}

#[tokio::test]
async fn what_comes_twice_ends_everything() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let app = desk.app().await;
        let code = desk.code(&app).await;
        let tokens = desk.directory.redeem_code(&app.id, code.expose(), REDIRECT, VERIFIER).await.expect("tokens");
        let signed_in = desk.enter(&tokens.access, Door::Imap).await.expect("opens");
        assert!(desk.directory.redeem_code(&app.id, code.expose(), REDIRECT, VERIFIER).await.is_err());
        assert!(!desk.directory.still_valid(&signed_in).await, "a stolen code took nothing");

        let first = desk.tokens(&app).await;
        let second = desk.directory.refresh_tokens(&app.id, first.refresh.expose(), None).await.expect("renewed");
        assert!(
            desk.enter(&first.access, Door::Imap).await.is_ok() && desk.enter(&second.access, Door::Imap).await.is_ok()
        );
        let wider = Some(Scopes::default().with(Scope::Api));
        let refused = desk.directory.refresh_tokens(&app.id, second.refresh.expose(), wider).await;
        assert!(matches!(refused, Err(TokenError::WiderScope)));
        assert!(desk.directory.refresh_tokens(&app.id, first.refresh.expose(), None).await.is_err(), "used up");
        for token in [&first.access, &second.access] {
            assert!(matches!(desk.enter(token, Door::Imap).await, Err(EnterError::Ended)));
        }
        assert!(desk.directory.refresh_tokens(&app.id, second.refresh.expose(), None).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_ends_at_once() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let app = desk.app().await;
        let tokens = desk.tokens(&app).await;
        let lines = desk.directory.list_authorizations(person(ana), ana).await.expect("listed");
        assert_eq!((lines.len(), lines[0].client_name.as_str()), (1, "Mail"));
        assert!(desk.directory.list_authorizations(person(bo), ana).await.is_err());
        assert!(desk.directory.end_authorization(person(bo), bo, lines[0].id).await.is_err());
        desk.directory.end_authorization(person(ana), ana, lines[0].id).await.expect("ended");
        assert!(desk.enter(&tokens.access, Door::Imap).await.is_err());

        let tokens = desk.tokens(&app).await;
        desk.directory.revoke_token("another", tokens.refresh.expose()).await.expect("nothing to tell");
        assert!(desk.enter(&tokens.access, Door::Imap).await.is_ok());
        desk.directory.revoke_token(&app.id, tokens.refresh.expose()).await.expect("revoked");
        assert!(desk.enter(&tokens.access, Door::Imap).await.is_err());

        let tokens = desk.tokens(&app).await;
        desk.enter(&tokens.access, Door::Imap).await.expect("remembered");
        desk.directory.set_password(person(ana), ana, Secret::new("new")).await.expect("set");
        assert!(desk.enter(&tokens.access, Door::Imap).await.is_err(), "a new password ends tokens");
        assert!(desk.directory.refresh_tokens(&app.id, tokens.refresh.expose(), None).await.is_err());
        desk.directory.set_password(person(ana), ana, Secret::new("ana")).await.expect("set");
        let tokens = desk.tokens(&app).await;
        desk.directory.convert(OPERATOR, ana, MailboxKind::Shared).await.expect("converted");
        assert!(desk.enter(&tokens.access, Door::Imap).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_device_waits_until_somebody_answers() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let app = desk.app().await;
        let (browser, _) = desk.begin("ana", "ana").await;
        let mail = Scopes::default().with(Scope::Mail);
        assert!(matches!(desk.directory.start_device(&app, Scopes::default()).await, Err(DeviceError::NoScope)));
        let start = desk.directory.start_device(&app, mail).await.expect("begun");
        let poll = || desk.directory.poll_device(&app.id, start.device_code.expose());
        assert!(matches!(poll().await, Err(PollError::Pending)));
        assert!(matches!(poll().await, Err(PollError::SlowDown)));
        let wrong = desk.directory.waiting_device(browser, "BCDF-GHJK", None).await;
        assert!(matches!(wrong, Err(DeviceError::NotWaiting)));
        let typed = start.user_code.replace('-', "").to_lowercase();
        let waiting = desk.directory.waiting_device(browser, &typed, None).await.expect("waits");
        assert_eq!((waiting.client_name.as_str(), waiting.scopes), ("Mail", mail));
        desk.directory.answer_device(browser, &typed, true, None).await.expect("allowed");
        assert!(desk.directory.answer_device(browser, &typed, false, None).await.is_err(), "answered once");
        desk.clock.forward(5_000);
        assert!(matches!(
            desk.directory.poll_device("another", start.device_code.expose()).await,
            Err(PollError::Expired)
        ));
        let tokens = poll().await.expect("tokens");
        assert_eq!(desk.enter(&tokens.access, Door::Imap).await.expect("opens").person, ana);
        assert!(matches!(poll().await, Err(PollError::Expired)), "taken once");

        let start = desk.directory.start_device(&app, mail).await.expect("begun");
        desk.directory.answer_device(browser, &start.user_code, false, None).await.expect("denied");
        assert!(matches!(
            desk.directory.poll_device(&app.id, start.device_code.expose()).await,
            Err(PollError::Denied)
        ));
        let start = desk.directory.start_device(&app, mail).await.expect("begun");
        desk.clock.forward(10 * 60_000);
        assert!(desk.directory.waiting_device(browser, &start.user_code, None).await.is_err());
        assert!(matches!(
            desk.directory.poll_device(&app.id, start.device_code.expose()).await,
            Err(PollError::Expired)
        ));
    })
    .await;
}

#[tokio::test]
async fn guessing_the_codes_of_devices_is_throttled() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let (browser, _) = desk.begin("ana", "ana").await;
        let mut tries = 0;
        while !matches!(desk.directory.waiting_device(browser, "BCDF-GHJK", None).await, Err(DeviceError::Throttled(_)))
        {
            tries += 1;
            assert!(tries <= 20, "codes can be guessed without end");
        }
    })
    .await;
}

#[tokio::test]
async fn clients_say_where_answers_go() {
    on_desks(|desk| async move {
        let register = |uri: &str| {
            let redirect_uris = vec![uri.to_owned()];
            desk.directory.register_client(NewClient { name: "App".to_owned(), redirect_uris })
        };
        for good in [
            "https://app.example/done?x=1",
            "http://127.0.0.1/done",
            "http://127.0.0.1:8000/",
            "http://[::1]:7/x",
            "http://localhost/",
            "com.example.app:/done",
        ] {
            assert!(register(good).await.is_ok(), "{good}");
        }
        for bad in [
            "http://app.example/",
            "https://",
            "https://user@app.example/",
            "https://app.example/#x",
            "http://localhost.evil.example/",
            "http://127.0.0.1:80@evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "app:/done",
            "/done",
            "https://app.example/\nx",
            "",
        ] {
            assert!(matches!(register(bad).await, Err(ClientError::BadRedirect(_))), "{bad}");
        }
        let local = register("http://127.0.0.1/done").await.expect("registered");
        let asks = |uri: &str| CodeRequest { redirect_uri: uri.to_owned(), ..request() }.check(&local).is_ok();
        assert!(asks("http://127.0.0.1:49152/done") && asks("http://127.0.0.1/done"));
        assert!(
            !asks("http://127.0.0.1:49152/other")
                && !asks("http://localhost:1/done")
                && !asks("https://127.0.0.1/done")
        );
        for name in ["", " ", "a\nb"] {
            let new = NewClient { name: name.to_owned(), redirect_uris: Vec::new() };
            assert!(matches!(desk.directory.register_client(new).await, Err(ClientError::BadName)));
        }
    })
    .await;
}

#[test]
fn scopes_are_words() {
    let both = Scopes::default().with(Scope::Mail).with(Scope::Submission);
    assert_eq!(Scopes::parse("submission  mail offline_access"), Ok(both));
    assert_eq!(Scopes::parse(&both.to_string()), Ok(both));
    assert!(Scopes::parse("mail root").is_err() && Scopes::parse("").is_ok_and(Scopes::is_empty));
    assert!(Scopes::default().with(Scope::Mail).within(both) && !both.within(Scopes::default().with(Scope::Mail)));
}
