use super::*;
use crate::maildir::Marks;
use crate::mbox;
use postroom_model::{
    Actor, Flags, FolderName, MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy, SystemClock, Time,
};
use postroom_store::mailboxes::{self, NewMailbox};
use postroom_store::testing::on_both;
use postroom_store::{Scope, Store, Tx, folders, placements};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

async fn example(store: &Store) -> (Transfer, MailboxId, MailboxId) {
    let make = |tx: &mut Tx<'_>, name: &str| {
        let new = NewMailbox {
            kind: MailboxKind::Shared,
            name: MailboxName::parse(name).expect("a name"),
            display_name: name.to_owned(),
            sent_copy: SentCopy::Mailbox,
            seen: SeenMode::Shared,
            quota: None,
            privilege: Privilege::User,
        };
        mailboxes::create(tx, &new, Time(0))
    };
    let made: Result<_, StoreError> =
        store.write(Scope::Organisation, move |tx| Ok((make(tx, "one")?, make(tx, "two")?))).await;
    let (one, two) = made.expect("made");
    let access = Access::start(store.clone(), Arc::new(SystemClock)).await.expect("access");
    (Transfer::new(access), one, two)
}

/// Path of the folder, content, flags, keywords, received: of every message, sorted.
async fn everything(store: &Store, mailbox: MailboxId) -> Vec<(String, Vec<u8>, u32, String, i64)> {
    let read = move |tx: &mut Tx<'_>| {
        let mut found = Vec::new();
        for folder in folders::all(tx, mailbox)? {
            for placed in placements::page(tx, mailbox, folder.id, None, 0, 10_000)? {
                found.push((folder.name.clone(), placed));
            }
        }
        Ok(found)
    };
    let mut all = Vec::new();
    for (folder, placed) in store.read(read).await.expect("read") {
        let stored = store.contents(vec![placed.content], 1).await.expect("read");
        let mut raw = Vec::new();
        stored[0].open_into(&mut raw).expect("content");
        all.push((folder, raw, placed.flags.0, placed.keywords, placed.received_at.seconds()));
    }
    all.sort();
    all
}

async fn import(transfer: &Transfer, mailbox: MailboxId, path: &Path, folder: Option<&str>) -> (u64, u64) {
    let (mut from, mut filed, mut known) = (0, 0, 0);
    loop {
        let folder = folder.map(str::to_owned);
        let part = ImportPart { mailbox, path: path.to_owned(), format: None, folder, from };
        let done = transfer.import(Actor::operator(), part).await.expect("imported");
        (filed, known) = (filed + done.filed, known + done.known);
        match done.next {
            Some(next) => from = next,
            None => return (filed, known),
        }
    }
}

async fn export(transfer: &Transfer, mailbox: MailboxId, path: &Path, format: Format) -> (u64, u64) {
    let (mut from, mut written, mut known) = (None, 0, 0);
    loop {
        let part = ExportPart { mailbox, path: path.to_owned(), format, from };
        let done = transfer.export(Actor::operator(), part).await.expect("exported");
        (written, known) = (written + done.written, known + done.known);
        match done.next {
            Some(next) => from = Some(next),
            None => return (written, known),
        }
    }
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// A Maildir as Dovecot leaves it.
fn maildir(root: &Path) {
    for folder in ["", ".Sent", ".Archive.2026", ".Entw&APw-rfe"] {
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(root.join(folder).join(part)).expect("made");
        }
    }
    write(&root.join("dovecot-keywords"), "0 Important\n1 $Forwarded\n");
    write(&root.join("cur/1.M1.host:2,FSab"), "Subject: one\n\nFrom here\n>From there\n");
    write(&root.join("cur/2.M2.host:2,"), "Subject: two\r\n\r\nbare\nline feed\r\n");
    write(&root.join("new/3.M3.host"), "Subject: three\n\n");
    write(&root.join(".Sent/cur/4.M4.host:2,RS"), "Subject: four\n\n");
    write(&root.join(".Archive.2026/cur/5.M5.host:2,T"), "Subject: five\n\n.\n");
    write(&root.join(".Entw&APw-rfe/cur/6.M6.host:2,D"), "Subject: six\n\nx");
}

#[tokio::test]
async fn what_comes_in_goes_out_and_comes_in_the_same() {
    on_both(|store| async move {
        let (transfer, one, two) = example(&store).await;
        for format in [Format::Maildir, Format::Mbox] {
            let folder = tempfile::tempdir().expect("a folder");
            let (from, out) = (folder.path().join("from"), folder.path().join("out"));
            maildir(&from);
            let fresh = format == Format::Maildir;
            let (filed, _) = import(&transfer, one, &from, None).await;
            assert_eq!(filed, 6, "each home of files is a source of its own");
            assert_eq!(import(&transfer, one, &from, None).await, (0, 6), "again: nothing new");
            let there = everything(&store, one).await;
            assert!(there.iter().any(|(folder, raw, flags, keywords, _)| {
                folder == "Inbox"
                    && raw == b"Subject: one\r\n\r\nFrom here\r\n>From there\r\n"
                    && *flags == Flags::FLAGGED.union(Flags::SEEN).union(Flags::FORWARDED).0
                    && keywords == "important"
            }));
            assert!(there.iter().any(|(_, raw, ..)| raw == b"Subject: two\r\n\r\nbare\nline feed\r\n"));
            for name in ["Sent Items", "2026", "Entwürfe"] {
                assert!(there.iter().any(|(folder, ..)| folder == name), "{name}");
            }
            if !fresh {
                continue;
            }
            assert_eq!(export(&transfer, one, &out, format).await, (6, 0));
            assert_eq!(export(&transfer, one, &out, format).await, (0, 6), "what stands there is not written again");
            assert_eq!(import(&transfer, two, &out, None).await, (6, 0));
            assert_eq!(everything(&store, two).await, there, "bytes, folders, flags, keywords, dates");
        }
    })
    .await;
}

