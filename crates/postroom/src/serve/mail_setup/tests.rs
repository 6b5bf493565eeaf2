//! What the pieces make; the pages themselves are asked for in the whole-system tests.

use super::xml::{element, escaped};
use super::*;

#[test]
fn servers_with_tls_from_the_first_octet_come_first() {
    let listening = [(Listener::Smtp, 25), (Listener::Imap, 143), (Listener::Submission, 587), (Listener::Imaps, 993)];
    let server = |kind, port, tls| Server { kind, port, tls };
    let expected =
        [server(Kind::Imap, 993, true), server(Kind::Imap, 143, false), server(Kind::Submission, 587, false)];
    assert_eq!(servers(&listening), expected);
}

#[test]
fn values_of_a_query_are_decoded() {
    let query = Some("a=1&EmailAddress=J%C3%B6rg%2Bx%40example.org&b=%zz");
    assert_eq!(query_value(query, "emailaddress").as_deref(), Some("Jörg+x@example.org"));
    assert_eq!(query_value(query, "b"), None);
    assert_eq!(query_value(query, "c"), None);
    assert_eq!(query_value(None, "a"), None);
}

#[test]
fn elements_are_found_whatever_their_prefix() {
    let text = "<?xml version=\"1.0\"?><a:Autodiscover xmlns:a='x'><a:Request><a:EMailAddress> a&amp;b@x.org </a:EMailAddress>\
        <Empty/></a:Request></a:Autodiscover>";
    assert_eq!(element(text, "emailaddress").as_deref(), Some("a&b@x.org"));
    assert_eq!(element(text, "Empty"), None);
    assert_eq!(element("<EMailAddress>x", "EMailAddress"), None);
    assert_eq!(element("<<<>", "x"), None);
    assert_eq!(escaped("<a href=\"x\">&'\u{1}"), "&lt;a href=&quot;x&quot;&gt;&amp;&apos;");
}
