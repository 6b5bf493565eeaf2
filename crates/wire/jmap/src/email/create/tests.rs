//! Messages made of JSON are read back, and wrong JSON names the property.

use super::*;
use crate::email::{BodyOptions, Email, Property, body_defaults, write};
use postroom_wire_message::{EnvelopeRef, Parsed, PartRef};
use serde_json::{Value, json};

const STAMP: Stamp<'_> = Stamp { at: 1_700_000_000, unique: "u1", hostname: "mail.example.org" };

fn read(json: Value) -> Result<Draft, BadEmail> {
    let Value::Object(object) = json else { panic!("an object") };
    Draft::read(object)
}

fn built(json: Value) -> Vec<u8> {
    let attachments = Attachments::from([
        ("U1".to_owned(), b"\x00\x01binary".to_vec()),
        ("U2".to_owned(), b"Subject: in\r\n\r\nx".to_vec()),
    ]);
    read(json).expect("a draft").build(&attachments, &STAMP)
}

fn shown(raw: &[u8], properties: &[&str]) -> Value {
    let parsed = Parsed::of(raw);
    let (envelope, structure) = (parsed.envelope.encode(), parsed.structure.encode());
    let structure = PartRef::decode(&structure).unwrap();
    let email = Email {
        blob: "E1-1",
        envelope: Some(EnvelopeRef::decode(&envelope).unwrap()),
        structure: Some(&structure),
        preview: &parsed.preview,
        has_attachment: parsed.has_attachment,
        raw,
    };
    let wanted: Vec<Property> = properties.iter().map(|name| Property::parse(name).unwrap()).collect();
    let mut options = BodyOptions::default();
    options.values.all = true;
    let mut out = Object::new();
    write(&email, &wanted, &body_defaults(), &options, &mut out);
    Value::Object(out)
}

#[test]
fn what_is_written_reads_back() {
    let properties = json!({
        "from": [{"name": "Jörg \"J\"", "email": "joerg@example.org"}],
        "to": [{"name": null, "email": "a@example.org"}, {"name": "B, C", "email": "b@example.org"}],
        "subject": "Grüße und ein langer Betreff, der auf keiner Zeile allein Platz hat, weil er so lang ist",
        "messageId": ["m1@example.org"],
        "inReplyTo": ["r1@example.org"],
        "references": ["r0@example.org", "r1@example.org"],
        "sentAt": "2020-01-02T03:04:05+00:00",
        "header:X-Own:asText": "ü",
    });
    let mut all = properties.clone();
    all["textBody"] = json!([{"partId": "t", "type": "text/plain"}]);
    all["bodyValues"] = json!({"t": {"value": "one\ntwo ä"}});
    let raw = built(all);
    assert!(raw.is_ascii(), "{}", String::from_utf8_lossy(&raw));
    let names: Vec<&str> = properties.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = properties.clone();
    expected["sentAt"] = json!("2020-01-02T03:04:05Z");
    assert_eq!(shown(&raw, &names), expected);
    let body = shown(&raw, &["bodyValues"]);
    assert_eq!(body["bodyValues"]["1"]["value"], "one\ntwo ä");
}

#[test]
fn bodies_in_pieces_become_a_tree() {
    let raw = built(json!({
        "textBody": [{"partId": "t", "type": "text/plain"}],
        "htmlBody": [{"partId": "h", "type": "text/html"}],
        "attachments": [
            {"blobId": "U1", "type": "image/png", "cid": "c1", "disposition": "inline"},
            {"blobId": "U1", "type": "application/pdf", "name": "naïve \"name\".pdf"},
            {"blobId": "U2", "type": "message/rfc822"},
        ],
        "bodyValues": {"t": {"value": "text"}, "h": {"value": "<img src=cid:c1>"}},
    }));
    let shown = shown(&raw, &["bodyStructure", "attachments", "hasAttachment"]);
    let root = &shown["bodyStructure"];
    assert_eq!(root["type"], "multipart/mixed", "{}", String::from_utf8_lossy(&raw));
    assert_eq!(root["subParts"][0]["type"], "multipart/alternative");
    assert_eq!(root["subParts"][0]["subParts"][1]["type"], "multipart/related");
    assert_eq!(root["subParts"][1]["name"], "naïve \"name\".pdf");
    assert_eq!(root["subParts"][1]["size"], 8);
    assert_eq!(root["subParts"][2]["type"], "message/rfc822");
    assert_eq!(shown["hasAttachment"], true);
}

#[test]
fn what_is_missing_is_filled_in() {
    let raw = String::from_utf8(built(json!({}))).unwrap();
    assert!(raw.contains("Message-ID: <u1@mail.example.org>\r\n"), "{raw}");
    assert!(raw.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"), "{raw}");
    assert!(raw.starts_with("Date: "), "{raw}");
}

#[test]
fn mistakes_name_the_property() {
    for (json, property) in [
        (json!({"headers": []}), "headers"),
        (json!({"nothing": 1}), "nothing"),
        (json!({"from": "a@b"}), "from"),
        (json!({"from": [{"email": "a@b>\r\nBcc: x"}]}), "from"),
        (json!({"subject": "a\r\nBcc: x"}), "subject"),
        (json!({"header:X-A": "a\r\nBcc: x"}), "header:X-A"),
        (json!({"header:Content-Type": "text/html"}), "header:Content-Type"),
        (json!({"from": [{"email": "a@b"}], "header:From": "x"}), "header:From"),
        (json!({"header:From:asDate": "x"}), "header:From:asDate"),
        (json!({"sentAt": "yesterday"}), "sentAt"),
        (json!({"messageId": ["<a>"]}), "messageId"),
        (json!({"bodyStructure": {"partId": "1"}, "textBody": []}), "textBody"),
        (json!({"bodyStructure": {"partId": "1"}}), "bodyStructure/partId"),
        (json!({"bodyStructure": {"partId": "1", "blobId": "U1"}}), "bodyStructure/blobId"),
        (json!({"bodyStructure": {}}), "bodyStructure"),
        (json!({"bodyStructure": {"type": "text/plain; x", "blobId": "U1"}}), "bodyStructure/type"),
        (json!({"bodyStructure": {"type": "text/plain", "subParts": []}}), "bodyStructure/type"),
        (json!({"bodyStructure": {"blobId": "U1", "headers": []}}), "bodyStructure/headers"),
        (
            json!({"bodyStructure": {"blobId": "U1", "header:Content-Transfer-Encoding": "8bit"}}),
            "bodyStructure/header:Content-Transfer-Encoding",
        ),
        (
            json!({"textBody": [{"partId": "1", "charset": "x"}], "bodyValues": {"1": {"value": ""}}}),
            "textBody/charset",
        ),
        (
            json!({"textBody": [{"partId": "1", "type": "text/html"}], "bodyValues": {"1": {"value": ""}}}),
            "textBody/type",
        ),
        (json!({"textBody": []}), "textBody"),
        (json!({"bodyValues": {"1": {"value": "", "isTruncated": true}}}), "bodyValues/1/isTruncated"),
        (json!({"bodyValues": {"1": {}}}), "bodyValues/1/value"),
    ] {
        let error = read(json.clone()).expect_err(&json.to_string());
        assert_eq!(error.properties, [property], "{json}");
    }
}
