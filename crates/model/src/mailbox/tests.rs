use super::*;

#[test]
fn names_are_checked() {
    for good in ["support", "a", "0", "a.b_c-d"] {
        assert!(MailboxName::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "Support", "-a", ".a", "a b", "ä", "a/b", "a@b"] {
        assert!(MailboxName::parse(bad).is_err(), "{bad}");
    }
    assert!(MailboxName::parse(&"a".repeat(65)).is_err());
}

#[test]
fn labels_fit_an_imap_hierarchy() {
    let name = MailboxName::parse("support").expect("valid");
    for (display, want) in
        [("Customer Support", "Customer Support"), ("A/B*C%", "A-B-C-"), (" \t", "support"), ("Cafe\u{301}", "Café")]
    {
        assert_eq!(label_from(display, &name), want);
    }
}
