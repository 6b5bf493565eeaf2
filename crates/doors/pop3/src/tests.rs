//! Dialogues with the door, as files in `tests/dialogues/pop3`, each on a fresh database of both kinds.
//!
//! People named `…-remote` come from elsewhere than loopback, `…-tls` with TLS up already.
//!
//! The world of every dialogue: alice may do what an agent may on the shared mailbox support, bob only read, carol is a
//! stranger there, dave manages support. Passwords are `NAME-secret`.
//!
//! | line | meaning |
//! |---|---|
//! | `# …` | a comment |
//! | `alice: connect` | a new connection; the greeting is read |
//! | `alice: signin` | the same, signed in with USER and PASS |
//! | `alice: signin alice*support` | the same by another name |
//! | `alice: C: …` | she sends the line; `\r\n` within it separates lines that are sent at once |
//! | `alice: S: …` | the next line that she gets; `…` stands for anything |
//! | `alice: S? …` | lines are skipped until one matches, but not beyond the end of an answer |
//! | `alice: TLS` | a TLS handshake |
//! | `alice: SCRAM bob word` | AUTH SCRAM-SHA-256 up to its last answer |
//! | `alice: end` | the server has closed the connection |
//! | `file alice …` | a message is filed in the Inbox of alice; `\r`, `\n` are what they say |
//! | `take alice 2` | somebody removes the message with UID 2 from the Inbox of alice |
//! | `grant alice RIGHTS` | what she holds on support becomes these rights, separated by blanks; `-`: nothing |
//! | `password alice NEW` | her password is changed |
//! | `patience MILLIS` | how long silence is borne on connections from now on |
//! | `errors 3` | how many mistakes are |
//! | `no tls` | STLS is not offered on them |
//! | `stop` | the server is asked to stop |

mod client;
mod runner;

use runner::World;
use std::path::PathBuf;

fn dialogues() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/dialogues/pop3");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the dialogues are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "dlg"))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn every_dialogue_goes_as_written() {
    let only = std::env::var("DIALOGUE").unwrap_or_default();
    let files: Vec<PathBuf> = dialogues().into_iter().filter(|path| path.to_string_lossy().contains(&only)).collect();
    assert!(!files.is_empty(), "no dialogue is called {only}");
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("readable");
        postroom_store::testing::on_both(|store| {
            let (name, text) = (name.clone(), text.clone());
            async move { World::new(store).await.perform(&name, &text).await }
        })
        .await;
    }
}
