//! The door as its clients meet it, over real services on both databases.

mod bad_input;
mod blobs;
mod emails;
mod mailboxes;
mod rights;
mod sending;
mod session;
mod sharing;

use crate::{Limits, Names, Peer, Services, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_access::Access;
use postroom_directory::Directory;
use postroom_directory::file::{Options, OrganisationFile};
use postroom_mail::Mail;
use postroom_model::{Actor, SystemClock};
use postroom_outbound::Outbound;
use postroom_store::Store;
use postroom_store::testing::on_both;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tower::ServiceExt;

/// alice works in support, bob may look at its Inbox, carol sends for it, mallory has nothing to do with it.
const ORGANISATION: &str = r#"
[[domain]]
name = "example.org"
[[user]]
name = "alice"
display_name = "Alice Ng"
addresses = ["alice@example.org", "ng@example.org"]
password_env = "PASSWORD"
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
members = ["alice"]
[[role.grant]]
mailbox = "support"
rights = ["preset:agent"]
[[grant]]
user = "bob"
mailbox = "support"
rights = ["folder.view", "message.read"]
folders = ["Inbox"]
[[grant]]
user = "carol"
mailbox = "support"
rights = ["preset:send_on_behalf"]
"#;

const PASSWORD: &str = "the same for all";

const LIMITS: Limits = Limits {
    request: 200_000,
    upload: 100_000,
    uploads_waiting: 1_000_000,
    calls: 16,
    objects_in_get: 50,
    objects_in_set: 50,
    concurrent_requests: 8,
    concurrent_uploads: 4,
};

/// The door with the example organisation.
#[derive(Clone)]
struct Desk {
    router: Router,
    access: Access,
    directory: Directory,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Status, type and limit of a refusal.
    #[track_caller]
    fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        let kind = problem["type"].as_str().unwrap_or_default().rsplit(':').next().unwrap_or_default().to_owned();
        (self.status.as_u16(), kind, problem["limit"].as_str().unwrap_or_default().to_owned())
    }
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
            Directory::start(access.clone(), limits, postroom_directory::SealingKey::fresh().unwrap()).await.unwrap();
        let file = OrganisationFile::parse(ORGANISATION, &|_| Some(PASSWORD.to_owned())).unwrap();
        directory.apply(Actor::operator(), file, Options::default()).await.unwrap();
        let services = Services {
            directory: directory.clone(),
            mail: Mail::new(access.clone()),
            outbound: Outbound::new(access.clone(), "mail.example.org"),
        };
        let names = Names { public_url: "https://mail.example.org/", hostname: "mail.example.org" };
        Self { router: router(services, LIMITS, names), access, directory }
    }

    /// The account of a mailbox by its name.
    fn account(&self, name: &str) -> String {
        crate::accounts::id(self.access.org().by_name(name).unwrap().id)
    }

    fn request(who: &str, line: &str) -> axum::http::request::Builder {
        let (method, path) = line.split_once(' ').unwrap();
        let peer = Peer { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), protected: true, tls: true };
        Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Basic {}", STANDARD.encode(format!("{who}:{PASSWORD}"))))
            .extension(peer)
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10_000_000).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn fetch(&self, who: &str, line: &str) -> Answer {
        self.send(Self::request(who, line).body(Body::empty()).unwrap()).await
    }

    async fn upload(&self, who: &str, account: &str, bytes: impl Into<Body>) -> Answer {
        let line = format!("POST /jmap/upload/{}", self.account(account));
        self.send(Self::request(who, &line).header("content-type", "text/x-test").body(bytes.into()).unwrap()).await
    }

    async fn post(&self, who: &str, body: impl Into<Body>) -> Answer {
        let request = Self::request(who, "POST /jmap/api").header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Calls methods; gives name and arguments of each answer.
    async fn calls(&self, who: &str, calls: Value) -> Vec<(String, Value)> {
        let using: Vec<&str> = crate::capabilities::Capability::ALL.iter().map(|capability| capability.uri()).collect();
        let answer = self.post(who, json!({ "using": using, "methodCalls": calls }).to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let responses = answer.json()["methodResponses"].as_array().unwrap().clone();
        responses.into_iter().map(|response| (response[0].as_str().unwrap().to_owned(), response[1].clone())).collect()
    }

    /// Calls one method on an account, and expects it to be done.
    async fn call(&self, who: &str, account: &str, method: &str, mut arguments: Value) -> Value {
        arguments["accountId"] = json!(self.account(account));
        let mut answers = self.calls(who, json!([[method, arguments, "c"]])).await;
        let (name, answer) = answers.remove(0);
        assert_eq!(name, method, "{answer}");
        answer
    }

    /// Calls one method on an account, and gives the type of the error.
    async fn error(&self, who: &str, account: &str, method: &str, mut arguments: Value) -> String {
        arguments["accountId"] = json!(self.account(account));
        let (name, answer) = self.calls(who, json!([[method, arguments, "c"]])).await.remove(0);
        assert_eq!(name, "error", "{answer}");
        assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
        answer["type"].as_str().unwrap().to_owned()
    }

    /// The id of a folder by its name.
    async fn folder(&self, who: &str, account: &str, name: &str) -> String {
        let all = self.call(who, account, "Mailbox/get", json!({})).await;
        let found = all["list"].as_array().unwrap().iter().find(|folder| folder["name"] == name).cloned();
        found.unwrap_or_else(|| panic!("no folder {name}: {all}"))["id"].as_str().unwrap().to_owned()
    }

    /// Makes a message in a folder; gives its id.
    async fn message(&self, who: &str, account: &str, folder: &str, text: &str) -> String {
        let blob = self.upload(who, account, text.to_owned()).await.json()["blobId"].clone();
        let folder = self.folder(who, account, folder).await;
        let emails = json!({"m": {"blobId": blob, "mailboxIds": {folder: true}}});
        let done = self.call(who, account, "Email/import", json!({ "emails": emails })).await;
        done["created"]["m"]["id"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned()
    }
}

/// Runs a test on both databases.
async fn with_desk<F, Fut>(test: F)
where
    F: Fn(Desk) -> Fut,
    Fut: Future<Output = ()>,
{
    let test = &test;
    on_both(|store| async move { test(Desk::open(store).await).await }).await;
}
