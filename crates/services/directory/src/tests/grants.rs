//! Who may grant what to whom, and what explaining it says.

use super::{Desk, OPERATOR, on_desks, person};
use crate::{AclChange, GrantError, Held, NewRole, SetGrant};
use postroom_model::role::ADMINISTRATORS;
use postroom_model::{FolderId, Grantee, MailboxId, Origin, Preset, Right, RightSet, RoleKey, RoleType};
use std::collections::BTreeSet;

fn one(right: Right) -> RightSet {
    RightSet::NONE.with(right)
}

fn grant(mailbox: MailboxId, grantee: Grantee, rights: RightSet) -> SetGrant {
    SetGrant { mailbox, grantee, folder: None, rights, automap: true, origin: Origin::Admin }
}

impl Desk {
    pub(crate) async fn grant(&self, mailbox: MailboxId, to: MailboxId, rights: RightSet) {
        let wanted = grant(mailbox, Grantee::Person(to), rights);
        self.directory.set_grant(OPERATOR, wanted).await.expect("granted");
    }

    pub(crate) async fn grant_role(&self, mailbox: MailboxId, to: RoleKey, rights: RightSet) {
        self.directory.set_grant(OPERATOR, grant(mailbox, Grantee::Role(to), rights)).await.expect("granted");
    }
}

#[tokio::test]
async fn what_cannot_be_granted_is_refused_with_the_reason() {
    on_desks(|desk| async move {
        let (ana, team) = (desk.user("ana").await, desk.shared("team").await);
        let administrators = desk.directory.org().role_by_id(ADMINISTRATORS).expect("built in").key;
        let duty = NewRole { id: "Duty".into(), role_type: RoleType::Assignment, ..NewRole::default() };
        let duty = desk.directory.create_role(OPERATOR, duty).await.expect("made");
        let read = one(Right::MessageRead);
        let narrowed =
            |folder, rights| SetGrant { folder: Some(FolderId(folder)), ..grant(team, Grantee::Person(ana), rights) };
        let cases = [
            (grant(MailboxId(999), Grantee::Person(ana), read), "no such mailbox"),
            (grant(team, Grantee::Person(team), read), "rights of the owner"),
            (grant(ana, Grantee::Person(team), read), "there is no such user"),
            (grant(team, Grantee::Role(RoleKey(999)), read), "there is no such role"),
            (grant(team, Grantee::Role(administrators), read), "is one of the system"),
            (grant(team, Grantee::Role(duty), read), "is of the type assignment"),
            (grant(team, Grantee::Person(ana), RightSet::NONE), "at least one right"),
            (narrowed(999, read), "no such folder in team"),
            (narrowed(1, one(Right::SendAs).with(Right::MessageRead)), "send.as cannot be narrowed"),
        ];
        for (wanted, expected) in cases {
            let text = desk.directory.set_grant(OPERATOR, wanted).await.expect_err(expected).to_string();
            assert!(text.contains(expected), "{text}");
        }
        assert!(desk.directory.org().grants_on(team).is_empty());
        desk.directory.set_grant(OPERATOR, narrowed(1, read)).await.expect("a folder that is there");
    })
    .await;
}

#[tokio::test]
async fn managers_grant_to_others_and_strangers_see_nothing() {
    on_desks(|desk| async move {
        let [ana, bo, eve] = [desk.user("ana").await, desk.user("bo").await, desk.user("eve").await];
        let team = desk.shared("team").await;
        let role = NewRole { id: "Team".into(), members: BTreeSet::from([ana]), ..NewRole::default() };
        let role = desk.directory.create_role(OPERATOR, role).await.expect("made");
        desk.grant(team, ana, Preset::Manager.rights()).await;
        desk.grant(team, bo, one(Right::MessageRead)).await;
        let read = one(Right::MessageRead);
        let set = |actor, to| desk.directory.set_grant(person(actor), grant(team, to, read));
        set(ana, Grantee::Person(eve)).await.expect("a manager grants");
        let gone = desk.directory.remove_grant(person(ana), team, Grantee::Person(eve), None).await;
        assert!(gone.expect("a manager takes away"));
        let cases = [
            (ana, Grantee::Person(ana), "does not change their own rights"),
            (ana, Grantee::Role(role), "a role they are in"),
            (bo, Grantee::Person(bo), "needs the right mailbox.manage"),
            (eve, Grantee::Person(eve), "there is no such mailbox"),
        ];
        for (actor, to, expected) in cases {
            let text = set(actor, to).await.expect_err(expected).to_string();
            assert!(text.contains(expected), "{text}");
        }
        // A user shares their own mailbox; nobody changes what the owner holds.
        desk.directory.set_grant(person(eve), grant(eve, Grantee::Person(bo), read)).await.expect("the owner");
        let refused = desk.directory.set_grant(OPERATOR, grant(eve, Grantee::Person(eve), read)).await;
        assert!(matches!(refused, Err(GrantError::NotAllowed(_))));
    })
    .await;
}

