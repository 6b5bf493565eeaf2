use super::*;

#[test]
fn addresses_are_normalised() {
    for (raw, want) in [
        ("Support@Example.ORG", "support@example.org"),
        (" bob@example.org ", "bob@example.org"),
        ("o'neil+x@example.org", "o'neil+x@example.org"),
        ("jürgen@bücher.example", "jürgen@bücher.example"),
    ] {
        assert_eq!(Address::parse(raw).map(String::from), Ok(want.to_owned()), "{raw}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for raw in [
        "",
        "bob",
        "@example.org",
        "bob@",
        "a b@example.org",
        ".a@example.org",
        "a..b@example.org",
        "a@-x.org",
        "a@x..org",
        "<a@x.org>",
    ] {
        assert!(Address::parse(raw).is_err(), "{raw}");
    }
    assert_eq!(Address::parse(&format!("{}@example.org", "a".repeat(300))), Err(BadAddress::TooLong));
}

#[test]
fn the_detail_can_be_left_out() {
    let address = Address::parse("support+invoice+7@example.org").expect("valid");
    assert_eq!(address.without_detail().map(String::from), Some("support@example.org".to_owned()));
    assert_eq!(Address::parse("support@example.org").expect("valid").without_detail(), None);
    assert_eq!(Address::parse("+x@example.org").expect("valid").without_detail(), None);
}
