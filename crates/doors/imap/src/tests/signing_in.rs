//! What a dialogue cannot say: SCRAM computes, TLS encrypts.

use super::session::Client;
use super::world::World;
use crate::ImapConfig;
use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
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
    let field = |key: &str| server_first.split(',').find_map(|part| part.strip_prefix(key)).expect("the field");
    let (salt, iterations) = (STANDARD.decode(field("s=")).expect("base64"), field("i=").parse::<NonZeroU32>());
    let mut salted = [0; 32];
    let iterations = iterations.expect("a number");
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, password.as_bytes(), &mut salted);
    let client_key = sign(&salted, b"Client Key");
    let without_proof = format!("c=biws,r={}", field("r="));
    let message = format!("{bare},{server_first},{without_proof}");
    let signature = sign(digest::digest(&digest::SHA256, &client_key).as_ref(), message.as_bytes());
    let proof: Vec<u8> = client_key.iter().zip(&signature).map(|(key, sign)| key ^ sign).collect();
    let last = STANDARD.encode(format!("{without_proof},p={}", STANDARD.encode(proof)));
    client.send(format!("{last}\r\n").as_bytes()).await;
    let mut answer = String::new();
    while !answer.starts_with("+ ") && !answer.starts_with("a ") {
        answer = client.read_to("").await;
    }
    if answer.starts_with("+ ") {
        let server_key = sign(&salted, b"Server Key");
        let expected = format!("v={}", STANDARD.encode(sign(&server_key, message.as_bytes())));
        assert_eq!(challenge(&answer), expected, "the server knows the password itself");
        client.send(b"\r\n").await;
        answer = client.read_to("a ").await;
    }
    answer
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

#[tokio::test]
async fn starttls_begins_afresh() {
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
