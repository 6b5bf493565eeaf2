//! The one-time link for the first administrator.

use super::{OPERATOR, names, on_desks};
use crate::{CreateError, FirstAdministrator, NewUser, Secret, SetupError};
use postroom_model::Privilege;

fn first(name: &str) -> FirstAdministrator {
    FirstAdministrator {
        name: name.to_owned(),
        display_name: String::new(),
        address: format!("{name}@new.example"),
        password: Secret::new("a long one"),
    }
}

#[tokio::test]
async fn the_first_administrator_comes_by_a_link_that_holds_once() {
    on_desks(|desk| async move {
        desk.user("bo").await;
        let directory = &desk.directory;
        assert!(
            !directory.setup_is_open()
                && matches!(directory.finish_setup("", first("ana")).await, Err(SetupError::NoLink))
        );
        let old = directory.open_setup().expect("random").expect("no administrator");
        let token = directory.open_setup().expect("random").expect("still none");
        for wrong in ["", "x", old.expose()] {
            assert!(matches!(directory.finish_setup(wrong, first("ana")).await, Err(SetupError::NoLink)));
        }
        let taken = directory.finish_setup(token.expose(), first("bo")).await;
        assert!(matches!(taken, Err(SetupError::User(CreateError::NameTaken(_)))), "the link still holds");
        let bad = FirstAdministrator { address: "ana".to_owned(), ..first("ana") };
        assert!(matches!(directory.finish_setup(token.expose(), bad).await, Err(SetupError::BadAddress(_))));
        let signed_in = directory.finish_setup(token.expose(), first("ana")).await.expect("made");
        let org = directory.org();
        assert_eq!(org.privilege(signed_in.person), Privilege::Admin);
        assert!(org.person("ana@new.example").is_some_and(|ana| ana.id == signed_in.person));
        assert!(directory.still_valid(&signed_in).await);
        assert!(matches!(directory.finish_setup(token.expose(), first("eve")).await, Err(SetupError::NoLink)));
        assert!(directory.open_setup().expect("random").is_none() && desk.sign_in("ana", "a long one").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn an_administrator_who_came_another_way_closes_the_link() {
    on_desks(|desk| async move {
        let token = desk.directory.open_setup().expect("random").expect("no administrator");
        let new = NewUser { names: names("root"), privilege: Privilege::Admin, ..NewUser::default() };
        desk.directory.create_user(OPERATOR, new).await.expect("made");
        assert!(!desk.directory.setup_is_open());
        assert!(matches!(desk.directory.finish_setup(token.expose(), first("eve")).await, Err(SetupError::NoLink)));
    })
    .await;
}
