//! A session that compresses (RFC 4978), seen from the client's end.

use super::session::Client;
use super::world::World;
use crate::deflate::Deflate;
use bytes::BytesMut;
use postroom_store::testing::on_sqlite;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Sends commands in one piece and reads until a line starts so.
async fn exchange(client: &mut Client, ends: &mut Deflate, commands: &str, start: &str) -> String {
    let packed: Vec<u8> = ends.pack(commands.as_bytes()).flat_map(|piece| piece.expect("packed")).collect();
    client.stream.write_all(&packed).await.expect("sent");
    let mut input = BytesMut::new();
    loop {
        while ends.unpack(&mut input).expect("unpacked") > 0 {}
        let text = String::from_utf8_lossy(&input).into_owned();
        if text.ends_with("\r\n") && text.lines().any(|line| line.starts_with(start)) {
            return text;
        }
        let read = client.stream.read_buf(&mut ends.packed).await.expect("read");
        assert!(read > 0, "closed after {text}");
    }
}

#[tokio::test]
async fn a_session_goes_on_compressed() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(on_sqlite(folder.path()).await).await;
    let mut client = Client::sign_in(&world, 1 << 16).await;
    client.send(b"b COMPRESS GZIP\r\nc CAPABILITY\r\nd COMPRESS DEFLATE\r\n").await;
    let answers = client.read_to("d OK ").await;
    assert!(answers.starts_with("b BAD ") && answers.contains(" COMPRESS=DEFLATE"), "{answers}");
    let mut ends = Deflate::new(BytesMut::new());
    let capability = exchange(&mut client, &mut ends, "e CAPABILITY\r\n", "e OK ").await;
    assert!(!capability.contains("COMPRESS="), "it is on already: {capability}");
    let again = exchange(&mut client, &mut ends, "f COMPRESS DEFLATE\r\n", "f ").await;
    assert!(again.starts_with("f NO [COMPRESSIONACTIVE] "), "{again}");
    // Literals in both directions, several commands at once.
    let text = "x".repeat(20_000);
    let append = format!("g APPEND INBOX {{20000+}}\r\n{text}\r\nh SELECT INBOX\r\ni FETCH 1 (FLAGS BODY.PEEK[])\r\n");
    let answers = exchange(&mut client, &mut ends, &append, "i OK ").await;
    assert!(answers.contains("g OK [APPENDUID ") && answers.contains(&text), "{}", answers.len());
    let bye = exchange(&mut client, &mut ends, "j LOGOUT\r\n", "j OK ").await;
    assert!(bye.starts_with("* BYE "), "{bye}");
}

#[tokio::test]
async fn a_command_that_unpacks_without_end_is_cut_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(on_sqlite(folder.path()).await).await;
    let mut client = Client::sign_in(&world, 1 << 20).await;
    client.send(b"b COMPRESS DEFLATE\r\n").await;
    client.read_to("b OK ").await;
    let mut ends = Deflate::new(BytesMut::new());
    let endless = vec![b'x'; 64 << 20];
    let packed: Vec<u8> = ends.pack(&endless).flat_map(|piece| piece.expect("packed")).collect();
    // The server may have had enough before all is sent.
    let _ = client.stream.write_all(&packed).await;
    let mut input = BytesMut::new();
    while client.stream.read_buf(&mut ends.packed).await.is_ok_and(|read| read > 0) {}
    while ends.unpack(&mut input).is_ok_and(|made| made > 0) {}
    assert!(String::from_utf8_lossy(&input).contains("* BYE "), "{input:?}");
}
