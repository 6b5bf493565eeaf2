use super::*;
use crate::FolderError;

async fn paths(world: &World, person: MailboxId, mailbox: MailboxId) -> Vec<String> {
    let found = world.mail.folders(Actor::person(person, Door::Imap), mailbox).await.expect("listed");
    found.into_iter().map(|folder| folder.path).collect()
}

#[tokio::test]
async fn every_mailbox_has_its_folders_and_they_stay() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let all = ["Deleted Items", "Drafts", "Inbox", "Junk", "Outbox", "Sent Items"];
        assert_eq!(paths(&world, world.alice, world.alice).await, all);
        let own = world.open(world.alice, world.alice).await.expect("opened");
        for path in all {
            assert!(matches!(world.mail.delete_folder(&own, path).await, Err(FolderError::SpecialUse(_))), "{path}");
            assert!(matches!(world.mail.rename_folder(&own, path, "Other").await, Err(FolderError::SpecialUse(_))));
        }
    })
    .await;
}

#[tokio::test]
async fn folders_are_made_renamed_and_deleted() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let own = world.open(world.alice, world.alice).await.expect("opened");
        let mail = &world.mail;
        mail.create_folder(&own, "Work/2026/Q1").await.expect("made with what is above it");
        assert!(matches!(mail.create_folder(&own, "Work/2026").await, Err(FolderError::Exists)));
        assert!(matches!(mail.create_folder(&own, "inbox").await, Err(FolderError::Exists)));
        assert!(matches!(mail.create_folder(&own, "a//b").await, Err(FolderError::BadName(_))));
        assert!(matches!(mail.delete_folder(&own, "Work").await, Err(FolderError::HasChildren)));
        assert!(matches!(mail.rename_folder(&own, "Work", "Work/2026/Inside").await, Err(FolderError::BelowItself)));
        mail.rename_folder(&own, "Work/2026", "Archive/Old").await.expect("renamed");
        let found = paths(&world, world.alice, world.alice).await;
        assert!(found.contains(&"Archive/Old/Q1".to_owned()) && !found.contains(&"Work/2026".to_owned()), "{found:?}");
        mail.delete_folder(&own, "Archive/Old/Q1").await.expect("deleted");
        assert!(matches!(mail.open_folder(&own, "Archive/Old/Q1").await, Err(AccessError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_folder_never_comes_back_with_its_old_uidvalidity() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let own = world.open(world.alice, world.alice).await.expect("opened");
        let mut last = 0;
        for _ in 0..3 {
            world.mail.create_folder(&own, "Again").await.expect("made");
            let now =
                world.mail.open_folder(&own, "Again").await.expect("there").refresh().await.expect("read").uidvalidity;
            assert!(now > last);
            last = now;
            world.mail.delete_folder(&own, "Again").await.expect("deleted");
        }
    })
    .await;
}

#[tokio::test]
async fn deleting_a_folder_without_purge_keeps_the_mail() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent", "folder.create", "folder.delete"]).await;
        let opened = world.open(world.alice, world.support).await.expect("opened");
        world.mail.create_folder(&opened, "Done").await.expect("made");
        let done = world.mail.open_folder(&opened, "Done").await.expect("there");
        world.append(&done, "x").await;
        world.mail.delete_folder(&opened, "Done").await.expect("deleted");
        let trash = world.folder(world.alice, world.support, SpecialUse::Trash).await;
        assert_eq!(uids(&trash).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn folder_rights_are_asked_for() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent"]).await;
        let opened = world.open(world.alice, world.support).await.expect("opened");
        let refused = world.mail.create_folder(&opened, "Mine").await.expect_err("an agent makes no folders");
        assert!(matches!(refused, FolderError::Access(error) if denied(&error) == Some(Right::FolderCreate)));
        world.grant(world.alice, &["preset:send_only"]).await;
        assert_eq!(paths(&world, world.alice, world.support).await, Vec::<String>::new());
        assert!(matches!(world.mail.open_folder(&opened, "Inbox").await, Err(AccessError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn subscriptions_are_each_persons_own() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent"]).await;
        world.grant(world.bob, &["preset:agent"]).await;
        let opened = world.open(world.alice, world.support).await.expect("opened");
        world.mail.subscribe(&opened, "Junk", false).await.expect("unsubscribed");
        for (person, want) in [(world.alice, false), (world.bob, true)] {
            let found = world.mail.folders(Actor::person(person, Door::Imap), world.support).await.expect("listed");
            let junk = found.iter().find(|folder| folder.path == "Junk").expect("there");
            assert_eq!(junk.subscribed, want);
        }
    })
    .await;
}
