//! The door as its callers meet it, over a real directory on both databases.

mod access;
mod document;
mod managing;
mod own;
mod sending;

use crate::{Limits, Peer, router};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::{Extension, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_access::Access;
use postroom_directory::Directory;
use postroom_directory::file::{Options, OrganisationFile};
use postroom_fetch::{Fetch, FetchLimits, Network, Parts};
use postroom_inbound::Inbound;
use postroom_model::{Actor, SystemClock};
use postroom_outbound::Outbound;
use postroom_store::Store;
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// alice is the administrator, bob works in support, carol manages it, mallory has nothing to do with it.
const ORGANISATION: &str = r#"
[[domain]]
name = "example.org"
[[user]]
name = "alice"
addresses = ["alice@example.org"]
password_env = "PASSWORD"
privilege = "admin"
[[user]]
name = "bob"
addresses = ["bob@example.org"]
password_env = "PASSWORD"
[[user]]
name = "carol"
addresses = ["carol@example.org"]
password_env = "PASSWORD"
[[user]]
name = "mallory"
addresses = ["mallory@example.org"]
password_env = "PASSWORD"
[[shared_mailbox]]
name = "support"
display_name = "Customer Support"
addresses = ["support@example.org"]
[[role]]
id = "Mailbox - Support"
members = ["bob"]
[[role.grant]]
mailbox = "support"
rights = ["preset:agent"]
[[grant]]
user = "carol"
mailbox = "support"
rights = ["preset:manager"]
"#;

const PASSWORD: &str = "the same for all";

/// The API with the example organisation.
struct Desk {
    router: Router,
    outbound: Outbound,
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

    /// Status and, of a refusal, the field it names.
    #[track_caller]
    fn refusal(&self) -> (u16, String) {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
        (self.status.as_u16(), problem["field"].as_str().unwrap_or_default().to_owned())
    }
}

fn fetch(access: Access, sealing: postroom_directory::SealingKey) -> Fetch {
    let second = Duration::from_secs(1);
    Fetch::new(Parts {
        inbound: Inbound::new(access.clone(), "mail.example.org"),
        access,
        sealing,
        network: Network::new(Vec::new(), &[]).unwrap(),
        clock: Arc::new(SystemClock),
        chance: || 0.5,
        limits: FetchLimits {
            message_size: 1000,
            patience: second,
            poll: second,
            idle: second,
            first_pause: second,
            longest_pause: second,
            alert_after: second,
            alert_webhook: None,
        },
        holder: "this".to_owned(),
        spool: std::env::temp_dir(),
    })
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
        let outbound = Outbound::new(access.clone(), "mail.example.org");
        let sealing = postroom_directory::SealingKey::fresh().unwrap();
        let fetch = fetch(access.clone(), sealing.clone());
        let directory = Directory::start(access, limits, sealing).await.unwrap();
        let file = OrganisationFile::parse(ORGANISATION, &|_| Some(PASSWORD.to_owned())).unwrap();
        directory.apply(Actor::operator(), file, Options::default()).await.unwrap();
        Self {
            outbound: outbound.clone(),
            router: router(directory, outbound, Limits { body: 10_000 }).layer(Extension(fetch)),
        }
    }

    /// `GET /plan`, with a JSON body where there is one.
    async fn ask(&self, who: &str, line: &str, body: Option<Value>) -> Answer {
        self.ask_as(Some((who, PASSWORD)), true, line, body).await
    }

    async fn ask_as(&self, who: Option<(&str, &str)>, protected: bool, line: &str, body: Option<Value>) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some((login, password)) = who {
            request =
                request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{login}:{password}"))));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(Peer { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), protected });
        self.send(request).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(to_bytes(body, 10_000_000).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}
