//! The second factor: what it asks for, what it shuts out, and that no code opens twice.

use super::{Desk, OPERATOR, on_desks, person};
use crate::{
    Enrolment, NewApplication, PersonError, SecondFactorError, SecondFactorState, Secret, SignInError, SignedIn,
};
use postroom_model::{Clock, Door, MailboxId, MailboxKind};
use std::net::IpAddr;
use totp_rs::{Algorithm, Builder};

const PEER: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

impl Desk {
    /// What the app shows at the desk's time, moved by `steps`.
    fn app_code(&self, enrolment: &Enrolment, steps: i64) -> String {
        let secret = totp_rs::Secret::try_from_base32(enrolment.secret.expose()).expect("Base32");
        let app = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build_noncompliant();
        let at = self.clock.now().seconds() + steps * 30;
        app.generate(u64::try_from(at).expect("after 1970")).to_string()
    }

    async fn enrolled(&self, ana: MailboxId) -> (Enrolment, Vec<Secret>) {
        let enrolment = self.directory.enrol_second_factor(person(ana), ana).await.expect("enrolled");
        let code = self.app_code(&enrolment, 0);
        let codes = self.directory.confirm_second_factor(person(ana), ana, &code).await.expect("confirmed");
        (enrolment, codes)
    }

    async fn sign_in_person(&self, code: Option<&str>) -> Result<SignedIn, PersonError> {
        self.directory.sign_in_person("ana", "ana", code, Door::Admin, PEER).await
    }
}

#[tokio::test]
async fn a_code_is_asked_for_once_the_app_has_shown_one() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let enrolment = desk.directory.enrol_second_factor(person(ana), ana).await.expect("enrolled");
        assert!(enrolment.uri.expose().starts_with("otpauth://totp/Postroom:ana?secret="));
        assert!(
            enrolment.uri.expose().contains(enrolment.secret.expose()) && !format!("{enrolment:?}").contains("otpauth")
        );
        assert!(desk.sign_in_person(None).await.is_ok(), "nothing is in force yet");
        let wrong = desk.directory.confirm_second_factor(person(ana), ana, "000000").await;
        assert!(matches!(wrong, Err(SecondFactorError::WrongCode)));
        let code = desk.app_code(&enrolment, 0);
        let recovery = desk.directory.confirm_second_factor(person(ana), ana, &code).await.expect("confirmed");
        assert_eq!(recovery.len(), 10);

        assert!(matches!(desk.sign_in_person(None).await, Err(PersonError::CodeNeeded)));
        assert!(matches!(desk.sign_in_person(Some("123")).await, Err(PersonError::WrongCode)));
        let again = desk.sign_in_person(Some(&code)).await;
        assert!(matches!(again, Err(PersonError::WrongCode)), "the code that confirmed is used up");
        desk.clock.forward(30_000);
        let next = desk.app_code(&enrolment, 0);
        assert_eq!(desk.sign_in_person(Some(&next)).await.expect("in").person, ana);
        assert!(matches!(desk.sign_in_person(Some(&next)).await, Err(PersonError::WrongCode)), "not twice");
        let drifted = desk.app_code(&enrolment, 1);
        assert!(desk.sign_in_person(Some(&drifted)).await.is_ok(), "a clock that goes before by one step");
        assert!(matches!(desk.sign_in_person(Some(&desk.app_code(&enrolment, 3))).await, Err(PersonError::WrongCode)));

        let unknown = desk.directory.sign_in_person("ana", "wrong", Some(&next), Door::Admin, PEER).await;
        assert!(matches!(unknown, Err(PersonError::SignIn(SignInError::Refused))), "nothing is said of the factor");
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let (_, codes) = desk.enrolled(ana).await;
        let typed = codes[3].expose().replace('-', " ").to_uppercase();
        assert!(desk.sign_in_person(Some(&typed)).await.is_ok());
        assert!(matches!(desk.sign_in_person(Some(&typed)).await, Err(PersonError::WrongCode)));
        let state = desk.directory.second_factor(person(ana), ana).await.expect("a state");
        assert_eq!(state, SecondFactorState { in_force: true, recovery_codes_left: 9 });
        let fresh = desk.directory.renew_recovery_codes(person(ana), ana).await.expect("fresh");
        assert!(matches!(desk.sign_in_person(Some(codes[4].expose())).await, Err(PersonError::WrongCode)));
        assert!(desk.sign_in_person(Some(fresh[0].expose())).await.is_ok());
        assert!(desk.record().await.contains(&"second_factor.recovery_code done".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn programs_sign_in_with_application_passwords_only() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let new = NewApplication { label: "phone".to_owned(), ..NewApplication::default() };
        let (_, phone) = desk.directory.create_application_password(person(ana), ana, new).await.expect("made");
        let open = desk.sign_in("ana", "ana").await.expect("in");
        let scram = desk.scram("ana", "ana").await.expect("in");
        let (browser, _) = desk.begin("ana", "ana").await;
        let on_phone = desk.sign_in("ana", phone.expose()).await.expect("in");
        desk.enrolled(ana).await;
        for ended in [open, scram] {
            assert!(!desk.directory.still_valid(&ended).await, "an open session of the account's password ends");
        }
        assert!(desk.directory.still_valid(&browser).await && desk.directory.still_valid(&on_phone).await);
        assert!(matches!(desk.sign_in("ana", "ana").await, Err(SignInError::Refused)));
        assert!(desk.scram("ana", "ana").await.is_err());
        assert!(desk.sign_in("ana", phone.expose()).await.is_ok());

        desk.directory.remove_second_factor(OPERATOR, ana).await.expect("removed");
        assert!(desk.sign_in("ana", "ana").await.is_ok() && desk.scram("ana", "ana").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn only_the_person_sets_it_up_and_wrong_codes_are_throttled() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let refused = desk.directory.enrol_second_factor(OPERATOR, ana).await;
        assert!(matches!(refused, Err(SecondFactorError::NotYours)));
        let (enrolment, _) = desk.enrolled(ana).await;
        let refused = desk.directory.enrol_second_factor(person(ana), ana).await;
        assert!(matches!(refused, Err(SecondFactorError::InForce)));
        let refused = desk.directory.remove_second_factor(person(bo), ana).await;
        assert!(matches!(refused, Err(SecondFactorError::NotAllowed(_))));
        let mut tries = 0;
        while !matches!(
            desk.sign_in_person(Some("000000")).await,
            Err(PersonError::SignIn(SignInError::Throttled { .. }))
        ) {
            tries += 1;
            assert!(tries <= super::cheap().account_attempts, "codes can be guessed without end");
        }
        desk.clock.forward(60_000);
        assert!(desk.sign_in_person(Some(&desk.app_code(&enrolment, 0))).await.is_ok());
        desk.directory.convert(OPERATOR, ana, MailboxKind::Shared).await.expect("converted");
        desk.directory.convert(OPERATOR, ana, MailboxKind::User).await.expect("converted");
        let state = desk.directory.second_factor(OPERATOR, ana).await.expect("a state");
        assert_eq!(state, SecondFactorState { in_force: false, recovery_codes_left: 0 });
    })
    .await;
}