#[tokio::test]
async fn mbox_files_one_for_each_folder() {
    on_both(|store| async move {
        let (transfer, one, two) = example(&store).await;
        let folder = tempfile::tempdir().expect("a folder");
        let (from, out) = (folder.path().join("from"), folder.path().join("out"));
        maildir(&from);
        import(&transfer, one, &from, None).await;
        export(&transfer, one, &out, Format::Mbox).await;
        export(&transfer, one, &out, Format::Mbox).await;
        let files: BTreeMap<&str, &str> = [
            ("Inbox.mbox", "Inbox"),
            ("Sent Items.mbox", "Sent Items"),
            ("Archive.2026.mbox", "Archive/2026"),
            ("Entwürfe.mbox", "Entwürfe"),
        ]
        .into();
        for (file, name) in files {
            import(&transfer, two, &out.join(file), Some(name)).await;
        }
        let with_line_end = |all: Vec<(String, Vec<u8>, u32, String, i64)>| {
            let ends = |mut raw: Vec<u8>| {
                // An mbox file cannot say that a message has no line ending, or a bare line feed.
                if !raw.ends_with(b"\n") {
                    raw.extend_from_slice(b"\r\n");
                }
                String::from_utf8(raw).expect("UTF-8").replace("bare\nline", "bare\r\nline").into_bytes()
            };
            let mut all: Vec<_> = all.into_iter().map(|(f, raw, a, b, c)| (f, ends(raw), a, b, c)).collect();
            all.sort();
            all
        };
        assert_eq!(with_line_end(everything(&store, two).await), with_line_end(everything(&store, one).await));
    })
    .await;
}

#[test]
fn mbox_of_others() {
    let text = "From a@b Sat Nov 21 08:00:00 2020\nStatus: RO\nX-Status: A\nSubject: one\n\n>From quoted\nx\n\n\
                From b@c  Sun Nov 22 09:00:00 2020\nSubject: two\nStatus: RO\n\nFrom in a body without an empty line\n\n";
    let mut found = Vec::new();
    let end = mbox::read(&mut Cursor::new(text), 0, |offset, read| {
        found.push((offset, String::from_utf8(read.raw).expect("UTF-8"), read.marks));
        true
    });
    assert_eq!(end.expect("read"), None);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].1, "Subject: one\r\n\r\nFrom quoted\r\nx\r\n");
    assert_eq!((found[0].2.flags, found[0].2.received_at), (Flags::SEEN.union(Flags::ANSWERED), Some(1_605_945_600)));
    assert!(found[1].1.contains("Status: RO\r\n"), "a field in the midst of others is the message's own");
    assert!(found[1].1.ends_with("From in a body without an empty line\r\n"));
}

#[test]
fn names_of_folders_elsewhere() {
    let check = |levels: &[&str], expected: Option<&str>| {
        let path = crate::names::path_here(levels);
        let text = path.map(|path| path.iter().map(FolderName::as_str).collect::<Vec<_>>().join("/"));
        assert_eq!(text.as_deref(), expected, "{levels:?}");
    };
    check(&["INBOX"], Some("Inbox"));
    check(&["Sent Messages", "2026"], Some("Sent Items/2026"));
    check(&["Work", "Sent"], Some("Work/Sent"));
    check(&["a/b*"], Some("a-b-"));
    check(&[], None);
    check(&[""], None);
}

proptest! {
    #[test]
    fn what_an_mbox_is_given_it_gives_back(
        messages in proptest::collection::vec(proptest::collection::vec("(>{0,2}From |Status: |[a-z:]{0,5}| ){0,3}", 0..6), 1..5)
    ) {
        let mut file = Vec::new();
        let raws: Vec<Vec<u8>> = messages
            .iter()
            .map(|lines| lines.iter().map(|line| format!("{line}\r\n")).collect::<String>().into_bytes())
            .collect();
        let marks = Marks { flags: Flags::SEEN, keywords: vec!["x".into()], received_at: Some(1_605_945_600) };
        for raw in &raws {
            mbox::write(&mut file, raw, &marks);
        }
        let mut found = Vec::new();
        mbox::read(&mut Cursor::new(&file), 0, |_, read| {
            found.push(read);
            true
        }).expect("read");
        prop_assert_eq!(found.len(), raws.len());
        for (read, raw) in found.into_iter().zip(raws) {
            prop_assert_eq!(String::from_utf8_lossy(&read.raw), String::from_utf8_lossy(&raw));
            prop_assert_eq!(&read.marks, &marks);
        }
    }
}
