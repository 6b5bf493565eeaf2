//! The record: who reads it, and that old rows go.

use super::{OPERATOR, on_desks, person};
use crate::{AuditError, AuditFilter};
use postroom_model::{Clock, Door, Outcome, Preset, Right, RightSet};

#[tokio::test]
async fn managers_read_the_record_of_their_mailbox() {
    on_desks(|desk| async move {
        let [ana, bo, eve] = [desk.user("ana").await, desk.user("bo").await, desk.user("eve").await];
        let team = desk.shared("team").await;
        desk.grant(team, ana, Preset::Manager.rights()).await;
        desk.grant(team, bo, RightSet::NONE.with(Right::MessageRead)).await;
        let page = |actor, mailbox| desk.directory.audit_page(actor, mailbox, None, 10);
        let lines = page(person(ana), Some(team)).await.expect("a manager");
        let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["grant.set", "grant.set", "mailbox.create"]);
        assert_eq!(lines[0].detail, "user bo: nothing -> message.read");
        assert_eq!((lines[0].mailbox_name.as_deref(), lines[0].who.as_str()), (Some("team"), "operator"));
        assert!(matches!(page(person(bo), Some(team)).await, Err(AuditError::NotAllowed(_))));
        assert!(matches!(page(person(eve), Some(team)).await, Err(AuditError::NotFound)));
        assert!(matches!(page(person(ana), None).await, Err(AuditError::NotAllowed(_))));
        let older = desk.directory.audit_page(OPERATOR, Some(team), Some(lines[0].id), 1).await.expect("older");
        assert_eq!(older, lines[1..2]);
    })
    .await;
}

#[tokio::test]
async fn filters_leave_what_they_name() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let team = desk.shared("team").await;
        desk.grant(team, ana, Preset::Manager.rights()).await;
        let denied = desk.directory.set_plan(person(ana), None).await;
        assert!(denied.is_err());
        let find = async |filter: AuditFilter| {
            let found = desk.directory.audit_find(OPERATOR, filter, None, 100).await.expect("an administrator");
            found.into_iter().map(|line| line.action).collect::<Vec<String>>()
        };
        let none = AuditFilter::default;
        let all = find(none()).await;
        assert_eq!(all, ["plan.set", "grant.set", "mailbox.create", "user.create", "domain.create"]);
        assert_eq!(find(AuditFilter { action: Some("grant".to_owned()), ..none() }).await, ["grant.set"]);
        // No pattern of the database: the text as it is.
        assert!(find(AuditFilter { action: Some("%".to_owned()), ..none() }).await.is_empty());
        assert!(find(AuditFilter { action: Some("grant_set".to_owned()), ..none() }).await.is_empty());
        assert_eq!(find(AuditFilter { person: Some(ana), ..none() }).await.len(), 1);
        assert_eq!(find(AuditFilter { outcome: Some(Outcome::Denied), ..none() }).await.len(), 1);
        assert_eq!(find(AuditFilter { mailbox: Some(team), ..none() }).await, ["grant.set", "mailbox.create"]);
        assert!(find(AuditFilter { door: Some(Door::Pop3), ..none() }).await.is_empty());
        let now = desk.clock.now();
        assert_eq!(find(AuditFilter { since: Some(now), ..none() }).await, all);
        assert!(find(AuditFilter { until: Some(now), ..none() }).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn old_rows_go_and_new_ones_stay() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let before = desk.record().await.len();
        desk.clock.forward(1000);
        desk.user("bo").await;
        let gone = desk.directory.prune_audit(desk.clock.now()).await.expect("pruned");
        assert_eq!(gone, before as u64);
        assert_eq!(desk.record().await, ["user.create done"]);
    })
    .await;
}

#[tokio::test]
async fn the_lists_are_plain_json() {
    on_desks(|desk| async move {
        let (ana, team) = (desk.user("ana").await, desk.shared("team").await);
        desk.grant(team, ana, RightSet::NONE.with(Right::SendAs)).await;
        let json = |value: serde_json::Value| value.to_string();
        let of = |value| json(serde_json::to_value(value).expect("it serialises"));
        assert!(of(desk.directory.list_users(OPERATOR).expect("users")).contains(r#""name":"ana""#));
        let mailboxes = of(desk.directory.list_mailboxes(OPERATOR));
        assert!(mailboxes.contains(r#""kind":"shared""#) && !mailboxes.contains(r#""name":"ana""#), "{mailboxes}");
        let grants = json(
            serde_json::to_value(desk.directory.list_grants(OPERATOR, None).expect("grants")).expect("it serialises"),
        );
        assert!(grants.contains(r#""rights":["send.as"]"#), "{grants}");
        let roles =
            json(serde_json::to_value(desk.directory.list_roles(OPERATOR).expect("roles")).expect("it serialises"));
        assert!(roles.contains(r#""made_by":"system""#), "{roles}");
        let domains =
            json(serde_json::to_value(desk.directory.list_domains(OPERATOR).expect("domains")).expect("it serialises"));
        assert_eq!(domains, r#"[{"addresses":2,"name":"example.org"}]"#);
    })
    .await;
}
