//! Property: whatever is done to a mailbox, the store agrees with a simple model of it, and replaying the change
//! log on an old picture gives the new one.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Act {
    File(bool),
    Remove(bool, usize),
    Move(bool, usize),
    Copy(bool, usize),
    Flag(bool, usize, u32),
    Delete(bool, usize),
}

fn act() -> impl Strategy<Value = Act> {
    let (b, n) = (any::<bool>(), 0..8usize);
    prop_oneof![
        3 => b.prop_map(Act::File),
        1 => (b, n.clone()).prop_map(|(b, n)| Act::Remove(b, n)),
        1 => (b, n.clone()).prop_map(|(b, n)| Act::Move(b, n)),
        1 => (b, n.clone()).prop_map(|(b, n)| Act::Copy(b, n)),
        1 => (b, n.clone(), 0..16u32).prop_map(|(b, n, f)| Act::Flag(b, n, f)),
        1 => (b, n).prop_map(|(b, n)| Act::Delete(b, n)),
    ]
}

/// Per folder: UID to (email, deleted). Per email: its flags.
#[derive(Clone, Debug, Default, PartialEq)]
struct Picture {
    folders: [BTreeMap<u32, (i64, bool)>; 2],
    flags: BTreeMap<i64, u32>,
    uidnext: [u32; 2],
    next_email: i64,
}

impl Picture {
    fn pick(&self, folder: bool, n: usize) -> Option<(u32, i64)> {
        self.folders[usize::from(folder)].iter().nth(n).map(|(uid, (email, _))| (*uid, *email))
    }

    fn place(&mut self, folder: bool, email: i64) {
        let f = usize::from(folder);
        self.folders[f].insert(self.uidnext[f], (email, false));
        self.uidnext[f] += 1;
    }

    fn take(&mut self, folder: bool, uid: u32) {
        if let Some((email, _)) = self.folders[usize::from(folder)].remove(&uid)
            && !self.folders.iter().any(|f| f.values().any(|(e, _)| *e == email))
        {
            self.flags.remove(&email);
        }
    }

    fn apply(&mut self, act: &Act) {
        match *act {
            Act::File(f) => {
                let email = self.next_email;
                self.next_email += 1;
                self.flags.insert(email, 0);
                self.place(f, email);
            }
            Act::Remove(f, n) => {
                if let Some((uid, _)) = self.pick(f, n) {
                    self.take(f, uid);
                }
            }
            Act::Move(f, n) => {
                if let Some((uid, email)) = self.pick(f, n) {
                    self.place(!f, email);
                    self.take(f, uid);
                }
            }
            Act::Copy(f, n) => {
                if let Some((_, email)) = self.pick(f, n) {
                    self.place(!f, email);
                }
            }
            Act::Flag(f, n, flags) => {
                if let Some((_, email)) = self.pick(f, n) {
                    self.flags.insert(email, flags);
                }
            }
            Act::Delete(f, n) => {
                if let Some((uid, email)) = self.pick(f, n) {
                    self.folders[usize::from(f)].insert(uid, (email, true));
                }
            }
        }
    }
}

/// Does to the store what [`Picture::apply`] does to the model.
async fn perform(
    store: &Store,
    mailbox: MailboxId,
    ids: [FolderId; 2],
    picture: &Picture,
    act: &Act,
    content: &NewContent,
) {
    let (picture, act, content) = (picture.clone(), act.clone(), content.clone());
    let done = store.write(Scope::mailbox(mailbox), move |tx| {
        let mut log = Log::begin(tx, mailbox, AT)?;
        let id = |f: bool| ids[usize::from(f)];
        match act {
            Act::File(f) => {
                emails::file(tx, &mut log, &new_email(id(f), &content), None)?;
            }
            Act::Remove(f, n) => {
                if let Some((uid, _)) = picture.pick(f, n) {
                    placements::remove(tx, &mut log, id(f), uid)?;
                }
            }
            Act::Move(f, n) => {
                if let Some((uid, _)) = picture.pick(f, n) {
                    placements::relocate(tx, &mut log, id(f), uid, id(!f))?;
                }
            }
            Act::Copy(f, n) => {
                if let Some((_, email)) = picture.pick(f, n) {
                    placements::add(tx, &mut log, id(!f), EmailId(email))?;
                }
            }
            Act::Flag(f, n, flags) => {
                if let Some((_, email)) = picture.pick(f, n) {
                    emails::set_keywords(tx, &mut log, EmailId(email), Flags(flags), "")?;
                }
            }
            Act::Delete(f, n) => {
                if let Some((uid, _)) = picture.pick(f, n) {
                    placements::set_deleted(tx, &mut log, id(f), uid, true)?;
                }
            }
        }
        log.end(tx)?;
        Ok::<_, FileError>(())
    });
    done.await.expect("done");
}

