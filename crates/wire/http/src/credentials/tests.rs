//! What is read from which header, and that no header is too strange.

use super::{Shown, Unreadable};
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

fn read(authorization: &[&str], cookie: Option<&str>) -> Result<Shown, Unreadable> {
    let mut headers = HeaderMap::new();
    for value in authorization {
        headers.append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    if let Some(cookie) = cookie {
        headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
    }
    Shown::read(&headers, false)
}

fn password(login: &str, password: &str) -> Result<Shown, Unreadable> {
    Ok(Shown::Password { login: login.to_owned(), password: password.to_owned() })
}

#[test]
fn each_scheme_is_read() {
    let token = |text: &str| Ok(Shown::Token(text.to_owned()));
    for (given, expected) in [
        ("Basic YW5hOnBhc3M=", password("ana", "pass")),
        ("basic  YW5hOnBhc3M=", password("ana", "pass")),
        ("BASIC YW5hOg==", password("ana", "")),
        ("Basic YW5hOmE6Yg==", password("ana", "a:b")),
        ("Basic w6RuYTrDvA==", password("äna", "ü")),
        ("Basic YW5h", Err(Unreadable::Malformed)),
        ("Basic !!!", Err(Unreadable::Malformed)),
        ("Basic //79", Err(Unreadable::Malformed)),
        ("Basic", Err(Unreadable::Malformed)),
        ("Bearer abc-._~+/==", token("abc-._~+/==")),
        ("bearer abc", token("abc")),
        ("Bearer a b", Err(Unreadable::Malformed)),
        ("Bearer ==", Err(Unreadable::Malformed)),
        ("Digest username=\"ana\"", Err(Unreadable::UnknownScheme)),
        ("", Err(Unreadable::Malformed)),
    ] {
        assert_eq!(read(&[given], None), expected, "{given}");
    }
    assert_eq!(read(&["Bearer a", "Bearer a"], None), Err(Unreadable::Twice));
    assert_eq!(read(&[&format!("Bearer {}", "a".repeat(1001))], None), Err(Unreadable::Malformed));
}

#[test]
fn the_cookie_counts_where_no_header_does() {
    let session = |text: &str| Ok(Shown::Session(text.to_owned()));
    assert_eq!(read(&[], None), Ok(Shown::Nothing));
    assert_eq!(read(&[], Some("a=b; postroom=token; c=d")), session("token"));
    assert_eq!(read(&["Bearer t"], Some("postroom=token")), Ok(Shown::Token("t".to_owned())));
}

#[test]
fn secrets_do_not_print() {
    for shown in [password("ana", "hunter2").unwrap(), Shown::Token("hunter2".into()), Shown::Session("hunter2".into())]
    {
        assert!(!format!("{shown:?}").contains("hunter2"));
    }
}

proptest! {
    #[test]
    fn nothing_panics(authorization in "\\PC{0,60}", cookie in "[ -~]{0,60}") {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(authorization.as_bytes()) {
            headers.insert(AUTHORIZATION, value);
        }
        headers.insert(COOKIE, HeaderValue::from_str(&cookie).unwrap());
        for tls in [true, false] {
            let _ = Shown::read(&headers, tls);
        }
    }
}
