//! Replacing emails one after the other gives the same picture as making it of the result.

use super::*;
use postroom_store::folders::Folder;

fn message(email: i64, thread: i64, at: i64, seen: bool, spots: &[(i64, bool)]) -> Message {
    Message {
        email: EmailId(email),
        thread: ThreadId(thread),
        content: ContentId(email),
        size: 10,
        received_at: Time(at),
        flags: if seen { Flags::SEEN } else { Flags::NONE },
        keywords: Arc::from(""),
        has_attachment: false,
        spots: spots
            .iter()
            .map(|(folder, deleted)| Spot { folder: FolderId(*folder), uid: 1, deleted: *deleted })
            .collect(),
    }
}

fn no_folders() -> Tree {
    Tree::new(Vec::<Folder>::new())
}

/// All of a picture that can be compared.
fn shown(whole: &Whole) -> Vec<String> {
    let mut lines = Vec::new();
    for folder in [None, Some(FolderId(1)), Some(FolderId(2))] {
        let order = whole.order(folder).cloned().unwrap_or_default();
        let (emails, leaders) = (order.keys(Folding::Emails), order.keys(Folding::Threads));
        lines.push(format!("{folder:?} {emails:?} {leaders:?} {} {}", order.unread, order.unread_threads));
    }
    lines
}

#[test]
fn one_after_the_other_is_all_at_once() {
    let first = vec![
        message(1, 1, 10, true, &[(1, false)]),
        message(2, 1, 20, false, &[(1, false), (2, false)]),
        message(3, 3, 15, false, &[(2, true)]),
    ];
    let mut whole = Whole::new(ModSeq(1), no_folders(), first);
    let steps: Vec<(Vec<i64>, Vec<Message>)> = vec![
        // The newest of a conversation moves away; another is read; one comes in front; one is unhidden; one goes.
        (vec![2], vec![message(2, 1, 20, false, &[(2, false)])]),
        (vec![2], vec![message(2, 1, 20, true, &[(2, false)])]),
        (vec![4], vec![message(4, 1, 5, false, &[(1, false), (1, false)])]),
        (vec![3], vec![message(3, 3, 15, false, &[(2, false)])]),
        (vec![1, 2], vec![]),
    ];
    let mut now: BTreeMap<i64, Message> =
        whole.messages().map(|message| (message.email.0, (**message).clone())).collect();
    for (touched, messages) in steps {
        let ids: Vec<EmailId> = touched.iter().map(|id| EmailId(*id)).collect();
        whole.replace(&ids, messages.clone());
        touched.iter().for_each(|id| drop(now.remove(id)));
        now.extend(messages.into_iter().map(|message| (message.email.0, message)));
        let anew = Whole::new(ModSeq(1), no_folders(), now.values().cloned().collect());
        assert_eq!(shown(&whole), shown(&anew));
    }
    assert_eq!(whole.len(), 2);
}
