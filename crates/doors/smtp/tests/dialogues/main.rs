//! Runs the conversations in `tests/dialogues/smtp` against a connection with a real store, on both databases.
//!
//! A conversation is a text file. It may begin with settings:
//!
//! ```text
//! mode mx | lmtp | submission | submissions      (default: mx)
//! peer remote                                    (default: loopback)
//! limit message_size 1000
//! no tls
//! ```
//!
//! Then each line says what happens; `x100` in front repeats it, with `%n` as the number:
//!
//! ```text
//! C: text            the client sends a line with CRLF
//! C| text            it sends exactly this; \r \n \0 \t \\ \xNN are octets
//! S: pattern         the server says a line like this; * is anything
//! TLS                a TLS handshake
//! SCRAM name word    AUTH SCRAM-SHA-256
//! INBOX name 2       so many messages are in that folder (also SENT, OUTBOX)
//! QUEUED x@y held    the newest message to that address is in the queue in that state
//! HAS inbox name 1 text      the first message holds this (escapes as above)
//! LACKS inbox name 1 text
//! ENDS inbox name 1 text     and nothing follows
//! REVOKE person mailbox      the grant is taken away
//! PASSWORD person word       the password is changed
//! STOP               the server is asked to stop
//! CLOSED             the server ends the connection
//! ```

mod client;
mod example;
mod script;
mod splits;

use std::path::{Path, PathBuf};

fn scripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/dialogues/smtp");
    let entries = std::fs::read_dir(folder).expect("the folder of dialogues");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "dlg"));
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_dialogue() {
    // DIALOGUE=name runs one alone.
    let only = std::env::var("DIALOGUE").unwrap_or_default();
    let scripts: Vec<PathBuf> =
        scripts().into_iter().filter(|path| path.display().to_string().contains(&only)).collect();
    assert!(!scripts.is_empty(), "there are dialogues");
    let scripts = &scripts;
    let ran = &std::sync::Mutex::new(Vec::new());
    postroom_store::testing::on_both(|store| async move {
        let example = example::Example::new(store).await;
        let mut failures = Vec::new();
        for path in scripts {
            example.empty().await;
            if let Err(failure) = script::run(&example, path).await {
                failures.push(failure);
            }
        }
        assert!(failures.is_empty(), "\n{}", failures.join("\n"));
        ran.lock().expect("not poisoned").push(scripts.len());
    })
    .await;
    assert!(!ran.lock().expect("not poisoned").is_empty());
}
