//! The exchange of RFC 7677 section 3, and what is not an exchange.

use super::verifier::sign;
use super::{Bindings, ClientFirst, EndPoint, ScramError, Verifier};
use aws_lc_rs::{digest, pbkdf2};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::num::NonZeroU32;

const FIRST: &str = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
const SERVER_NONCE: &str = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const FINAL: &str = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
    p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

/// The client's side, for tests: `client-final-message` and the `server-final-message` to expect.
pub(crate) fn answer(first: &str, server_first: &str, password: &str) -> (String, String) {
    let field = |name: &str| server_first.split(',').find_map(|part| part.strip_prefix(name)).expect("a field");
    let salt = STANDARD.decode(field("s=")).expect("a salt");
    let rounds: NonZeroU32 = field("i=").parse().expect("iterations");
    let mut salted = [0; 32];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, password.as_bytes(), &mut salted);
    let client_key = sign(&salted, b"Client Key");
    let stored = digest::digest(&digest::SHA256, &client_key);
    let (header, bare) = first.split_at(first.rfind("n=").expect("a name"));
    let without_proof = format!("c={},r={}", STANDARD.encode(header), field("r="));
    let message = format!("{bare},{server_first},{without_proof}");
    let signature = sign(stored.as_ref(), message.as_bytes());
    let proof: Vec<u8> = client_key.iter().zip(signature).map(|(key, sign)| key ^ sign).collect();
    let server = sign(&sign(&salted, b"Server Key"), message.as_bytes());
    (format!("{without_proof},p={}", STANDARD.encode(proof)), format!("v={}", STANDARD.encode(server)))
}

fn verifier() -> Verifier {
    Verifier::derive("pencil", &STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").expect("a salt"), 4096)
}

#[test]
fn the_example_of_the_rfc() {
    let first = ClientFirst::parse(FIRST).expect("a first message");
    assert_eq!(first.username, "user");
    let challenge = first.answer(verifier(), SERVER_NONCE);
    assert_eq!(
        challenge.server_first(),
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    );
    assert_eq!(challenge.finish(FINAL).expect("the proof"), "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

#[test]
fn a_verifier_survives_storing() {
    let verifier = verifier();
    assert_eq!(Verifier::parse(&verifier.to_string()).as_ref(), Some(&verifier));
    assert!(!format!("{verifier:?}").contains("stored_key"));
    for bad in ["", "4096", "x,,,", "4096,W22ZaJ0SNY7soEsUEjb6gQ==,AA==,AA=="] {
        assert!(Verifier::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn first_messages() {
    let name = |message: &str| ClientFirst::parse(message).map(|first| first.username);
    let malformed = |what| Err(ScramError::Malformed(what));
    let cases = [
        ("y,,n=user,r=x", Ok("user".to_owned())),
        ("n,a=user,n=user,r=x", Ok("user".to_owned())),
        ("n,,n=a=2Cb=3Dc,r=x,ext=1", Ok("a,b=c".to_owned())),
        ("p=tls-unique,,n=user,r=x", Err(ScramError::ChannelBinding)),
        ("n,a=other,n=user,r=x", Ok("user".to_owned())),
        ("", malformed("gs2-header")),
        ("n", malformed("gs2-header")),
        ("q,,n=user,r=x", malformed("gs2-cbind-flag")),
        ("n,x,n=user,r=x", malformed("authzid")),
        ("n,,m=ext,n=user,r=x", malformed("username")),
        ("n,,n=,r=x", malformed("username")),
        ("n,,n=a=2Db,r=x", malformed("username")),
        ("n,,n=user", malformed("nonce")),
        ("n,,n=user,r=", malformed("nonce")),
        ("n,,n=user,r=a b", malformed("nonce")),
    ];
    for (message, expected) in cases {
        assert_eq!(name(message), expected, "{message}");
    }
}

#[test]
fn another_identity_is_kept_for_who_knows_what_it_means() {
    let acting_as = |message: &str| ClientFirst::parse(message).map(|first| first.acting_as);
    assert_eq!(acting_as("n,a=support=2Ctwo,n=user,r=x"), Ok(Some("support,two".to_owned())));
    assert_eq!(acting_as("n,a=user,n=user,r=x"), Ok(None));
}

#[test]
fn proofs_are_bound_to_their_connection() {
    let end_point = EndPoint::new(&[7; 48]);
    let bindings = Bindings { exporter: Some([9; 32]), end_point };
    let other = Bindings { exporter: Some([8; 32]), end_point };
    for (name, data) in [("tls-exporter", vec![9; 32]), ("tls-server-end-point", vec![7; 48])] {
        let message = format!("p={name},,n=user,r=x");
        let challenge = |bindings: &Bindings| {
            let first = ClientFirst::parse_bound(&message, bindings, true).expect("a first message");
            first.answer(verifier(), SERVER_NONCE)
        };
        let header = format!("p={name},,");
        let cbind = STANDARD.encode([header.as_bytes(), &data].concat());
        let sent = format!("c={cbind},r=x{SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        // The proof itself is of another exchange; that comes after the binding.
        assert_eq!(challenge(&bindings).finish(&sent), Err(ScramError::WrongProof), "{name}");
        if name == "tls-exporter" {
            assert_eq!(challenge(&other).finish(&sent), Err(ScramError::Malformed("channel-binding")));
        }
    }
    let parse = |message: &str, plus| ClientFirst::parse_bound(message, &bindings, plus).map(|_| ());
    for (message, plus, expected) in [
        ("p=tls-unique,,n=user,r=x", true, Err(ScramError::ChannelBindingType)),
        ("p=tls-exporter,,n=user,r=x", false, Err(ScramError::ChannelBinding)),
        ("n,,n=user,r=x", true, Err(ScramError::Malformed("gs2-cbind-flag"))),
        ("y,,n=user,r=x", false, Err(ScramError::Downgraded)),
        ("n,,n=user,r=x", false, Ok(())),
    ] {
        assert_eq!(parse(message, plus), expected, "{message}");
    }
    assert!(EndPoint::new(&[0; 65]).is_none() && Bindings::default().is_empty());
}

#[test]
fn final_messages_that_fail() {
    let challenge = ClientFirst::parse(FIRST).expect("a first message").answer(verifier(), SERVER_NONCE);
    let malformed = |what| ScramError::Malformed(what);
    let cases = [
        (FINAL.replace("p=dH", "p=dh"), ScramError::WrongProof),
        (FINAL.replace("c=biws", "c=eSws"), malformed("channel-binding")),
        (FINAL.replace("r=rO", "r=ro"), malformed("nonce")),
        (FINAL.replace("p=dHzb", "p="), malformed("proof")),
        (FINAL.replace(",p=", ",q="), malformed("proof")),
        (String::new(), malformed("proof")),
        (",p=".to_owned(), malformed("proof")),
    ];
    for (message, expected) in cases {
        assert_eq!(challenge.finish(&message), Err(expected), "{message}");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_sent_panics(first in "\\PC{0,40}", mid in "[nypa=,r2CD3]{0,30}", last in "[cpr=,biws]{0,40}") {
        let _ = ClientFirst::parse(&first);
        if let Ok(first) = ClientFirst::parse(&mid) {
            proptest::prop_assert!(first.answer(verifier(), "x").finish(&last).is_err());
        }
    }
}
