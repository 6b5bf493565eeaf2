//! What a dialogue cannot say: SCRAM computes, TLS encrypts.

use super::session::Client;
use super::world::World;
use crate::ImapConfig;
use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_directory::EndPoint;
use postroom_store::testing::on_sqlite;
use std::num::NonZeroU32;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// RFC 7677, as a client that checks the server, too. Gives the tagged answer.
async fn scram(client: &mut Client, password: &str, initial: bool) -> String {
    let bare = "n=alice,r=fyko+d2lbbFgONRv9qkxdawL";
    let first = STANDARD.encode(format!("n,,{bare}"));
    if initial {
        client.send(format!("a AUTHENTICATE SCRAM-SHA-256 {first}\r\n").as_bytes()).await;
    } else {
        client.send(b"a AUTHENTICATE SCRAM-SHA-256\r\n").await;
        client.read_to("+ ").await;
        client.send(format!("{first}\r\n").as_bytes()).await;
    }
    let server_first = challenge(&client.read_to("+ ").await);
    let (last, expected) = proof(("n,,", b""), bare, &server_first, password);
    client.send(format!("{last}\r\n").as_bytes()).await;
    let mut answer = String::new();
    while !answer.starts_with("+ ") && !answer.starts_with("a ") {
        answer = client.read_to("").await;
    }
    if answer.starts_with("+ ") {
        assert_eq!(challenge(&answer), expected, "the server knows the password itself");
        client.send(b"\r\n").await;
        answer = client.read_to("a ").await;
    }
    answer
}

/// `client-final-message` in base64, and the `server-final-message` to expect. `header` with what binds to the connection.
fn proof((header, bound): (&str, &[u8]), bare: &str, server_first: &str, password: &str) -> (String, String) {
    let field = |key: &str| server_first.split(',').find_map(|part| part.strip_prefix(key)).expect("the field");
    let (salt, iterations) = (STANDARD.decode(field("s=")).expect("base64"), field("i=").parse::<NonZeroU32>());
    let mut salted = [0; 32];
    let iterations = iterations.expect("a number");
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, password.as_bytes(), &mut salted);
    let client_key = sign(&salted, b"Client Key");
    let binding = STANDARD.encode([header.as_bytes(), bound].concat());
    let without_proof = format!("c={binding},r={}", field("r="));
    let message = format!("{bare},{server_first},{without_proof}");
    let signature = sign(digest::digest(&digest::SHA256, &client_key).as_ref(), message.as_bytes());
    let proof: Vec<u8> = client_key.iter().zip(&signature).map(|(key, sign)| key ^ sign).collect();
    let last = STANDARD.encode(format!("{without_proof},p={}", STANDARD.encode(proof)));
    let server = sign(&sign(&salted, b"Server Key"), message.as_bytes());
    (last, format!("v={}", STANDARD.encode(server)))
}

fn challenge(lines: &str) -> String {
    let line = lines.lines().find_map(|line| line.strip_prefix("+ ")).expect("a challenge");
    String::from_utf8(STANDARD.decode(line).expect("base64")).expect("text")
}

fn sign(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

#[tokio::test]
async fn scram_signs_in_without_telling_the_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(on_sqlite(folder.path()).await).await;
    for initial in [true, false] {
        let mut client = Client::connect(&world, 1 << 16);
        let refused = scram(&mut client, "wrong", initial).await;
        assert!(refused.starts_with("a NO [AUTHENTICATIONFAILED]"), "{refused}");
        let taken = scram(&mut client, "alice-secret", initial).await;
        assert!(taken.starts_with("a OK [CAPABILITY "), "{taken}");
    }
}

/// What a server and a client that trusts it need for TLS.
fn tls() -> (rustls::ServerConfig, rustls::ClientConfig) {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let certificate = key.cert.der().clone();
    let server = rustls::ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.signing_key.serialize_der().try_into().expect("a key"))
        .expect("a configuration");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).expect("a root");
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    (server, client)
}

