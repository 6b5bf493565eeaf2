//! Signing in: what opens an account, what does not, and that one cannot tell which accounts exist.

use super::{Desk, OPERATOR, cheap, on_desks, person};
use crate::scram::tests::answer;
use crate::{
    ApplicationError, Limits, Means, NewApplication, PasswordError, ScramOffer, Secret, SignInError, SignedIn,
};
use postroom_model::Door;
use postroom_store::testing::on_both;
use std::net::IpAddr;
use std::time::Duration;

const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

impl Desk {
    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, SignInError> {
        self.directory.sign_in(login, password, Door::Imap, Some(LOOPBACK)).await
    }

    async fn sign_in_from(&self, peer: &str, login: &str, password: &str) -> Result<SignedIn, SignInError> {
        let peer: IpAddr = peer.parse().expect("an address");
        self.directory.sign_in(login, password, Door::Imap, Some(peer)).await
    }

    pub(crate) async fn scram(&self, login: &str, password: &str) -> Result<SignedIn, crate::ScramRefused> {
        let first = format!("n,,n={login},r=client");
        let pending = self.directory.scram_begin(&first, ScramOffer::default(), Door::Imap, Some(LOOPBACK)).await?;
        let (last, expected) = answer(&first, pending.server_first(), password);
        let done = self.directory.scram_finish(pending, &last).await?;
        assert_eq!(done.server_final, expected);
        Ok(done.entered.signed_in)
    }
}

#[tokio::test]
async fn names_and_addresses_open_an_account_and_nothing_else_does() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        desk.shared("team").await;
        for login in ["ana", "ANA", "ana@example.org", "Ana@Example.Org"] {
            assert_eq!(desk.sign_in(login, "ana").await.expect(login).person, ana);
            // The second time it is remembered.
            assert_eq!(desk.sign_in(login, "ana").await.expect(login).person, ana);
        }
        let mut texts = Vec::new();
        for (login, password) in [
            ("ana", "wrong"),
            ("ana", ""),
            ("nobody", "ana"),
            ("nobody@example.org", "ana"),
            ("team", "team"),
            ("team@example.org", ""),
            ("", ""),
            ("\0", "\0"),
        ] {
            let refused = desk.sign_in(login, password).await.expect_err(login);
            assert!(matches!(refused, SignInError::Refused), "{login}");
            texts.push(refused.to_string());
        }
        texts.dedup();
        assert_eq!(texts, ["the name or the password is wrong"]);
    })
    .await;
}

