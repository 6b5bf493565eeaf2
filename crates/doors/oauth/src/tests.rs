//! The door as browsers and programs meet it, over a real directory on both databases.

mod device;
mod flow;
mod refused;

use crate::router;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postroom_access::Access;
use postroom_directory::file::{Options, OrganisationFile};
use postroom_directory::{Credential, Directory, EnterError, SignedIn};
use postroom_model::{Actor, Door, SystemClock};
use postroom_store::Store;
use postroom_wire_http::Peer;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tower::ServiceExt;

const ORGANISATION: &str = r#"
[[domain]]
name = "example.org"
[[user]]
name = "bob"
addresses = ["bob@example.org"]
password_env = "PASSWORD"
"#;

const PASSWORD: &str = "the same for all";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REDIRECT: &str = "https://app.example/done";

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, VERIFIER.as_bytes()))
}

/// The door, and one browser in front of it.
struct Desk {
    router: Router,
    directory: Directory,
    cookie: Option<String>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    #[track_caller]
    fn location(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text);
        self.headers["location"].to_str().unwrap().to_owned()
    }
}

/// The value of a parameter in an address, as it stands there.
fn parameter(uri: &str, name: &str) -> Option<String> {
    let query = uri.split_once('?')?.1;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| v.to_owned())
}

fn form(fields: &[(&str, &str)]) -> String {
    let escape =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

impl Desk {
    async fn open(store: Store) -> Self {
        let access = Access::start(store, Arc::new(SystemClock)).await.unwrap();
        // Hashing that costs next to nothing.
        let limits = postroom_directory::Limits {
            hash_memory_kib: 64,
            hash_passes: 1,
            scram_iterations: 1,
            ..postroom_directory::Limits::default()
        };
        let directory =
            Directory::start(access, limits, postroom_directory::SealingKey::fresh().unwrap()).await.unwrap();
        let file = OrganisationFile::parse(ORGANISATION, &|_| Some(PASSWORD.to_owned())).unwrap();
        directory.apply(Actor::operator(), file, Options::default()).await.unwrap();
        Self { router: router(directory.clone(), "https://mail.example.org"), directory, cookie: None }
    }

    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        request.extensions_mut().insert(Peer { address, protected: true, tls: true });
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(set) = parts.headers.get("set-cookie") {
            self.cookie = set.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        let text = String::from_utf8(to_bytes(body, 10_000_000).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// The browser goes to an address.
    async fn browse(&mut self, path: &str) -> Answer {
        let mut request = Request::get(path).header("host", "mail.example.org");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// The browser sends a form of the page it shows.
    async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.submit_from("https://mail.example.org", path, fields).await
    }

    async fn submit_from(&mut self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path).header("host", "mail.example.org").header("origin", origin);
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        self.send(request.body(Body::from(form(fields))).unwrap()).await
    }

    /// A program sends a form.
    async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form(fields))).unwrap()).await
    }

    async fn register(&mut self) -> String {
        let wanted = json!({ "client_name": "Mail <b>", "redirect_uris": [REDIRECT], "logo_uri": "x" });
        let request = Request::post("/oauth/register").header("content-type", "application/json");
        let answer = self.send(request.body(Body::from(wanted.to_string())).unwrap()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["client_id"].as_str().unwrap().to_owned()
    }

    async fn sign_in(&mut self, next: &str) -> Answer {
        self.submit("/oauth/sign-in", &[("login", "bob"), ("password", PASSWORD), ("next", next)]).await
    }

    async fn enter(&self, token: &Value, door: Door) -> Result<SignedIn, EnterError> {
        self.directory.enter(Credential::Token(token.as_str().unwrap()), door, None).await
    }
}

/// What the client's address line says.
fn asked(client: &str) -> Vec<(String, String)> {
    let challenge = challenge();
    [
        ("client_id", client),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "mail submission"),
        ("state", "a state&"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
