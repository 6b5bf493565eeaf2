use super::*;
use postroom_store::testing::on_both;
use std::os::unix::fs::PermissionsExt;

#[test]
fn opens_only_what_was_sealed_for_the_same_row_and_not_altered() {
    let key = SealingKey::fresh().expect("a key");
    let sealed = key.seal("inbound_service 7", b"hunter2").expect("sealed");
    assert!(!sealed.windows(7).any(|part| part == b"hunter2"));
    assert_eq!(key.open("inbound_service 7", &sealed).expect("opened"), b"hunter2");
    assert_eq!(key.open("inbound_service 8", &sealed), Err(NotOpened));
    assert_eq!(SealingKey::fresh().expect("a key").open("inbound_service 7", &sealed), Err(NotOpened));
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert_eq!(key.open("inbound_service 7", &altered), Err(NotOpened), "octet {at}");
        assert_eq!(key.open("inbound_service 7", &sealed[..at]), Err(NotOpened), "cut at {at}");
    }
    let again = key.seal("inbound_service 7", b"hunter2").expect("sealed");
    assert_ne!(sealed, again, "the same secret never looks the same");
    assert_eq!(format!("{key:?}"), "SealingKey(••••)");
}

#[tokio::test]
async fn the_key_is_made_once_kept_private_and_recognised() {
    on_both(|store| async move {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/secrets.key");
        let key = SealingKey::load(&path, &store).await.expect("made");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let sealed = key.seal("x 1", b"secret").expect("sealed");
        let again = SealingKey::load(&path, &store).await.expect("read");
        assert_eq!(again.open("x 1", &sealed).expect("the same key"), b"secret");

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
        assert!(matches!(SealingKey::load(&path, &store).await, Err(SealingError::Exposed(_))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        std::fs::write(&path, "too short\n").expect("written");
        assert!(matches!(SealingKey::load(&path, &store).await, Err(SealingError::Malformed(_))));
        std::fs::write(&path, STANDARD.encode([7; KEY_LEN])).expect("written");
        assert!(matches!(SealingKey::load(&path, &store).await, Err(SealingError::Another(_))));
        std::fs::remove_file(&path).expect("removed");
        assert!(matches!(SealingKey::load(&path, &store).await, Err(SealingError::Missing(_))));
        assert!(!path.exists(), "no key is made where one is missing");
    })
    .await;
}
