//! Dialogues with the door, as files in `tests/dialogues/imap`, each on a fresh database of both kinds.
//!
//! The world of every dialogue: alice and bob are in the role `Mailbox - Support` (preset:agent on the shared mailbox
//! support, display name `Customer Support`), carol is a stranger, dave manages support. Passwords are `NAME-secret`.
//!
//! | line | meaning |
//! |---|---|
//! | `# …` | a comment |
//! | `alice: connect` | a new connection; the greeting is read |
//! | `alice: signin` | the same, signed in with LOGIN |
//! | `alice: C: …` | she sends the line |
//! | `alice: S: …` | the next line that she gets; `…` stands for anything |
//! | `alice: S? …` | lines are skipped until one matches, but not beyond a tagged answer |
//! | `alice: pad 100` | she sends a line of so many octets |
//! | `alice: end` | the server has closed the connection |
//! | `grant alice RIGHTS` | what she holds on support directly becomes these rights, separated by blanks; `-`: nothing |
//! | `narrow alice FOLDER = RIGHTS` | the same for one folder of support and those below |
//! | `unmapped alice RIGHTS` | the same as `grant`, without automap |
//! | `role RIGHTS` | the same for the role |
//! | `administrator dave` | he becomes an administrator |
//! | `personal seen` | each person has their own read marks in support |
//! | `stop` | the server stops |
//!
//! `<name>` in a line of the server stands for letters, digits and dashes, which later lines can use by the same name.
//! `␀` in a line of a client is NUL.

mod compressed;
mod dialogue;
mod hostile;
mod session;
mod signing_in;
mod time;
mod world;

use dialogue::Dialogue;
use std::path::PathBuf;
use world::World;

fn dialogues() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/dialogues/imap");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the dialogues are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "dlg"))
        .collect();
    files.sort();
    files
}

/// Several at a time; each has its own databases.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_dialogue_goes_as_written() {
    let only = std::env::var("DIALOGUE").unwrap_or_default();
    let files: Vec<PathBuf> = dialogues().into_iter().filter(|path| path.to_string_lossy().contains(&only)).collect();
    assert!(!files.is_empty(), "no dialogue is called {only}");
    let (mut running, mut wrong) = (tokio::task::JoinSet::new(), Vec::new());
    for file in files {
        if running.len() >= AT_A_TIME {
            wrong.extend(running.join_next().await.and_then(Result::err));
        }
        running.spawn(perform(file));
    }
    while let Some(done) = running.join_next().await {
        wrong.extend(done.err());
    }
    assert!(wrong.is_empty(), "{} dialogues do not go as written", wrong.len());
}

const AT_A_TIME: usize = 4;

async fn perform(file: PathBuf) {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(&file).expect("readable");
    postroom_store::testing::on_both(|store| {
        let (name, text) = (name.clone(), text.clone());
        async move { Dialogue::new(World::new(store).await).perform(&name, &text).await }
    })
    .await;
}