async fn stored(store: &Store, mailbox: MailboxId, ids: [FolderId; 2], model: &Picture) -> Picture {
    let mut found = Picture { uidnext: model.uidnext, next_email: model.next_email, ..Picture::default() };
    for (n, id) in ids.into_iter().enumerate() {
        for p in store.read(move |tx| placements::page(tx, mailbox, id, None, 0, 1000)).await.expect("read") {
            found.folders[n].insert(p.uid, (p.email.0, p.flags.contains(Flags::DELETED)));
            found.flags.insert(p.email.0, p.flags.without(Flags::DELETED).0);
        }
    }
    found
}

async fn check(store: Store, acts: Vec<Act>, name: &'static str) {
    let alice = mailbox(&store, name).await;
    let ids = [folder(&store, alice, SpecialUse::Inbox).await, folder(&store, alice, SpecialUse::Trash).await];
    let content = content(&store, "four");
    let mut model = Picture { uidnext: [1, 1], next_email: 1, ..Picture::default() };
    let middle = acts.len() / 2;
    let mut snapshot = (ModSeq(0), model.clone());
    for (n, act) in acts.iter().enumerate() {
        if n == middle {
            snapshot = (store.read(move |tx| changes::current(tx, alice)).await.expect("read"), model.clone());
        }
        perform(&store, alice, ids, &model, act, &content).await;
        model.apply(act);
    }
    let found = stored(&store, alice, ids, &model).await;
    assert_eq!(found, model);
    let used = store.read(move |tx| changes::used(tx, alice)).await.expect("read");
    assert_eq!(used, 4 * model.flags.len() as u64, "every email counts once");
    replay(&store, alice, ids, snapshot, &model).await;
}

/// The log after the snapshot must name every placement and email that differs, and none may be missing.
async fn replay(store: &Store, alice: MailboxId, ids: [FolderId; 2], snapshot: (ModSeq, Picture), model: &Picture) {
    let (since, old) = snapshot;
    let rows = store.read(move |tx| changes::since(tx, alice, since, u32::MAX)).await.expect("read");
    for (n, id) in ids.into_iter().enumerate() {
        let named: BTreeSet<u32> = rows.iter().filter(|c| c.folder == Some(id)).filter_map(|c| c.uid).collect();
        let differs = |uid: &u32| old.folders[n].get(uid) != model.folders[n].get(uid);
        let missing: Vec<_> = old.folders[n]
            .keys()
            .chain(model.folders[n].keys())
            .filter(|uid| differs(uid) && !named.contains(uid))
            .collect();
        assert!(missing.is_empty(), "{missing:?} changed without a row in the log");
    }
    let flagged: BTreeSet<i64> = rows.iter().filter_map(|c| c.email).map(|e| e.0).collect();
    for (email, flags) in &model.flags {
        assert!(old.flags.get(email) == Some(flags) || flagged.contains(email), "email {email} changed without a row");
    }
}

#[test]
fn the_store_agrees_with_the_model() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    let acts = prop::collection::vec(act(), 1..40);
    let result = runner.run(&acts, |acts| {
        runtime.block_on(on_both(|store| check(store, acts.clone(), "alice")));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}