#[tokio::test]
async fn throttling_is_the_same_whether_or_not_the_account_exists() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        desk.shared("team").await;
        let attempts = cheap().account_attempts;
        for login in ["ana", "nobody", "team"] {
            let mut answers = Vec::new();
            for attempt in 0..attempts + 2 {
                let login = if attempt % 2 == 0 { login.to_owned() } else { format!("{login}@example.org") };
                answers.push(match desk.sign_in(&login, &format!("wrong {attempt}")).await {
                    Err(SignInError::Throttled { retry_after }) => Some(retry_after),
                    Err(SignInError::Refused) => None,
                    other => panic!("{other:?}"),
                });
            }
            let mut expected = vec![None; attempts as usize];
            expected.extend([Some(Duration::from_secs(30)); 2]);
            assert_eq!(answers, expected, "{login}");
        }
        // Even the right password has to wait; then it opens.
        assert!(matches!(desk.sign_in("ana", "ana").await, Err(SignInError::Throttled { .. })));
        desk.clock.forward(30_000);
        assert!(desk.sign_in("ana", "ana").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn an_address_that_guesses_is_stopped_and_the_person_is_not() {
    on_both(|store| async {
        let limits = Limits { account_attempts: 3, address_attempts: 5, ..cheap() };
        let desk = Desk::with(store, limits).await;
        desk.user("ana").await;
        let home = "203.0.113.7";
        desk.sign_in_from(home, "ana", "ana").await.expect("known from now on");
        for (attempt, name) in ["ana", "ana", "ana", "bo", "cy"].into_iter().enumerate() {
            let refused = desk.sign_in_from("198.51.100.9", name, &format!("guess {attempt}")).await;
            assert!(matches!(refused, Err(SignInError::Refused)), "{name}");
        }
        let stopped = desk.sign_in_from("198.51.100.9", "dora", "guess").await;
        assert!(matches!(stopped, Err(SignInError::Throttled { .. })), "all names from there");
        let stopped = desk.sign_in_from("192.0.2.1", "ana", "guess").await;
        assert!(matches!(stopped, Err(SignInError::Throttled { .. })), "this name from unknown places");
        desk.clock.forward(1000);
        let fresh = Secret::new("fresh");
        let ana = desk.directory.org().person("ana").expect("there").id;
        desk.directory.set_password(OPERATOR, ana, fresh).await.expect("what was remembered is forgotten");
        desk.sign_in_from(home, "ana", "fresh").await.expect("the person is not locked out");
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_sessions_and_what_was_remembered() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let (first, other) =
            (desk.sign_in("ana", "ana").await.expect("in"), desk.sign_in("bo", "bo").await.expect("in"));
        desk.directory.set_password(person(ana), ana, Secret::new("new")).await.expect("their own");
        assert!(matches!(desk.sign_in("ana", "ana").await, Err(SignInError::Refused)));
        assert!(!desk.directory.still_valid(&first).await);
        assert!(desk.directory.still_valid(&other).await);
        let second = desk.sign_in("ana", "new").await.expect("in");
        assert!(desk.directory.still_valid(&second).await);
        let refused = desk.directory.set_password(person(bo), ana, Secret::new("x")).await;
        assert!(matches!(refused, Err(PasswordError::NotAllowed(_))));
        let team = desk.shared("team").await;
        let refused = desk.directory.set_password(OPERATOR, team, Secret::new("x")).await.expect_err("no user");
        assert!(refused.to_string().contains("only users have credentials"));
        desk.directory.remove_password(OPERATOR, ana).await.expect("removed");
        assert!(!desk.directory.still_valid(&second).await);
        assert!(desk.sign_in("ana", "new").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_remembered_password_is_forgotten_with_the_address() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        desk.sign_in("ana@example.org", "ana").await.expect("in");
        let none = crate::UpdateMailbox { addresses: Some(Vec::new()), ..crate::UpdateMailbox::default() };
        desk.directory.update_mailbox(OPERATOR, ana, none).await.expect("no address");
        assert!(desk.sign_in("ana@example.org", "ana").await.is_err());
        assert!(desk.sign_in("ana", "ana").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn application_passwords_open_until_they_expire_or_are_removed() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let new = |label: &str, expires_at| NewApplication { label: label.to_owned(), expires_at, mailbox: None };
        let make = |label, at| desk.directory.create_application_password(person(ana), ana, new(label, at));
        let (id, secret) = make("phone", None).await.expect("made");
        assert!(secret.expose().chars().filter(|c| *c != '-').count() >= 26);
        let typed = secret.expose().replace('-', " ").to_uppercase();
        for text in [secret.expose(), &typed] {
            let signed_in = desk.sign_in("ana", text).await.expect("in");
            assert_eq!((signed_in.person, signed_in.means), (ana, Means::Application(id)));
        }
        assert!(desk.sign_in("bo", secret.expose()).await.is_err(), "another account");
        let lines = desk.directory.list_application_passwords(person(ana), ana).await.expect("a list");
        assert_eq!((lines.len(), lines[0].label.as_str(), lines[0].last_used_at.is_some()), (1, "phone", true));
        let refused = desk.directory.list_application_passwords(person(bo), ana).await;
        assert!(matches!(refused, Err(ApplicationError::NotAllowed(_))));

        let soon = postroom_model::Clock::now(&*desk.clock).plus_millis(1000);
        let (_, short) = make("visit", Some(soon)).await.expect("made");
        assert!(desk.sign_in("ana", short.expose()).await.is_ok());
        desk.clock.forward(1000);
        assert!(desk.sign_in("ana", short.expose()).await.is_err(), "expired");

        let session = desk.sign_in("ana", secret.expose()).await.expect("in");
        desk.directory.remove_application_password(person(ana), ana, id).await.expect("removed");
        assert!(!desk.directory.still_valid(&session).await);
        assert!(desk.sign_in("ana", secret.expose()).await.is_err());
        assert!(desk.sign_in("ana", "ana").await.is_ok(), "the account's password still opens");
    })
    .await;
}

#[tokio::test]
async fn scram_opens_with_the_password_and_hides_which_names_exist() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        desk.shared("team").await;
        assert_eq!(desk.scram("ana@example.org", "ana").await.expect("in").person, ana);
        let session = desk.scram("ana", "ana").await.expect("in");
        assert!(desk.directory.still_valid(&session).await);
        for (login, password) in [("ana", "wrong"), ("nobody", "nobody"), ("team", "team")] {
            let refused = desk.scram(login, password).await.expect_err(login);
            assert_eq!(refused.to_string(), "the name or the password is wrong");
        }
        // The same name gets the same salt each time, with and without the domain.
        for name in ["ana", "nobody", "team"] {
            let mut salts = Vec::new();
            for login in [name.to_owned(), name.to_owned(), format!("{name}@example.org")] {
                let first = format!("n,,n={login},r=client");
                let pending =
                    desk.directory.scram_begin(&first, ScramOffer::default(), Door::Imap, None).await.expect("begun");
                let text = pending.server_first().to_owned();
                salts.push(text.split(',').skip(1).collect::<Vec<_>>().join(","));
            }
            salts.dedup();
            assert_eq!(salts.len(), 1, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn scram_is_throttled_with_the_password() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        for login in ["ana", "nobody"] {
            for attempt in 0..cheap().account_attempts {
                assert!(desk.scram(login, &format!("wrong {attempt}")).await.is_err());
            }
            let stopped = desk.sign_in(login, "ana").await;
            assert!(matches!(stopped, Err(SignInError::Throttled { .. })), "{login}");
        }
    })
    .await;
}

#[tokio::test]
async fn many_at_once_cost_one_attempt() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..cheap().account_attempts * 3 {
            let directory = desk.directory.clone();
            all.spawn(async move { directory.sign_in("ana", "ana", Door::Imap, Some(LOOPBACK)).await.is_ok() });
        }
        let answers = all.join_all().await;
        assert!(answers.into_iter().all(|opened| opened));
    })
    .await;
}

