//! A client for tests that are no dialogues: bytes in, bytes out.

use super::world::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;

pub(super) struct Client {
    pub(super) stream: DuplexStream,
    /// The session on the server's side.
    pub(super) task: JoinHandle<()>,
}

impl Client {
    pub(super) fn connect(world: &World, pipe: usize) -> Self {
        let (stream, task) = world.connect(true, pipe);
        Self { stream, task }
    }

    /// One that is signed in as alice.
    pub(super) async fn sign_in(world: &World, pipe: usize) -> Self {
        let mut client = Self::connect(world, pipe);
        client.send(b"a LOGIN alice alice-secret\r\n").await;
        client.read_to("a OK ").await;
        client
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the connection is open");
    }

    /// Reads lines until one starts so; gives all of them.
    pub(super) async fn read_to(&mut self, start: &str) -> String {
        let (mut all, mut line) = (String::new(), Vec::new());
        loop {
            let octet = self.stream.read_u8().await.unwrap_or_else(|_| panic!("no {start} in {all}"));
            line.push(octet);
            if octet == b'\n' {
                let text = String::from_utf8_lossy(&std::mem::take(&mut line)).into_owned();
                all.push_str(&text);
                if text.starts_with(start) {
                    return all;
                }
            }
        }
    }

    /// All that comes until the server closes; the session must not have failed.
    pub(super) async fn read_to_end(mut self) -> Vec<u8> {
        let mut all = Vec::new();
        let _ = self.stream.read_to_end(&mut all).await;
        self.task.await.expect("the session ended well");
        all
    }
}