#[tokio::test]
async fn acl_commands_leave_what_they_cannot_name() {
    on_desks(|desk| async move {
        let (ana, team) = (desk.user("ana").await, desk.shared("team").await);
        let grantee = Grantee::Person(ana);
        let calendar = one(Right::CalendarRead);
        desk.grant(team, ana, calendar.with(Right::SendAs)).await;
        let change = |wanted| desk.directory.change_acl(OPERATOR, team, grantee, None, wanted);
        let read = one(Right::MessageRead);
        assert_eq!(change(AclChange::Replace(read)).await.expect("replaced"), calendar.union(read));
        let more = one(Right::MessageSeen);
        assert_eq!(change(AclChange::Add(more)).await.expect("added"), calendar.union(read).union(more));
        assert_eq!(change(AclChange::Remove(read.union(more))).await.expect("removed"), calendar);
        assert_eq!(desk.directory.org().grants_on(team)[0].origin, Origin::Acl);
        let folder = Some(FolderId(1));
        let on_folder = |wanted| desk.directory.change_acl(OPERATOR, team, grantee, folder, wanted);
        assert_eq!(on_folder(AclChange::Replace(read)).await.expect("narrowed"), read);
        assert!(on_folder(AclChange::Add(one(Right::SendAs))).await.is_err());
        assert_eq!(on_folder(AclChange::Replace(RightSet::NONE)).await.expect("gone"), RightSet::NONE);
        assert_eq!(desk.directory.org().grants_on(team).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn explaining_names_every_source() {
    on_desks(|desk| async move {
        let (ana, eve, team) = (desk.user("ana").await, desk.user("eve").await, desk.shared("team").await);
        let role = NewRole { id: "Team".into(), members: BTreeSet::from([ana]), ..NewRole::default() };
        let role = desk.directory.create_role(OPERATOR, role).await.expect("made");
        desk.grant_role(team, role, one(Right::MessageRead)).await;
        desk.grant(team, ana, one(Right::MailboxManage)).await;
        let wanted = grant(team, Grantee::Person(ana), one(Right::MessageDelete));
        desk.directory.set_grant(OPERATOR, SetGrant { folder: Some(FolderId(1)), ..wanted }).await.expect("narrowed");
        let explained = desk.directory.explain(OPERATOR, "ana", "team@example.org", None).await.expect("explained");
        let of = |right: Right| explained.rights.iter().find(|line| line.right == right.as_str()).expect("a line");
        assert_eq!(
            (of(Right::MessageRead).held, &of(Right::MessageRead).from[..]),
            (Held::Whole, &["role Team".to_owned()][..])
        );
        assert_eq!(of(Right::MailboxManage).from, ["direct grant"]);
        let narrowed = of(Right::MessageDelete);
        assert_eq!(
            (narrowed.held, narrowed.from[0].as_str()),
            (Held::Folders, "direct grant, in the folder Inbox and below it")
        );
        assert_eq!(of(Right::SendAs).held, Held::No);
        assert_eq!(explained.can_grant, ["ana", "an administrator"]);
        let text = explained.to_string();
        assert!(text.contains("message.read         yes"), "{text}");
        let own = desk.directory.explain(OPERATOR, "ana", "ana", Some(Right::SendAs)).await.expect("explained");
        assert_eq!((own.rights.len(), own.rights[0].from[0].as_str()), (1, "own mailbox"));
        let stranger = desk.directory.explain(OPERATOR, "eve", "team", None).await.expect("explained");
        assert!(stranger.notes[0].contains("does not exist for this user"));
        assert!(desk.directory.explain(person(eve), "ana", "team", None).await.is_err());
        assert!(desk.directory.explain(OPERATOR, "nobody", "team", None).await.is_err());
    })
    .await;
}
