//! Sessions of browsers: what begins and resumes them, and all that ends them.

use super::{Desk, OPERATOR, on_desks, person};
use crate::{Credential, EnterError, Means, NewApplication, Secret, SessionError, SessionFrom, SignInError, SignedIn};
use postroom_model::{Door, MailboxKind};

const DAY: i64 = 24 * 3_600_000;

impl Desk {
    pub(crate) async fn begin(&self, login: &str, password: &str) -> (SignedIn, Secret) {
        let directory = &self.directory;
        let signed_in = directory.sign_in_with_account_password(login, password, Door::Admin, None).await.expect("in");
        let from = SessionFrom {
            user_agent: format!("Browser\r\n{}", "x".repeat(1000)),
            door: Door::Admin,
            peer: Some("::ffff:192.0.2.7".parse().expect("an address")),
        };
        directory.begin_session(signed_in, from).await.expect("begun")
    }

    pub(crate) async fn resume(&self, token: &Secret) -> Result<SignedIn, EnterError> {
        self.directory.enter(Credential::Session(token.expose()), Door::Admin, None).await
    }

    async fn ended(&self, token: &Secret) -> bool {
        matches!(self.resume(token).await, Err(EnterError::Ended))
    }
}

#[tokio::test]
async fn a_session_is_resumed_and_listed() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let (begun, token) = desk.begin("ana@example.org", "ana").await;
        for _ in 0..2 {
            assert_eq!(desk.resume(&token).await.expect("resumed"), begun);
        }
        let Means::Session(id) = begun.means else { panic!("{begun:?}") };
        let lines = desk.directory.list_sessions(person(ana), ana).await.expect("listed");
        assert_eq!(
            (lines.len(), lines[0].id, lines[0].address.as_str(), lines[0].door.as_str()),
            (1, id, "192.0.2.7", "admin")
        );
        assert!(lines[0].user_agent.starts_with("Browserxx") && lines[0].user_agent.len() == 300);
        let refused = desk.directory.list_sessions(person(bo), ana).await;
        assert!(matches!(refused, Err(SessionError::NotAllowed(_))));
        assert!(desk.ended(&Secret::new("no such token")).await);
        assert!(desk.record().await.contains(&"session.begin done".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_one_session_at_once() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let ((here, here_token), (there, there_token)) =
            (desk.begin("ana", "ana").await, desk.begin("ana", "ana").await);
        desk.resume(&here_token).await.expect("remembered");
        let Means::Session(id) = here.means else { panic!("{here:?}") };
        assert!(matches!(desk.directory.end_session(person(bo), bo, id).await, Err(SessionError::NotFound)));
        assert!(matches!(desk.directory.end_session(person(bo), ana, id).await, Err(SessionError::NotAllowed(_))));
        desk.directory.end_session(person(ana), ana, id).await.expect("ended");
        assert!(desk.ended(&here_token).await && !desk.directory.still_valid(&here).await);
        assert_eq!(desk.resume(&there_token).await.expect("goes on"), there);
        let (_, third) = desk.begin("ana", "ana").await;
        let Means::Session(kept) = there.means else { panic!("{there:?}") };
        assert_eq!(desk.directory.end_sessions(person(ana), ana, Some(kept)).await.expect("ended"), 1);
        assert!(desk.ended(&third).await && desk.resume(&there_token).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_when_it_is_old() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let (_, idle) = desk.begin("ana", "ana").await;
        let (_, used) = desk.begin("ana", "ana").await;
        for day in 1..=30 {
            desk.clock.forward(DAY);
            assert_eq!(desk.resume(&used).await.is_ok(), day < 30, "used every day, on day {day}");
            if day == 7 {
                assert!(desk.ended(&idle).await, "not used for a week");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_changes_the_account_ends_its_sessions() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let bo = desk.user("bo").await;
        let (_, others) = desk.begin("bo", "bo").await;
        let (first, token) = desk.begin("ana", "ana").await;
        desk.directory.set_password(person(ana), ana, Secret::new("new")).await.expect("set");
        assert!(desk.ended(&token).await && !desk.directory.still_valid(&first).await);
        let (_, token) = desk.begin("ana", "new").await;
        desk.directory.remove_password(OPERATOR, ana).await.expect("removed");
        assert!(desk.ended(&token).await);
        desk.directory.set_password(OPERATOR, ana, Secret::new("new")).await.expect("set");
        let (second, token) = desk.begin("ana", "new").await;
        desk.directory.convert(OPERATOR, ana, MailboxKind::Shared).await.expect("converted");
        assert!(desk.ended(&token).await && !desk.directory.still_valid(&second).await);
        desk.directory.convert(OPERATOR, ana, MailboxKind::User).await.expect("converted back");
        assert!(desk.ended(&token).await, "it does not come back");
        assert!(desk.resume(&others).await.is_ok(), "nobody else is signed out");
        desk.directory.delete_mailbox(OPERATOR, bo).await.expect("deleted");
        assert!(desk.ended(&others).await);
    })
    .await;
}

#[tokio::test]
async fn an_application_password_begins_no_session_and_ends_alone() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let new = NewApplication { label: "phone".to_owned(), ..NewApplication::default() };
        let (id, secret) = desk.directory.create_application_password(person(ana), ana, new).await.expect("made");
        let refused = desk.directory.sign_in_with_account_password("ana", secret.expose(), Door::Admin, None).await;
        assert!(matches!(refused, Err(SignInError::Refused)));
        let (_, token) = desk.begin("ana", "ana").await;
        let phone = desk.sign_in("ana", secret.expose()).await.expect("in");
        let desktop = desk.sign_in("ana", "ana").await.expect("in");
        desk.directory.remove_application_password(person(ana), ana, id).await.expect("removed");
        assert!(!desk.directory.still_valid(&phone).await);
        assert!(desk.directory.still_valid(&desktop).await && desk.resume(&token).await.is_ok());
    })
    .await;
}
