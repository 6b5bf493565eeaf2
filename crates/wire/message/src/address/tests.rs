use super::*;

/// `name|local|domain`, `-` for what is absent.
fn shown(list: &[Address]) -> Vec<String> {
    let text = |value: &Option<Vec<u8>>| {
        value.as_ref().map_or("-".to_owned(), |value| String::from_utf8_lossy(value).into_owned())
    };
    list.iter().map(|entry| format!("{}|{}|{}", text(&entry.name), text(&entry.local), text(&entry.domain))).collect()
}

#[test]
fn well_formed_lists() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        (" \r\n ", &[]),
        ("joe@example.org", &["-|joe|example.org"]),
        ("<joe@example.org>", &["-|joe|example.org"]),
        ("Joe <joe@example.org>", &["Joe|joe|example.org"]),
        ("Joe Q. Public <john.q.public@example.com>", &["Joe Q. Public|john.q.public|example.com"]),
        ("\"Joe \\\"Q\\\" Public\" <joe@example.org>", &["Joe \"Q\" Public|joe|example.org"]),
        ("\"Public, Joe\" <joe@example.org>, b@c.d", &["Public, Joe|joe|example.org", "-|b|c.d"]),
        ("joe@example.org (Joe (the) Public)", &["Joe (the) Public|joe|example.org"]),
        ("(Joe \\) P) joe@example.org", &["Joe ) P|joe|example.org"]),
        ("Joe (nick) <joe@example.org>", &["Joe|joe|example.org"]),
        ("<joe@example.org> (Joe)", &["-|joe|example.org"]),
        ("=?utf-8?Q?J=C3=B6?= <joe@example.org>", &["=?utf-8?Q?J=C3=B6?=|joe|example.org"]),
        ("\"john doe\"@example.org", &["-|john doe|example.org"]),
        ("<\"john@doe\"@example.org>", &["-|john@doe|example.org"]),
        ("joe@[192.0.2.1]", &["-|joe|[192.0.2.1]"]),
        ("<joe@[IPv6:2001:db8::1]>", &["-|joe|[IPv6:2001:db8::1]"]),
        ("<@a.example,@b.example:joe@c.example>", &["-|joe|c.example"]),
        ("john . doe @ example . org", &["-|john.doe|example.org"]),
        ("A Group:Ed <ed@a.test>,joe@b.test;", &["-|A Group|-", "Ed|ed|a.test", "-|joe|b.test", "-|-|-"]),
        ("Undisclosed recipients:;", &["-|Undisclosed recipients|-", "-|-|-"]),
        ("g:a@b;, c@d", &["-|g|-", "-|a|b", "-|-|-", "-|c|d"]),
        ("a@b,,c@d,", &["-|a|b", "-|c|d"]),
        ("Joe\r\n\t<joe\r\n @example.org>", &["Joe|joe|example.org"]),
        ("bob@example.com <bob@example.org>", &["bob@example.com|bob|example.org"]),
        ("J\u{f6}rg <j\u{f6}rg@ex\u{e4}mple.org>", &["J\u{f6}rg|j\u{f6}rg|ex\u{e4}mple.org"]),
        ("<>", &["-||"]),
    ];
    for (value, expected) in table {
        assert_eq!(shown(&addresses(value.as_bytes())), *expected, "{value}");
        assert!(addresses_checked(value.as_bytes()).is_ok(), "{value} is well-formed");
    }
}

#[test]
fn guessed_lists_are_read_and_called_malformed() {
    let table: &[(&str, &[&str])] = &[
        ("root", &["-|root|"]),
        ("Joe <root>", &["Joe|root|"]),
        ("Joe <joe@example.org", &["Joe|joe|example.org"]),
        ("Joe Public joe@example.org", &["Joe Public|joe|example.org"]),
        ("\"Joe <joe@example.org>", &["-|Joe <joe@example.org>|"]),
        ("<a@b> <c@d>", &["-|a|b", "-|c|d"]),
        ("<a@b> c@d", &["-|a|b", "-|c|d"]),
        ("a@b c@d", &["-|a|b", "-|c|d"]),
        ("<a@b@c>", &["-|a@b|c"]),
        ("a@b (unclosed", &["unclosed|a|b"]),
        ("g: a@b", &["-|g|-", "-|a|b", "-|-|-"]),
        ("a@b;", &["-|a|b"]),
        ("<Undisclosed-Recipients:;>", &["-|Undisclosed-Recipients:|"]),
        ("@b", &["-||b"]),
        ("a@", &["-|a|"]),
        ("=?utf-8?Q?Doe,_Joe?= <a@b>", &["=?utf-8?Q?Doe,_Joe?=|a|b"]),
        ("g: h: a@b;", &["-|g|-", "-|-|-", "-|h|-", "-|a|b", "-|-|-"]),
    ];
    for (value, expected) in table {
        assert_eq!(shown(&addresses(value.as_bytes())), *expected, "{value}");
        assert_eq!(addresses_checked(value.as_bytes()), Err(MalformedAddresses), "{value}");
    }
}

#[test]
fn nul_and_line_breaks_never_come_out() {
    let list = addresses(b"\"a\0b\r\n c\" (x\0\r\n y) <d\0e@f\0g>");
    for text in list.iter().flat_map(|entry| [&entry.name, &entry.local, &entry.domain]).flatten() {
        assert!(!text.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n')), "{text:?}");
    }
}

#[test]
fn long_lists_are_bounded_and_groups_closed() {
    let value = format!("g: {}", "a@b, ".repeat(MAX_ADDRESSES + 50));
    let mut list = addresses(value.as_bytes());
    assert!(list.len() <= MAX_ADDRESSES + 2);
    assert_eq!(list.last().map(Address::kind), Some(AddressKind::GroupEnd));
    assert!(addresses_checked(value.as_bytes()).is_err());
    list.extend(addresses(b"g: a@b"));
    cut(&mut list);
    assert!(list.len() <= MAX_ADDRESSES);
    assert_eq!(list.last().map(Address::kind), Some(AddressKind::GroupEnd));
}

#[test]
fn hostile_nesting_takes_linear_time() {
    for piece in ["(", "<", "\"", "\\", "a:", "@", "=?", "=?a?b?c", "[", "(a"] {
        let value = piece.repeat(200_000);
        assert!(addresses(value.as_bytes()).len() <= MAX_ADDRESSES + 2);
    }
}
