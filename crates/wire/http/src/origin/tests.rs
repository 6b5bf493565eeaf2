//! Which requests another site could have made a browser send.

use super::{ForeignRequest, check, own_form};
use crate::Shown;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    std::iter::once((HeaderName::from_static("host"), HeaderValue::from_static("mail.example.org")))
        .chain(pairs)
        .collect()
}

const OTHER: Result<(), ForeignRequest> = Err(ForeignRequest::OtherSite);
const BARE: Result<(), ForeignRequest> = Err(ForeignRequest::NoHeader);

#[test]
fn a_session_is_for_our_own_pages() {
    let own = ("x-postroom", "1");
    let origin = ("origin", "https://mail.example.org");
    let same = ("sec-fetch-site", "same-origin");
    let cross = ("sec-fetch-site", "cross-site");
    for (method, pairs, expected) in [
        (Method::GET, vec![], Ok(())),
        (Method::GET, vec![same], Ok(())),
        (Method::GET, vec![cross], OTHER),
        (Method::GET, vec![("sec-fetch-site", "same-site")], OTHER),
        (Method::GET, vec![cross, ("sec-fetch-mode", "navigate")], Ok(())),
        (Method::POST, vec![cross, ("sec-fetch-mode", "navigate"), own, ("origin", "https://x.example")], OTHER),
        (Method::POST, vec![], BARE),
        (Method::POST, vec![own], Ok(())),
        (Method::POST, vec![own, same, origin], Ok(())),
        (Method::DELETE, vec![same, origin], BARE),
        (Method::POST, vec![own, ("origin", "https://mail.example.org.evil.example")], OTHER),
        (Method::POST, vec![own, ("origin", "http://mail.example.org")], OTHER),
        (Method::POST, vec![own, ("origin", "https://mail.example.org:8443")], OTHER),
        (Method::POST, vec![own, ("origin", "null")], OTHER),
        (Method::POST, vec![own, ("sec-fetch-site", "none")], Ok(())),
        // A WebSocket is opened by GET, from any site.
        (Method::GET, vec![("origin", "https://evil.example")], OTHER),
    ] {
        let found = check(&method, &headers(&pairs), &Shown::Session("t".into()), true);
        assert_eq!(found, expected, "{method} {pairs:?}");
    }
}

#[test]
fn programs_need_no_header_and_browsers_are_still_looked_at() {
    let basic = Shown::Password { login: "a".into(), password: "b".into() };
    assert_eq!(check(&Method::POST, &headers(&[]), &basic, true), Ok(()));
    assert_eq!(check(&Method::POST, &headers(&[("sec-fetch-site", "cross-site")]), &basic, true), OTHER);
    let token = Shown::Token("t".into());
    assert_eq!(check(&Method::POST, &headers(&[("origin", "https://app.example")]), &token, true), Ok(()));
}

#[test]
fn a_form_says_where_it_stands() {
    assert_eq!(own_form(&headers(&[]), true), OTHER);
    assert_eq!(own_form(&headers(&[("origin", "https://mail.example.org")]), true), Ok(()));
    assert_eq!(own_form(&headers(&[("origin", "https://evil.example")]), true), OTHER);
    assert_eq!(own_form(&headers(&[("sec-fetch-site", "same-origin")]), true), Ok(()));
}

#[test]
fn the_usual_port_may_be_named() {
    let mut named = headers(&[("origin", "http://localhost"), ("x-postroom", "1")]);
    named.insert("host", HeaderValue::from_static("localhost:80"));
    assert_eq!(check(&Method::POST, &named, &Shown::Session("t".into()), false), Ok(()));
}
