//! Roles and their members.

use super::{OPERATOR, on_desks, person};
use crate::{NewRole, RoleError, UpdateRole};
use postroom_model::role::ADMINISTRATORS;
use postroom_model::{Privilege, Right, RightSet, RoleType};
use std::collections::BTreeSet;

fn new(id: &str) -> NewRole {
    NewRole { id: id.to_owned(), ..NewRole::default() }
}

#[tokio::test]
async fn members_of_the_administrators_are_administrators() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let key = desk.directory.org().role_by_id(ADMINISTRATORS).expect("built in").key;
        assert!(desk.directory.list_users(person(ana)).is_err());
        let members = UpdateRole { members: Some(BTreeSet::from([ana])), ..UpdateRole::default() };
        assert!(desk.directory.update_role(person(bo), key, members.clone()).await.is_err());
        desk.directory.update_role(OPERATOR, key, members).await.expect("a member");
        assert_eq!(desk.directory.list_users(person(ana)).expect("an administrator").len(), 2);
        let rename = UpdateRole { description: Some("x".into()), ..UpdateRole::default() };
        assert!(matches!(desk.directory.update_role(OPERATOR, key, rename).await, Err(RoleError::System(_))));
        assert!(matches!(desk.directory.delete_role(OPERATOR, key).await, Err(RoleError::System(_))));
    })
    .await;
}

#[tokio::test]
async fn roles_are_made_changed_and_deleted() {
    on_desks(|desk| async move {
        let (ana, team) = (desk.user("ana").await, desk.shared("team").await);
        for bad in ["", " x", "$x", "a\nb"] {
            assert!(matches!(desk.directory.create_role(OPERATOR, new(bad)).await, Err(RoleError::BadId)), "{bad:?}");
        }
        let refused = NewRole { members: BTreeSet::from([team]), ..new("Team") };
        assert!(matches!(desk.directory.create_role(OPERATOR, refused).await, Err(RoleError::NoUser(_))));
        let made = NewRole { members: BTreeSet::from([ana]), privilege: Privilege::Admin, ..new("Team") };
        let key = desk.directory.create_role(OPERATOR, made).await.expect("made");
        assert!(matches!(desk.directory.create_role(OPERATOR, new("Team")).await, Err(RoleError::Taken(_))));
        assert_eq!(desk.directory.org().privilege(ana), Privilege::Admin);
        desk.grant_role(team, key, RightSet::NONE.with(Right::MessageRead)).await;
        assert_eq!(desk.directory.org().reachable(ana), [team]);
        let assignment = UpdateRole { role_type: Some(RoleType::Assignment), ..UpdateRole::default() };
        let refused = desk.directory.update_role(OPERATOR, key, assignment).await;
        assert!(matches!(refused, Err(RoleError::HasGrants(_))));
        desk.directory.delete_role(OPERATOR, key).await.expect("deleted");
        assert!(desk.directory.org().reachable(ana).is_empty());
        assert_eq!(desk.directory.org().privilege(ana), Privilege::User);
    })
    .await;
}
