//! However the network cuts what a client sends, the replies and what is stored are the same.

use crate::client::server_tls;
use crate::example::{Example, HOSTNAME};
use postroom_model::SpecialUse;
use postroom_smtp::{Limits, Mode, Peer, Settings, Smtp, serve_connection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;

/// Everything at once: pipelining, both ways of sending a message, errors, dots, an unfinished message at the end.
const SENT: &[u8] = b"EHLO client.example\r\nMAIL FROM:<a@elsewhere.example> SIZE=100\r\nRCPT TO:<bob@example.org>\r\n\
RCPT TO:<nobody@example.org>\r\nDATA\r\nSubject: 1\r\n\r\n..\r\n.x\r\n\n.\r\n\r.\r\n\r\r\n.\r\r\n.\r\nNOOP\r\nNO\nNOOP\r\n\
MAIL FROM:<a@elsewhere.example>\r\nRCPT TO:<bob@example.org>\r\nBDAT 12\r\nSubject: 2\r\nBDAT 9 LAST\r\n\r\n\r\n.\r\n\r\nXYZ\r\n\
MAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n.\r\n\
MAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nnever finished\r\n.\r";

/// Sends it over a connection that takes `size` octets at a time; gives the replies without what changes each time.
async fn replies(example: &Example, size: usize) -> String {
    let smtp = Smtp::new(Settings {
        hostname: HOSTNAME.to_owned(),
        limits: Limits::default(),
        tls: Some(server_tls()),
        end_point: None,
        plaintext_on_loopback: true,
        directory: example.directory.clone(),
        inbound: example.inbound.clone(),
        outbound: example.outbound.clone(),
    });
    let (here, there) = tokio::io::duplex(size);
    let (_stop, stopping) = watch::channel(false);
    let peer = Peer { address: [127, 0, 0, 1].into(), is_loopback: true };
    let server = tokio::spawn(serve_connection(smtp, Mode::Mx, there, peer, stopping));
    let (mut from, mut to) = tokio::io::split(here);
    let send = async move {
        to.write_all(SENT).await.expect("sent");
        to.shutdown().await.expect("ended");
    };
    let mut said = String::new();
    let (_, read) = tokio::join!(send, from.read_to_string(&mut said));
    read.expect("text");
    server.await.expect("no panic");
    let without_ids = said.lines().map(|line| line.split(" as message ").next().unwrap_or_default());
    without_ids.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_make_no_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let example = Example::new(postroom_store::testing::on_sqlite(folder.path()).await).await;
    let expected = replies(&example, 1 << 16).await;
    let codes: Vec<&str> = expected.lines().map(|line| &line[..3]).collect();
    let hello = ["220"].into_iter().chain(["250"; 9]);
    let rest = "250 250 550 354 250 250 500 250 250 250 250 250 500 250 250 354 250 250 250 354";
    assert_eq!(codes, hello.chain(rest.split(' ')).collect::<Vec<_>>(), "{expected}");
    for size in [1, 2, 3, 5, 7, 16, 61, 300] {
        assert_eq!(replies(&example, size).await, expected, "in pieces of {size}");
    }
    let bodies: Vec<Vec<u8>> = example.messages("bob", SpecialUse::Inbox).await;
    assert_eq!(bodies.len(), 9 * 3);
    for message in bodies.chunks(3) {
        assert!(message[0].ends_with(b"+0000\r\nSubject: 1\r\n\r\n.\r\nx\r\n\n.\r\n\r.\r\n\r\r\n\r\r\n"));
        assert!(message[1].ends_with(b"+0000\r\nSubject: 2\r\n\r\n\r\n.\r\n\r\n"));
        assert!(message[2].ends_with(b"+0000\r\n\r\n"), "{}", message[2].escape_ascii());
    }
}
