//! What the cookie says, and that it is read back on the same kind of connection only.

use super::{clear, read, set};
use http::{HeaderMap, HeaderValue, header};
use std::time::Duration;

#[test]
fn what_is_set_is_read_back_and_only_where_it_was_set() {
    for tls in [true, false] {
        let cookie = set("abc-_123", tls, Duration::from_secs(60)).unwrap();
        let text = cookie.to_str().unwrap();
        assert!(text.contains("; HttpOnly") && text.contains("; SameSite=Lax") && text.contains("; Max-Age=60"));
        assert_eq!(text.contains("; Secure"), tls);
        assert_eq!(text.starts_with("__Host-"), tls);
        assert!(!text.contains("Domain"));
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(text.split(';').next().unwrap()).unwrap());
        assert_eq!(read(&headers, tls).as_deref(), Some("abc-_123"));
        assert_eq!(read(&headers, !tls), None);
        assert!(clear(tls).to_str().unwrap().contains("Max-Age=0"));
    }
}

#[test]
fn what_is_no_token_is_no_cookie() {
    for value in ["postroom=", "postroom=a b", "postroom=a; postroom=b", "xpostroom=a", "postroom", "postroom=\"a\""] {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(value).unwrap());
        assert_eq!(read(&headers, false), None, "{value}");
    }
    assert!(set("a;b", false, Duration::from_secs(1)).is_none());
}