#[tokio::test]
async fn starttls_begins_afresh() {
    let (server, client) = tls();
    let folder = tempfile::tempdir().expect("a folder");
    let config = ImapConfig { tls: Some(Arc::new(server)), ..ImapConfig::default() };
    let world = World::with(on_sqlite(folder.path()).await, config).await;
    let (mut plain, _task) = world.connect(false, 1 << 16);
    let greeting = line(&mut plain).await;
    assert!(greeting.contains(" STARTTLS LOGINDISABLED]"), "{greeting}");
    // What stands behind STARTTLS in clear could come from anybody, and is not run.
    plain.write_all(b"a STARTTLS\r\nb LOGOUT\r\n").await.expect("sent");
    let answer = line(&mut plain).await;
    assert!(answer.starts_with("a OK "), "{answer}");
    let name = rustls::pki_types::ServerName::try_from("localhost").expect("a name");
    let secure = tokio_rustls::TlsConnector::from(Arc::new(client)).connect(name, plain).await;
    let mut secure = secure.expect("TLS is up");
    secure.write_all(b"c CAPABILITY\r\nd STARTTLS\r\ne LOGIN alice alice-secret\r\n").await.expect("sent");
    secure.flush().await.expect("sent");
    let capability = line(&mut secure).await;
    assert!(capability.starts_with("* CAPABILITY ") && capability.contains(" AUTH=PLAIN"), "{capability}");
    assert!(!capability.contains("STARTTLS") && !capability.contains("LOGINDISABLED"), "{capability}");
    for start in ["c OK ", "d BAD ", "e OK [CAPABILITY "] {
        let answer = line(&mut secure).await;
        assert!(answer.starts_with(start), "{answer}");
    }
}

async fn line(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        line.push(stream.read_u8().await.expect("a line"));
    }
    String::from_utf8_lossy(&line).trim_end().to_owned()
}

/// On a connection of its own behind STARTTLS: AUTHENTICATE SCRAM-SHA-256-PLUS, bound to what `bound` makes of what the
/// connection is known by. Gives the answer.
async fn scram_plus(
    world: &World,
    client: rustls::ClientConfig,
    bound: impl Fn([u8; 32]) -> (String, Vec<u8>),
) -> String {
    let (mut plain, _task) = world.connect(false, 1 << 16);
    line(&mut plain).await;
    plain.write_all(b"a STARTTLS\r\n").await.expect("sent");
    line(&mut plain).await;
    let name = rustls::pki_types::ServerName::try_from("localhost").expect("a name");
    let mut secure = tokio_rustls::TlsConnector::from(Arc::new(client)).connect(name, plain).await.expect("TLS is up");
    secure.write_all(b"b CAPABILITY\r\n").await.expect("sent");
    let offered = line(&mut secure).await;
    assert!(offered.contains(" AUTH=SCRAM-SHA-256-PLUS"), "{offered}");
    line(&mut secure).await;
    let known_by = secure.get_ref().1.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(b""));
    let (header, data) = bound(known_by.expect("the connection is known by something"));
    let bare = "n=alice,r=fyko+d2lbbFgONRv9qkxdawL";
    let first = STANDARD.encode(format!("{header}{bare}"));
    secure.write_all(format!("c AUTHENTICATE SCRAM-SHA-256-PLUS {first}\r\n").as_bytes()).await.expect("sent");
    let answer = line(&mut secure).await;
    if !answer.starts_with("+ ") {
        return answer;
    }
    let (last, expected) = proof((&header, &data), bare, &challenge(&answer), "alice-secret");
    secure.write_all(format!("{last}\r\n").as_bytes()).await.expect("sent");
    let answer = line(&mut secure).await;
    if !answer.starts_with("+ ") {
        return answer;
    }
    assert_eq!(challenge(&answer), expected);
    secure.write_all(b"\r\n").await.expect("sent");
    line(&mut secure).await
}

#[tokio::test]
async fn a_proof_is_bound_to_the_connection_it_is_made_for() {
    let (server, client) = tls();
    let folder = tempfile::tempdir().expect("a folder");
    let end_point = EndPoint::new(&[7; 32]);
    let config = ImapConfig { tls: Some(Arc::new(server)), end_point, ..ImapConfig::default() };
    let world = World::with(on_sqlite(folder.path()).await, config).await;
    let exporter = |known_by: [u8; 32]| ("p=tls-exporter,,".to_owned(), known_by.to_vec());
    let taken = scram_plus(&world, client.clone(), exporter).await;
    assert!(taken.starts_with("c OK [CAPABILITY "), "{taken}");
    let end_point = |_: [u8; 32]| ("p=tls-server-end-point,,".to_owned(), vec![7; 32]);
    let taken = scram_plus(&world, client.clone(), end_point).await;
    assert!(taken.starts_with("c OK [CAPABILITY "), "{taken}");
    // Somebody between has another connection to each side.
    let other = |_: [u8; 32]| ("p=tls-exporter,,".to_owned(), vec![1; 32]);
    let refused = scram_plus(&world, client.clone(), other).await;
    assert!(refused.starts_with("c BAD "), "{refused}");
    let unbound = |_: [u8; 32]| ("n,,".to_owned(), Vec::new());
    assert!(scram_plus(&world, client, unbound).await.starts_with("c BAD "));
}

