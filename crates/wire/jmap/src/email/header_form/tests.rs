//! Names of header properties, and values in every form.

use super::*;

const HEADER: &[u8] = b"From: \"Ann B\" <ann@example.org>, bo@example.org\r\n\
To: Team: ann@example.org, =?UTF-8?Q?J=C3=B6rg?= <j@example.org>;, out@example.org\r\n\
Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n from afar\r\n\
Message-ID: <1@example.org>\r\n\
References: <a@x> <b@y>\r\n\
Date: Thu, 30 Oct 2014 14:12:00 +0800\r\n\
List-Post: <mailto:list@example.org>, <https://example.org/>\r\n\
X-Twice: one\r\nX-Twice:  two \r\n\r\n";

#[track_caller]
fn check(property: &str, expected: Value) {
    let property = HeaderProperty::parse(property).expect("a property");
    assert_eq!(property.value(HEADER), expected);
}

#[test]
fn every_form_reads_its_fields() {
    check("header:Subject", json!(" =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n from afar"));
    check("header:subject:asText", json!("Grüße from afar"));
    check(
        "header:From:asAddresses",
        json!([{"name": "Ann B", "email": "ann@example.org"}, {"name": null, "email": "bo@example.org"}]),
    );
    check(
        "header:To:asGroupedAddresses",
        json!([
            {"name": "Team", "addresses": [{"name": null, "email": "ann@example.org"}, {"name": "Jörg", "email": "j@example.org"}]},
            {"name": null, "addresses": [{"name": null, "email": "out@example.org"}]}
        ]),
    );
    check("header:References:asMessageIds", json!(["a@x", "b@y"]));
    check("header:Date:asDate", json!("2014-10-30T14:12:00+08:00"));
    check("header:List-Post:asURLs", json!(["mailto:list@example.org", "https://example.org/"]));
    check("header:X-Twice", json!("  two "));
    check("header:X-Twice:asText:all", json!(["one", "two"]));
    check("header:X-None", Value::Null);
    check("header:X-None:all", json!([]));
    check("header:X-Twice:asMessageIds", Value::Null);
}

#[test]
fn what_is_no_property_is_refused() {
    for bad in [
        "header:",
        "header:From:asDate",
        "header:Date:asAddresses",
        "header:Subject:asMessageIds",
        "header:Received:asText",
        "header:From:all:asRaw",
        "header:From:asNothing",
        "header:From:asRaw:all:all",
        "header:Fr om",
        "from",
    ] {
        assert_eq!(HeaderProperty::parse(bad), None, "{bad}");
    }
}
