//! Signing in as a browser does, and what keeps other sites out of its session.

use super::{Answer, Desk, PASSWORD, peer};
use axum::body::Body;
use axum::http::Request;
use postroom_store::testing::on_both;
use serde_json::{Value, json};

/// A browser: keeps the cookie, and says where its pages come from.
#[derive(Default)]
pub(super) struct Browser {
    cookie: Option<String>,
}

const OWN: [(&str, &str); 3] =
    [("sec-fetch-site", "same-origin"), ("origin", "https://mail.example.org"), ("x-postroom", "1")];

impl Browser {
    pub(super) async fn ask(&mut self, desk: &Desk, line: &str, body: Option<Value>) -> Answer {
        self.ask_with(desk, line, body, &OWN).await
    }

    async fn ask_with(&mut self, desk: &Desk, line: &str, body: Option<Value>, pairs: &[(&str, &str)]) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request = request.header("host", "mail.example.org").header("user-agent", "Browser 1.0");
        request = pairs.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("other=1; {cookie}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap();
        request.extensions_mut().insert(peer(true));
        let answer = desk.send(request).await;
        if let Some(set) = answer.headers.get("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = (!pair.ends_with('=')).then_some(pair);
        }
        answer
    }

    pub(super) async fn signed_in(desk: &Desk, login: &str) -> Self {
        let mut browser = Self::default();
        let body = json!({ "login": login, "password": PASSWORD });
        let answer = browser.ask(desk, "POST /session", Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        browser
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_and_out() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let mut browser = Browser::default();
        let body = json!({ "login": "carol@example.org", "password": PASSWORD });
        let answer = browser.ask(&desk, "POST /session", Some(body)).await;
        let set = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(set.starts_with("__Host-postroom=") && set.contains("Secure") && set.contains("HttpOnly"), "{set}");
        let me = browser.ask(&desk, "GET /session", None).await.json();
        assert_eq!(me, answer.json());
        assert_eq!(
            (&me["name"], &me["privilege"], &me["signed_in_with"]),
            (&json!("carol"), &json!("user"), &json!("session"))
        );
        assert_eq!(me["manages"], json!(["carol", "support"]));

        let mut stolen = Browser { cookie: browser.cookie.clone() };
        assert_eq!(browser.ask(&desk, "DELETE /session", None).await.status, 204);
        assert_eq!(browser.cookie, None, "the browser forgets it");
        assert_eq!(stolen.ask(&desk, "GET /session", None).await.refusal().0, 401, "and the server too");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_uses_a_session() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let mut browser = Browser::signed_in(&desk, "alice").await;
        let change = || Some(json!({ "name": "evil.example" }));
        for pairs in [
            &[][..],
            &OWN[..2],
            &[("sec-fetch-site", "cross-site"), ("x-postroom", "1")][..],
            &[("sec-fetch-site", "same-site"), ("x-postroom", "1")][..],
            &[("origin", "https://evil.example"), ("x-postroom", "1")][..],
            &[("origin", "null"), ("x-postroom", "1")][..],
        ] {
            assert_eq!(browser.ask_with(&desk, "POST /domains", change(), pairs).await.refusal().0, 403, "{pairs:?}");
        }
        let read = browser.ask_with(&desk, "GET /session", None, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(read.refusal().0, 403);
        let body = json!({ "login": "alice", "password": PASSWORD });
        let forged = browser.ask_with(&desk, "POST /session", Some(body), &OWN[..2]).await;
        assert_eq!(forged.refusal().0, 403, "nobody is signed in as somebody else from afar");
        assert_eq!(browser.ask(&desk, "POST /domains", change()).await.status, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let mut here = Browser::signed_in(&desk, "bob").await;
        let mut there = Browser::signed_in(&desk, "bob").await;
        let listed = here.ask(&desk, "GET /sessions", None).await.json();
        let summary =
            |one: &Value| (one["current"] == true, one["user_agent"] == "Browser 1.0", one["address"].clone());
        let all: Vec<_> = listed.as_array().unwrap().iter().map(summary).collect();
        assert_eq!(all, [(false, true, json!("192.0.2.1")), (true, true, json!("192.0.2.1"))]);
        assert!(!listed.to_string().contains(here.cookie.as_ref().unwrap().split_once('=').unwrap().1));

        let line = format!("DELETE /sessions/{}", listed[0]["id"]);
        let mut mallory = Browser::signed_in(&desk, "mallory").await;
        assert_eq!(mallory.ask(&desk, &line, None).await.refusal().0, 404, "it is not hers");
        assert_eq!(mallory.ask(&desk, "GET /sessions?user=bob", None).await.refusal().0, 403);
        assert_eq!(here.ask(&desk, &line, None).await.status, 204);
        assert_eq!(there.ask(&desk, "GET /session", None).await.refusal().0, 401);

        let mut third = Browser::signed_in(&desk, "bob").await;
        assert_eq!(here.ask(&desk, "DELETE /sessions", None).await.status, 204);
        assert_eq!(third.ask(&desk, "GET /session", None).await.refusal().0, 401);
        assert_eq!(here.ask(&desk, "GET /session", None).await.status, 200, "the one that asked goes on");

        let mut alice = Browser::signed_in(&desk, "alice").await;
        assert_eq!(alice.ask(&desk, "DELETE /sessions?user=bob", None).await.status, 204);
        assert_eq!(here.ask(&desk, "GET /session", None).await.refusal().0, 401, "an administrator ends them all");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_cannot_be_told_apart_and_passwords_need_tls() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let mut texts = Vec::new();
        for login in ["bob", "nobody", "support"] {
            let body = json!({ "login": login, "password": "wrong" });
            let mut browser = Browser::default();
            let answer = browser.ask(&desk, "POST /session", Some(body)).await;
            assert_eq!((answer.refusal().0, browser.cookie), (401, None));
            assert_eq!(
                answer.headers.get_all("www-authenticate").iter().collect::<Vec<_>>(),
                ["Bearer realm=\"Postroom\""]
            );
            texts.push(answer.text);
        }
        texts.dedup();
        assert_eq!(texts.len(), 1, "{texts:?}");
        let in_clear =
            desk.ask_as(None, false, "POST /session", Some(json!({ "login": "bob", "password": PASSWORD }))).await;
        assert_eq!(in_clear.refusal().0, 403);
        let unknown = json!({ "login": "bob", "password": PASSWORD, "remember": true });
        assert_eq!(
            Browser::default().ask(&desk, "POST /session", Some(unknown)).await.refusal(),
            (422, "remember".into())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_browser_does_not_change_the_password() {
    on_both(|store| async {
        let desk = Desk::open(store).await;
        let mut browser = Browser::signed_in(&desk, "bob").await;
        let line = "PUT /users/bob/password";
        for body in [json!({ "password": "x" }), json!({ "password": "x", "current_password": "wrong" })] {
            assert_eq!(browser.ask(&desk, line, Some(body)).await.refusal(), (422, "current_password".into()));
        }
        let body = json!({ "password": "new", "current_password": PASSWORD });
        assert_eq!(browser.ask(&desk, line, Some(body)).await.status, 204);
        assert_eq!(browser.ask(&desk, "GET /session", None).await.refusal().0, 401, "every session ends");
        assert_eq!(desk.ask_as(Some(("bob", "new")), true, "GET /session", None).await.status, 200);
    })
    .await;
}