#[tokio::test]
async fn a_password_bound_to_a_mailbox_opens_nothing_else() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let new = |mailbox: &str| NewApplication { label: "x".into(), expires_at: None, mailbox: Some(mailbox.into()) };
        let make = |mailbox: &str| desk.directory.create_application_password(person(ana), ana, new(mailbox));
        let refused = make("nowhere").await;
        assert!(matches!(refused, Err(ApplicationError::NoMailbox(_))), "{refused:?}");
        let (_, secret) = make("ana").await.expect("one's own is a mailbox, too");
        // Doors that know nothing of bound passwords must not take them for more than they are.
        assert!(matches!(desk.sign_in("ana", secret.expose()).await, Err(SignInError::Refused)));
        let into = |name: &'static str| {
            let (directory, secret) = (desk.directory.clone(), secret.clone());
            async move { directory.sign_in_into(name, None, secret.expose(), Door::Imap, None).await }
        };
        assert_eq!(into("ana").await.expect("in").only, Some(ana));
        assert_eq!(into("ana*ana").await.expect("in").only, Some(ana));
        assert!(into("ana*nowhere").await.is_err());
        let lines = desk.directory.list_application_passwords(person(ana), ana).await.expect("a list");
        assert_eq!(lines[0].mailbox.as_deref(), Some("ana"));
    })
    .await;
}
