use super::*;
use crate::command::fetch::FetchItem;
use crate::command::notify::{EventGroup, Events, Folders, Notify};

fn messages() -> Events {
    Events { message_new: true, message_expunge: true, ..Events::default() }
}

fn set(status: bool, groups: Vec<(Folders, Events)>) -> Command {
    let groups = groups.into_iter().map(|(folders, events)| EventGroup { folders, events }).collect();
    Command::Notify(Notify::Set { status, groups })
}

#[test]
fn what_may_be_asked_for() {
    check("NOTIFY NONE", Command::Notify(Notify::None));
    let fetch = vec![FetchItem::Uid, FetchItem::Flags];
    let selected = Events { fetch, flag_change: true, ..messages() };
    check(
        "notify set (SELECTED (MessageNew (UID FLAGS) MessageExpunge FlagChange))",
        set(false, vec![(Folders::Selected, selected)]),
    );
    let name = |name: &str| FolderName::decode(name.as_bytes(), false);
    let tree = Events { mailbox_name: true, subscription_change: true, ..messages() };
    check(
        "NOTIFY SET STATUS (selected-delayed NONE) (subtree (a \"b c\") (messagenew messageexpunge MailboxName \
         SubscriptionChange)) (mailboxes INBOX (MessageExpunge MessageNew)) (personal NONE)",
        set(
            true,
            vec![
                (Folders::SelectedDelayed, Events::default()),
                (Folders::Subtree(vec![name("a"), name("b c")]), tree),
                (Folders::Mailboxes(vec![name("INBOX")]), messages()),
                (Folders::Personal, Events::default()),
            ],
        ),
    );
    let metadata = Events { mailbox_metadata_change: true, server_metadata_change: true, ..Events::default() };
    check(
        "NOTIFY SET (inboxes (MailboxMetadataChange ServerMetadataChange))",
        set(false, vec![(Folders::Inboxes, metadata)]),
    );
    let unknown = Events { unknown: true, ..Events::default() };
    check("NOTIFY SET (subscribed (AnnotationChange))", set(false, vec![(Folders::Subscribed, unknown)]));
}

#[test]
fn what_may_not() {
    check_bad(&[
        "NOTIFY",
        "NOTIFY SET",
        "NOTIFY SET (selected)",
        "NOTIFY SET (selected ())",
        "NOTIFY SET (mailboxes () (MessageNew MessageExpunge))",
        "NOTIFY SET (everything NONE)",
        "NOTIFY SET (selected NONE) (selected-delayed NONE)",
    ]);
    check_bad(&[
        "NOTIFY SET (selected (MessageNew))",
        "NOTIFY SET (selected (MessageExpunge))",
        "NOTIFY SET (selected (FlagChange))",
        "NOTIFY SET (selected (MailboxName))",
        "NOTIFY SET (personal (MessageNew (UID) MessageExpunge))",
        "NOTIFY NONE (selected NONE)",
    ]);
}