#[tokio::test]
async fn a_password_bound_to_one_mailbox_opens_that_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(on_sqlite(folder.path()).await).await;
    let bound = world.application_password("bob", Some("support")).await;
    let free = world.application_password("bob", None).await;
    for (name, password, expected) in [
        ("bob", &bound, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"),
        ("bob*support", &bound, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"),
        ("bob*support", &free, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"),
        ("bob", &free, "* NAMESPACE ((\"\" \"/\")) ((\"Other Users/\" \"/\")) ((\"Shared/\" \"/\"))\r\n"),
    ] {
        let mut client = Client::connect(&world, 1 << 16);
        client.send(format!("a LOGIN {name} {password}\r\nb NAMESPACE\r\nc MYRIGHTS INBOX\r\n").as_bytes()).await;
        client.read_to("a OK ").await;
        let answer = client.read_to("b OK ").await;
        assert!(answer.starts_with(expected), "{name}: {answer}");
        let rights = client.read_to("c OK ").await;
        let own = expected.contains("Shared/");
        assert_eq!(rights.contains("lrswikxtea01234cd"), own, "{name}: {rights}");
    }
    let mut client = Client::connect(&world, 1 << 16);
    client.send(format!("a LOGIN bob*bob {bound}\r\n").as_bytes()).await;
    assert!(client.read_to("a ").await.contains("a NO [AUTHENTICATIONFAILED]"), "it opens nothing else");
}

#[tokio::test]
async fn where_jmap_is_served_is_told_to_whoever_can_sign_in_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = "https://mail.example.org/.well-known/jmap";
    let config = ImapConfig { jmap_url: Some(url.to_owned()), ..ImapConfig::default() };
    let world = World::with(on_sqlite(folder.path()).await, config).await;
    let mut client = Client::sign_in(&world, 1 << 16).await;
    client.send(b"b CAPABILITY\r\nc GETJMAPACCESS\r\n").await;
    assert!(client.read_to("b OK ").await.contains(" JMAPACCESS"));
    assert_eq!(client.read_to("c OK ").await, format!("* JMAPACCESS \"{url}\"\r\nc OK there\r\n"));
    let mut client = Client::connect(&world, 1 << 16);
    client.send(b"a LOGIN alice*support alice-secret\r\nb CAPABILITY\r\nc GETJMAPACCESS\r\n").await;
    client.read_to("a OK ").await;
    assert!(!client.read_to("b OK ").await.contains("JMAPACCESS"));
    assert!(client.read_to("c ").await.contains("c BAD "));
}

#[tokio::test]
async fn a_token_opens_what_it_was_given_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(on_sqlite(folder.path()).await).await;
    let (mail, sending) = (world.token("alice", "mail").await, world.token("alice", "submission").await);
    let bearer = |user: &str, token: &str| format!("n,a={user},\u{1}auth=Bearer {token}\u{1}\u{1}");
    let xoauth = |user: &str, token: &str| format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}");
    for (mechanism, message, personal) in [
        ("OAUTHBEARER", bearer("alice@example.org", &mail), true),
        ("OAUTHBEARER", bearer("", &mail), true),
        ("XOAUTH2", xoauth("alice", &mail), true),
        ("XOAUTH2", xoauth("alice*support", &mail), false),
        ("OAUTHBEARER", bearer("support@example.org", &mail), false),
    ] {
        let mut client = Client::connect(&world, 1 << 16);
        let message = STANDARD.encode(message);
        client.send(format!("a AUTHENTICATE {mechanism} {message}\r\nb NAMESPACE\r\n").as_bytes()).await;
        client.read_to("a OK ").await;
        assert_eq!(client.read_to("b OK ").await.contains("Shared/"), personal, "{mechanism}");
    }
    for (mechanism, message) in [
        ("OAUTHBEARER", bearer("alice", "nonsense")),
        ("OAUTHBEARER", bearer("alice", &sending)),
        ("OAUTHBEARER", bearer("bob", &mail)),
        ("XOAUTH2", xoauth("alice*nowhere", &mail)),
        ("XOAUTH2", "nonsense".to_owned()),
    ] {
        let mut client = Client::connect(&world, 1 << 16);
        let message = STANDARD.encode(message);
        client.send(format!("a AUTHENTICATE {mechanism} {message}\r\n").as_bytes()).await;
        let why = challenge(&client.read_to("+ ").await);
        assert!(why.contains("\"status\":\"invalid_token\""), "{why}");
        client.send(b"AQ==\r\n").await;
        let refused = client.read_to("a ").await;
        assert!(refused.contains("a NO [AUTHENTICATIONFAILED]"), "{refused}");
    }
}
