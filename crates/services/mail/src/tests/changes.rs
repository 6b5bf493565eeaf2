//! Property: whoever follows the changes of a mailbox, in pieces of any size and while several others write, has at
//! the end exactly what is there, is told of nothing twice and of nothing that they may not see.

use super::*;
use crate::emails::{FoldersChange, MarksChange, NewContent, NewEmail, SetEmails};
use crate::folders::{FolderChange, Named, NewFolder, SetFolders};
use crate::whole::{Account, Changes, Mark, State, View};
use crate::{Mail, prepare};
use postroom_model::{EmailId, FolderId, ThreadId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Act {
    Create(usize, bool),
    Flag(usize),
    Keyword(usize),
    Move(usize, usize),
    Copy(usize, usize),
    /// Marks `\Deleted` as an IMAP client does, which hides it, or takes the mark off.
    Hide(usize, bool),
    Expunge(usize),
    Destroy(usize, usize),
    MakeFolder,
    RenameFolder(usize),
    DeleteFolder(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let n = 0..12usize;
    prop_oneof![
        6 => (n.clone(), any::<bool>()).prop_map(|(f, reply)| Act::Create(f, reply)),
        2 => n.clone().prop_map(Act::Flag),
        1 => n.clone().prop_map(Act::Keyword),
        3 => (n.clone(), n.clone()).prop_map(|(e, f)| Act::Move(e, f)),
        2 => (n.clone(), n.clone()).prop_map(|(e, f)| Act::Copy(e, f)),
        2 => (n.clone(), any::<bool>()).prop_map(|(e, on)| Act::Hide(e, on)),
        1 => n.clone().prop_map(Act::Expunge),
        1 => (n.clone(), 1..5usize).prop_map(|(e, count)| Act::Destroy(e, count)),
        1 => Just(Act::MakeFolder),
        1 => n.clone().prop_map(Act::RenameFolder),
        1 => n.prop_map(Act::DeleteFolder),
    ]
}

/// Somebody who writes through the account and through its folders.
async fn write(account: Account, acts: Vec<Act>, name: usize) {
    for (number, act) in acts.into_iter().enumerate() {
        let view = account.look().await.expect("a look");
        let emails: Vec<EmailId> = view.visible().map(|message| message.email).collect();
        let folders: Vec<FolderId> = view.folders().iter().map(|folder| folder.id).collect();
        let email = |n: usize| emails.get(n % emails.len().max(1)).copied();
        let folder = |n: usize| folders.get(n % folders.len().max(1)).copied();
        let mut set = SetEmails::default();
        let mut set_folders = SetFolders { remove_emails: true, ..SetFolders::default() };
        match act {
            Act::Create(f, reply) => {
                let root = if reply { "<root@x>".to_owned() } else { format!("<{name}.{number}@x>") };
                let text = format!("Message-ID: <m{name}.{number}@x>\r\nReferences: {root}\r\nSubject: s\r\n\r\nb\r\n");
                let prepared = prepare(account.mail().store(), text.into_bytes()).await.expect("prepared");
                set.create.push(NewEmail {
                    content: NewContent::New(Box::new(prepared)),
                    folders: folder(f).into_iter().collect(),
                    flags: Flags::NONE,
                    keywords: Vec::new(),
                    received_at: None,
                });
            }
            Act::Flag(e) => set.update.extend(email(e).map(|email| (email, Some(seen(number % 2 == 0)), None))),
            Act::Keyword(e) => {
                let on = vec![Mark::Keyword(format!("k{number}"))];
                let change = MarksChange { replace: true, on, off: Vec::new() };
                set.update.extend(email(e).map(|email| (email, Some(change), None)));
            }
            Act::Move(e, f) | Act::Copy(e, f) => {
                let replace = matches!(act, Act::Move(..));
                let into = folder(f).into_iter().collect();
                let change = FoldersChange { replace, into, out_of: Vec::new() };
                set.update.extend(email(e).map(|email| (email, None, Some(change))));
            }
            Act::Destroy(e, count) => set.destroy.extend((e..e + count).filter_map(email)),
            Act::Hide(e, on) => hide(&account, &view, email(e), on).await,
            Act::Expunge(f) => {
                if let Some(folder) = folder(f).and_then(|id| view.folder(id))
                    && let Ok(folder) = account.mail().open_folder(account.opened(), &folder.name).await
                {
                    let _ = folder.expunge(None).await;
                }
            }
            Act::MakeFolder => {
                let name = format!("made {name} {number}");
                set_folders.create.push(NewFolder { name, parent: None, sort_order: None, subscribed: None });
            }
            Act::RenameFolder(f) => {
                let change = FolderChange { name: Some(format!("named {name} {number}")), ..FolderChange::default() };
                set_folders.update.extend(folder(f).map(|folder| (Named::Folder(folder), change)));
            }
            Act::DeleteFolder(f) => set_folders.destroy.extend(folder(f).map(Named::Folder)),
        }
        // What another writer was faster with is refused; that is no matter here.
        account.set_emails(set).await.expect("set");
        account.set_folders(set_folders).await.expect("set");
    }
}

fn seen(on: bool) -> MarksChange {
    let mark = vec![Mark::Flag(Flags::SEEN)];
    if on {
        MarksChange { on: mark, ..MarksChange::default() }
    } else {
        MarksChange { off: mark, ..MarksChange::default() }
    }
}

async fn hide(account: &Account, view: &View, email: Option<EmailId>, on: bool) {
    let Some(message) = email.and_then(|email| view.message(email)) else { return };
    let Some(spot) = message.spots.first() else { return };
    let Some(folder) = view.folder(spot.folder) else { return };
    if let Ok(folder) = account.mail().open_folder(account.opened(), &folder.name).await {
        let mode = if on { FlagMode::Add } else { FlagMode::Remove };
        let _ = folder.change_flags(vec![spot.uid], set(mode, Flags::DELETED, &[]), None).await;
    }
}

type Shape = (Flags, String, Vec<FolderId>);

/// What somebody knows who is told of changes only.
#[derive(Default)]
struct Follower {
    emails: BTreeMap<EmailId, Shape>,
    threads: BTreeMap<ThreadId, Vec<EmailId>>,
    folders: BTreeMap<FolderId, String>,
    at: Option<[State; 3]>,
}

impl Follower {
    async fn start(account: &Account) -> Self {
        let view = account.look().await.expect("a look");
        let mut follower = Self { at: Some([view.state(); 3]), ..Self::default() };
        follower.emails = emails(&view);
        follower.threads = threads(&view);
        follower.folders = folders(&view);
        follower
    }

    /// Follows as far as the log goes, in pieces.
    async fn follow(&mut self, account: &Account, most: usize) {
        loop {
            let view = account.look().await.expect("a look");
            let [emails_at, threads_at, folders_at] = self.at.expect("started");
            let emails = account.email_changes(&view, emails_at, most).await.expect("changes");
            apply(&mut self.emails, &emails, &self::emails(&view), most);
            let threads = account.thread_changes(&view, threads_at, most).await.expect("changes");
            apply(&mut self.threads, &threads, &self::threads(&view), most);
            let folders = account.folder_changes(&view, folders_at, most).await.expect("changes").changes;
            apply(&mut self.folders, &folders, &self::folders(&view), most);
            self.at = Some([emails.until, threads.until, folders.until]);
            if !(emails.more || threads.more || folders.more) {
                return;
            }
        }
    }
}

fn apply<I: Ord + Copy + std::fmt::Debug, T: Clone + Default>(
    known: &mut BTreeMap<I, T>,
    changes: &Changes<I>,
    now: &BTreeMap<I, T>,
    most: usize,
) {
    let Changes { created, updated, destroyed, .. } = changes;
    assert!(created.len() + updated.len() + destroyed.len() <= most, "more than wanted");
    // What has gone meanwhile is fetched in vain; a later piece says so.
    let fetched = |id: &I| now.get(id).cloned().unwrap_or_default();
    for id in created {
        assert!(known.insert(*id, fetched(id)).is_none(), "{id:?} was created twice");
    }
    for id in updated {
        assert!(known.insert(*id, fetched(id)).is_some(), "{id:?} was changed before it was created");
    }
    for id in destroyed {
        assert!(known.remove(id).is_some(), "{id:?} was destroyed, but never there");
    }
}

fn emails(view: &View) -> BTreeMap<EmailId, Shape> {
    let shape =
        |message: &crate::whole::Message| (message.flags, message.keywords.to_string(), view.folders_of(message));
    view.visible().map(|message| (message.email, shape(message))).collect()
}

fn threads(view: &View) -> BTreeMap<ThreadId, Vec<EmailId>> {
    let ids: BTreeSet<ThreadId> = view.visible().map(|message| message.thread).collect();
    ids.into_iter().map(|thread| (thread, view.thread(thread))).collect()
}

/// All that is shown of a folder, in words.
fn folders(view: &View) -> BTreeMap<FolderId, String> {
    view.folders().into_iter().map(|folder| (folder.id, format!("{folder:?}"))).collect()
}

/// The counts of folders, from the emails themselves.
fn check_counts(view: &View) {
    for folder in view.folders() {
        let here: Vec<_> = view.visible().filter(|message| view.folders_of(message).contains(&folder.id)).collect();
        let unread = here.iter().filter(|message| message.is_unread()).count();
        let threads: BTreeSet<ThreadId> = here.iter().map(|message| message.thread).collect();
        let is_unread = |thread: &&ThreadId| view.visible().any(|m| m.thread == **thread && m.is_unread());
        let unread_threads = threads.iter().filter(is_unread).count();
        let counted = (folder.emails, folder.unread, folder.threads, folder.unread_threads);
        let expected = [here.len(), unread, threads.len(), unread_threads].map(|n| u32::try_from(n).expect("few"));
        assert_eq!(counted, (expected[0], expected[1], expected[2], expected[3]), "{}", folder.name);
    }
}

async fn run(world: &World, (writer, mailbox): (MailboxId, MailboxId), reader: MailboxId, acts: Vec<Vec<Act>>) {
    // A picture of its own for the reader, so that one moved forward is compared with one loaded anew.
    let account = |mail: &Mail, opened: Opened| {
        let mail = mail.clone();
        async move { mail.account(&opened).await.expect("entered") }
    };
    let writes = account(&world.mail, world.open(writer, mailbox).await.expect("opened")).await;
    let reads = account(&world.mail, world.open(reader, mailbox).await.expect("opened")).await;
    let mut fine = Follower::start(&reads).await;
    let mut coarse = Follower::start(&reads).await;
    let writers: Vec<_> =
        acts.into_iter().enumerate().map(|(name, acts)| tokio::spawn(write(writes.clone(), acts, name))).collect();
    for writer in writers {
        fine.follow(&reads, 2).await;
        writer.await.expect("written");
    }
    fine.follow(&reads, 2).await;
    coarse.follow(&reads, usize::MAX).await;
    let view = reads.look().await.expect("a look");
    let anew = account(&Mail::new(world.mail.access().clone()), reads.opened().clone()).await;
    let fresh = anew.look().await.expect("a look");
    assert_eq!(emails(&view), emails(&fresh), "moving forward is not loading anew");
    assert_eq!(folders(&view), folders(&fresh), "moving forward is not loading anew");
    for follower in [fine, coarse] {
        assert_eq!(follower.emails, emails(&view));
        assert_eq!(follower.threads, threads(&view));
        assert_eq!(follower.folders, folders(&view));
    }
    if reader == writer {
        check_counts(&view);
    }
}

/// What three writers do, so many times over.
fn rounds(count: usize) -> Vec<Vec<Vec<Act>>> {
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec(prop::collection::vec(act(), 14), 3);
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("acts").current()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_of_their_own_mailbox_miss_nothing() {
    let all = rounds(6);
    on_both(|store| {
        let all = all.clone();
        async move {
            let world = World::new(store).await;
            for acts in all {
                run(&world, (world.alice, world.alice), world.alice, acts).await;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sees_one_folder_is_told_of_that_folder_only() {
    let all = rounds(4);
    on_both(|store| {
        let all = all.clone();
        async move {
            let world = World::new(store).await;
            world.grant(world.alice, &["preset:full_access"]).await;
            let inbox = world.folder(world.alice, world.support, SpecialUse::Inbox).await.id();
            let grant = Grant {
                mailbox: world.support,
                grantee: Grantee::Person(world.bob),
                folder: Some(inbox),
                rights: RightSet::parse_all(["preset:viewer"]).expect("known"),
                automap: true,
                origin: Origin::Admin,
            };
            let store = world.mail.access().store().clone();
            store.write(Scope::Organisation, move |tx| grants::set(tx, &grant, AT)).await.expect("granted");
            world.mail.access().reload().await.expect("reloaded");
            for acts in all {
                run(&world, (world.alice, world.support), world.bob, acts).await;
            }
        }
    })
    .await;
}
