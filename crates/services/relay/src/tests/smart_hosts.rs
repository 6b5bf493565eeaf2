//! Routes over a smart host.

use super::sink::{Options, Sink};
use super::world::{Plan, World, states};
use postroom_directory::route_secret_row;
use postroom_model::DeliveryState;
use postroom_model::route::{Encryption, Mechanism, SmartHost, Via};
use postroom_store::testing::on_both;
use rustls::pki_types::PrivateKeyDer;
use std::sync::Arc;
use std::time::Duration;

struct Certificate {
    server: Arc<rustls::ServerConfig>,
    /// The file of the certificate.
    pem: String,
    _folder: tempfile::TempDir,
}

fn certificate(name: &str) -> Certificate {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a server");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, made.cert.pem()).expect("written");
    Certificate { server: Arc::new(server), pem: path.display().to_string(), _folder: folder }
}

fn host(world: &World, port: u16, encryption: Encryption, password: &str) -> SmartHost {
    SmartHost {
        host: "relay.example".to_owned(),
        port,
        encryption,
        username: Some("postroom".to_owned()),
        secret: Some(world.sealing.seal(&route_secret_row("relay.example"), password.as_bytes()).expect("sealed")),
        mechanism: None,
        secret_env: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_protected_and_signed_in() {
    on_both(|store| async move {
        let certificate = certificate("relay.example");
        let options = Options {
            offers: vec!["AUTH LOGIN PLAIN", "PIPELINING"],
            tls: Some(certificate.server.clone()),
            login: Some(("postroom", "geheim")),
            ..Options::default()
        };
        let sink = Sink::start("127.0.0.1:0", options).await;
        let ca = [certificate.pem.clone()];
        let plan = Plan { records: &["relay.example A 127.0.0.1"], extra_ca: &ca, allow: &[], ..Plan::default() };
        let world = World::new(store, plan).await;
        let port = sink.address.port();
        for mechanism in [None, Some(Mechanism::Login), Some(Mechanism::XOAuth2)] {
            let host = SmartHost { mechanism, ..host(&world, port, Encryption::StartTls, "geheim") };
            world.route(Via::SmartHost(host)).await;
            let name = world.send(&["x@anywhere.example"]).await;
            let status = world.finished(&name).await;
            assert_eq!(states(&status), [("x@anywhere.example", DeliveryState::Delivered)], "{mechanism:?}");
        }
        assert!(sink.received().iter().all(|received| received.protected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_stranger_in_its_place_keep_the_mail_waiting() {
    on_both(|store| async move {
        let certificate = certificate("relay.example");
        let options = Options {
            offers: vec!["AUTH PLAIN"],
            tls: Some(certificate.server.clone()),
            login: Some(("postroom", "geheim")),
            ..Options::default()
        };
        let sink = Sink::start("127.0.0.1:0", options).await;
        let ca = [certificate.pem.clone()];
        let records = ["relay.example A 127.0.0.1", "other.example A 127.0.0.1"];
        let retries = [Duration::from_secs(600)];
        let plan = Plan { records: &records, extra_ca: &ca, allow: &[], retries: &retries, ..Plan::default() };
        let world = World::new(store, plan).await;
        let port = sink.address.port();
        let right = host(&world, port, Encryption::StartTls, "geheim");
        let secret = world.sealing.seal(&route_secret_row("other.example"), b"geheim").expect("sealed");
        let cases = [
            (host(&world, port, Encryption::StartTls, "falsch"), "535 5.7.8 wrong password"),
            // Its certificate names another.
            (
                SmartHost { host: "other.example".into(), secret: Some(secret), ..right.clone() },
                "no protected connection",
            ),
            (SmartHost { secret: Some(vec![1, 2, 3]), ..right.clone() }, "the password for relay.example"),
            (SmartHost { port: 1, ..right }, "no connection to relay.example"),
        ];
        for (host, text) in cases {
            world.route(Via::SmartHost(host)).await;
            let name = world.send(&["x@anywhere.example"]).await;
            let status = world.until(&name, |status| status.recipients[0].attempts == 1).await;
            assert_eq!(states(&status), [("x@anywhere.example", DeliveryState::Waiting)]);
            assert!(status.recipients[0].answer.contains(text), "{text} in {:?}", status.recipients[0].answer);
        }
        assert!(sink.received().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_mail_is_protected_where_it_can_be() {
    on_both(|store| async move {
        let certificate = certificate("somebody.else");
        let options = Options { tls: Some(certificate.server.clone()), ..Options::default() };
        let sink = Sink::start("127.0.0.1:0", options).await;
        let plan = Plan { records: &["b.example A 127.0.0.1"], port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        let name = world.send(&["x@b.example"]).await;
        world.finished(&name).await;
        assert!(sink.received()[0].protected);
    })
    .await;
}
