use super::*;

#[test]
fn dates_with_their_offsets() {
    let table = [
        ("Fri, 21 Nov 1997 09:55:06 -0600", Some(880_127_706)),
        (" Fri, 21 Nov 1997\r\n 15:55:06 +0000 (UTC)", Some(880_127_706)),
        ("21 Nov 97 09:55:06 CST", Some(880_127_706)),
        ("Thu, 1 Jan 1970 00:00:00 GMT", Some(0)),
        ("Thu, 01 Jan 1970 05:30:00 +0530", Some(0)),
        ("Sat, 31 Dec 2016 23:59:60 +0000", Some(1_483_228_799)),
        ("Sun, 31 Dec 1899 00:00:00 +0000", None),
        ("Fri, 32 Nov 1997 09:55:06 -0600", None),
        ("yesterday", None),
        ("", None),
    ];
    for (value, expected) in table {
        assert_eq!(parse_date(value.as_bytes()), expected, "{value}");
    }
}

#[test]
fn formatted_dates() {
    let table = [
        (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
        (880_127_706, "Fri, 21 Nov 1997 15:55:06 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 +0000"),
        (i64::MIN, "Thu, 01 Jan 1970 00:00:00 +0000"),
        (i64::MAX, "Fri, 31 Dec 9999 23:59:59 +0000"),
    ];
    for (moment, text) in table {
        assert_eq!(rfc5322_date(moment), text);
    }
    for moment in (0..4_000_000_000).step_by(1_234_567) {
        assert_eq!(parse_date(rfc5322_date(moment).as_bytes()), (moment < 32_503_680_000).then_some(moment));
    }
}
