//! Clients that are slow, silent, or gone. The clock stands still and jumps; nothing waits for real.

use super::session::Client;
use super::world::World;
use crate::ImapConfig;
use postroom_store::testing::on_sqlite;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

async fn world(folder: &tempfile::TempDir) -> World {
    let config = ImapConfig {
        sign_in_timeout: 60 * SECOND,
        idle_timeout: 1900 * SECOND,
        write_timeout: 120 * SECOND,
        ..ImapConfig::default()
    };
    World::with(on_sqlite(folder.path()).await, config).await
}

/// What the client is told before the connection closes, and after how many seconds.
async fn goodbye(client: Client) -> (String, u64) {
    tokio::time::pause();
    let start = Instant::now();
    let told = String::from_utf8_lossy(&client.read_to_end().await).into_owned();
    (told.lines().last().unwrap_or_default().to_owned(), start.elapsed().as_secs())
}

#[tokio::test]
async fn who_does_not_sign_in_is_sent_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world(&folder).await;
    let (told, after) = goodbye(Client::connect(&world, 1 << 16)).await;
    assert_eq!((&*told, after), ("* BYE nothing was heard for too long", 60));
}

#[tokio::test]
async fn an_octet_now_and_then_does_not_help() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world(&folder).await;
    let mut client = Client::connect(&world, 1 << 16);
    client.read_to("* OK").await;
    tokio::time::pause();
    let start = Instant::now();
    while client.stream.write_all(b"x").await.is_ok() {
        tokio::time::sleep(50 * SECOND).await;
    }
    assert!(start.elapsed() <= 250 * SECOND, "{:?}", start.elapsed());
    client.read_to("* BYE nothing was heard for too long").await;
}

#[tokio::test]
async fn who_has_signed_in_may_be_silent_for_half_an_hour() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world(&folder).await;
    let client = Client::sign_in(&world, 1 << 16).await;
    assert_eq!(goodbye(client).await, ("* BYE nothing was heard for too long".to_owned(), 1900));
}

#[tokio::test]
async fn waiting_in_idle_is_silence_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world(&folder).await;
    let mut client = Client::sign_in(&world, 1 << 16).await;
    client.send(b"b IDLE\r\n").await;
    client.read_to("+ ").await;
    assert_eq!(goodbye(client).await, ("* BYE nothing was heard for too long".to_owned(), 1900));
}

/// A session with a message of a megabyte, in which only 4,096 octets are on their way at a time.
async fn narrow(world: &World) -> Client {
    let mut client = Client::sign_in(world, 4096).await;
    let message = "0123456789abcdef".repeat(1 << 16);
    client.send(format!("b APPEND INBOX {{{}+}}\r\n{message}\r\n", message.len()).as_bytes()).await;
    client.read_to("b OK ").await;
    client.send(b"c SELECT INBOX\r\n").await;
    client.read_to("c OK ").await;
    client.send(b"d FETCH 1 BODY.PEEK[]\r\ne NOOP\r\n").await;
    client
}

#[tokio::test]
async fn a_client_that_never_reads_is_let_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world(&folder).await;
    let mut client = narrow(&world).await;
    client.stream.read_u8().await.expect("the answer has begun");
    tokio::time::pause();
    let start = Instant::now();
    (&mut client.task).await.expect("the session ended well");
    assert_eq!(start.elapsed().as_secs(), 120);
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_it_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world(&folder).await;
    let mut client = narrow(&world).await;
    client.stream.read_u8().await.expect("the answer has begun");
    tokio::time::pause();
    let (mut got, mut some) = (1, vec![0; 1 << 16]);
    // Half an hour for a megabyte.
    while got < 1 << 20 {
        let read = client.stream.read(&mut some).await.expect("the connection is open");
        assert!(read > 0, "closed after {got} octets");
        got += read;
        tokio::time::sleep(7 * SECOND).await;
    }
    client.read_to("e OK ").await;
}
