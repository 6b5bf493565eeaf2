//! Measures the search index on real mail: `search_speed FOLDER [postgres://…]`. Takes every file below FOLDER that
//! ends in `.txt` as a message, three times (with other numbers in the trace fields, so that words which occur once
//! stay so), and prints what indexing and searching cost.

use postroom_mail::indexer::{Indexer, Pace};
use postroom_mail::prepare;
use postroom_mail::search::{TextField, TextQuery, text_search};
use postroom_model::{
    Flags, MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy, SpecialUse, SystemClock, Time,
};
use postroom_store::changes::Log;
use postroom_store::emails::{FileError, NewEmail, Source};
use postroom_store::mailboxes::NewMailbox;
use postroom_store::search::EmailSet;
use postroom_store::testing::{on_sqlite, postgresql_database};
use postroom_store::{Database, Scope, Store, StoreConfig, domains, emails, folders, mailboxes};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

type Any = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Any> {
    let folder = std::env::args().nth(1).ok_or("search_speed FOLDER [postgresql]")?;
    let scratch = tempfile::tempdir()?;
    let store = match std::env::args().nth(2) {
        None => on_sqlite(scratch.path()).await,
        Some(_) => {
            let url = postgresql_database().ok_or("PostgreSQL is not installed")?;
            let config = StoreConfig { database: Database::Postgresql(url), blobs: scratch.path().join("blobs") };
            tokio::task::spawn_blocking(move || Store::open(&config)).await??
        }
    };
    let (mailbox, count) = fill(&store, Path::new(&folder)).await?;
    index(&store, count, scratch.path()).await?;
    let all: EmailSet = (1..=count as i64).map(postroom_model::EmailId).collect();
    for (field, needle) in queries() {
        time(&store, mailbox, &all, field, needle).await?;
    }
    println!("resident {} KiB", resident()?);
    Ok(())
}

fn queries() -> Vec<(TextField, &'static str)> {
    vec![
        (TextField::Text, "linux"),
        (TextField::Text, "the"),
        (TextField::Text, "rhubarb"),
        (TextField::Text, "inu"),
        (TextField::Text, "ernel"),
        (TextField::Text, "zebra"),
        (TextField::Text, "nosuchwordanywhere"),
        (TextField::Text, "e"),
        (TextField::Body, "linux"),
        (TextField::Subject, "linux"),
        (TextField::From, "example.com"),
        (TextField::From, "rssfeeds@jmason.org"),
        (TextField::Subject, "re: [zzzzteana]"),
        (TextField::Text, "free software"),
        (TextField::Text, "mailing list"),
        (TextField::Header("x-spam-level".into()), ""),
        (TextField::Header("message-id".into()), "@jmason.org"),
        (TextField::Text, "!!"),
    ]
}

async fn time(store: &Store, mailbox: MailboxId, all: &EmailSet, field: TextField, needle: &str) -> Result<(), Any> {
    let query = TextQuery { field, needle: needle.to_owned() };
    let mut times = Vec::new();
    let mut found = 0;
    let began = Instant::now();
    while times.len() < 21 && (times.len() < 2 || began.elapsed().as_secs() < 3) {
        let start = Instant::now();
        found = text_search(store, mailbox, Some(all), &query).await?.len();
        times.push(start.elapsed());
    }
    let first = times.remove(0);
    times.sort();
    println!("{:?} {needle:?}: {found} found, first {first:.1?}, then {:.2?}", query.field, times[times.len() / 2]);
    Ok(())
}

async fn fill(store: &Store, folder: &Path) -> Result<(MailboxId, usize), Any> {
    let user = NewMailbox {
        kind: MailboxKind::User,
        name: MailboxName::parse("alice")?,
        display_name: "Alice".into(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege: Privilege::User,
    };
    let mailbox = store
        .write(Scope::Organisation, move |tx| {
            domains::create(tx, "example.org", Time(0))?;
            mailboxes::create(tx, &user, Time(0))
        })
        .await?;
    let inbox = store.read(move |tx| folders::by_special_use(tx, mailbox, SpecialUse::Inbox)).await?;
    let inbox = inbox.ok_or("no inbox")?.id;
    let (mut files, mut count) = (Vec::new(), 0);
    find_mails(folder, &mut files)?;
    for copy in 0..3 {
        for chunk in files.chunks(200) {
            let mut mails = Vec::new();
            for file in chunk {
                mails.push(prepare(store, renumbered(std::fs::read(file)?, copy)).await?.content);
            }
            count += mails.len();
            let filed = store.write(Scope::mailbox(mailbox), move |tx| {
                let mut log = Log::begin(tx, mailbox, Time(1))?;
                for mail in &mails {
                    let content = Source::New(mail);
                    let (received_at, flags) = (Time(1), Flags::NONE);
                    emails::file(
                        tx,
                        &mut log,
                        &NewEmail { folder: inbox, content, received_at, flags, keywords: "" },
                        None,
                    )?;
                }
                log.end(tx)?;
                Ok::<_, FileError>(())
            });
            filed.await?;
        }
    }
    println!("{count} mails");
    Ok((mailbox, count))
}

fn find_mails(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Any> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_mails(&path, into)?;
        } else if path.extension().is_some_and(|end| end == "txt") {
            into.push(path);
        }
    }
    into.sort();
    Ok(())
}

/// Other digits in the fields that are different in every message.
fn renumbered(mut raw: Vec<u8>, by: u8) -> Vec<u8> {
    let end = postroom_wire_message::header_end(&raw);
    let fields: Vec<_> = postroom_wire_message::Fields::of(&raw[..end])
        .filter(|field| {
            ["received", "message-id", "references", "in-reply-to", "date"].iter().any(|name| field.is(name))
        })
        .map(|field| field.start..field.end)
        .collect();
    for range in fields {
        for byte in raw[range].iter_mut().filter(|byte| byte.is_ascii_digit()) {
            *byte = b'0' + (*byte - b'0' + by * 3) % 10;
        }
    }
    raw
}

async fn index(store: &Store, count: usize, scratch: &Path) -> Result<(), Any> {
    let indexer = Indexer::new(store.clone(), Arc::new(SystemClock), Pace::default());
    let (start, cpu) = (Instant::now(), cpu_ms()?);
    while indexer.run_once().await? > 0 {}
    let (wall, cpu) = (start.elapsed(), cpu_ms()? - cpu);
    let size = std::fs::metadata(scratch.join("search.db")).map_or(0, |file| file.len());
    println!(
        "indexed in {wall:.1?}, {:.3} ms CPU and {} octets a mail",
        cpu as f64 / count as f64,
        size / count as u64
    );
    Ok(())
}

/// CPU time of this process so far, in steps of 10 ms.
fn cpu_ms() -> Result<u64, Any> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    Ok((fields[11].parse::<u64>()? + fields[12].parse::<u64>()?) * 10)
}

fn resident() -> Result<u64, Any> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    Ok(statm.split(' ').nth(1).unwrap_or_default().parse::<u64>()? * 4)
}
