//! What holds for every message, however broken.

use postroom_wire_message::section::{Place, Section, Text, find, locate};
use postroom_wire_message::{
    Content, EnvelopeRef, FieldFilter, MAX_PREVIEW_CHARS, MAX_REFERENCES, Parsed, Part, PartRef, header_end, search,
    search_text,
};

/// Panics with the reason where one of them does not hold.
pub(crate) fn check(raw: &[u8]) -> Parsed {
    let parsed = Parsed::of(raw);
    assert_eq!(parsed.structure.header_start, 0, "the first header starts the message");
    assert_eq!(parsed.structure.body_end, raw.len(), "the message ends with its bytes");
    assert_eq!(parsed.structure.body_start, header_end(raw), "both readers see the same header");
    inside(raw, &parsed.structure, 0, raw.len());
    assert!(parsed.preview.chars().count() <= MAX_PREVIEW_CHARS);
    assert!(parsed.references.len() <= MAX_REFERENCES);

    let stored = parsed.envelope.encode();
    let envelope = EnvelopeRef::decode(&stored).expect("an envelope reads back");
    assert_eq!(envelope.to_owned(), parsed.envelope);
    let stored = parsed.structure.encode();
    let structure = PartRef::decode(&stored).expect("a structure reads back");
    same(&parsed.structure, &structure);
    let walked: Vec<usize> = structure.walk().map(|part| part.header_start).collect();
    let expected: Vec<usize> = parsed.structure.walk().iter().map(|part| part.header_start).collect();
    assert_eq!(walked, expected);

    sections(raw, &structure);
    let text = search_text(raw, &structure);
    assert!(text.body.len() <= search::MAX_BODY && text.headers.len() <= search::MAX_HEADERS);
    parsed
}

fn inside(raw: &[u8], part: &Part, from: usize, to: usize) {
    assert!(from <= part.header_start, "part starts in front of its parent: {part:?}");
    assert!(part.header_start <= part.body_start && part.body_start <= part.body_end, "{part:?}");
    assert!(part.body_end <= to, "part ends behind its parent: {part:?}");
    assert!(!part.kind.is_empty() && !part.subtype.is_empty() && !part.encoding.is_empty());
    let body = raw.get(part.body()).expect("a part lies inside the message");
    let breaks = body.iter().filter(|byte| **byte == b'\n').count();
    let counts = part.kind == b"text" || part.message().is_some();
    assert_eq!(part.lines, if counts { breaks } else { 0 });
    let mut from = part.body_start;
    for child in part.children() {
        inside(raw, child, from, part.body_end);
        from = child.body_end;
    }
    match &part.content {
        Content::Leaf => assert_ne!(part.kind, b"multipart"),
        Content::Multipart(children) => assert!(!children.is_empty() && part.kind == b"multipart"),
        Content::Message(message) => {
            assert_eq!(message.1.header_start, part.body_start);
            inside(raw, &message.1, part.body_start, part.body_end);
        }
    }
}

fn same(part: &Part, stored: &PartRef<'_>) {
    assert_eq!((part.kind.as_slice(), part.subtype.as_slice()), (stored.kind, stored.subtype));
    assert_eq!((part.header(), part.body(), part.lines), (stored.header(), stored.body(), stored.lines));
    assert_eq!((part.id.as_deref(), part.description.as_deref()), (stored.id, stored.description));
    assert_eq!((part.md5.as_deref(), part.location.as_deref()), (stored.md5, stored.location));
    assert_eq!((part.encoding.as_slice(), part.file_name.as_deref()), (stored.encoding, stored.file_name));
    assert_eq!(part.roles, stored.roles);
    let pairs = |pairs: &[(Vec<u8>, Vec<u8>)]| -> Vec<(Vec<u8>, Vec<u8>)> { pairs.to_vec() };
    let read = |list: postroom_wire_message::PairsRef<'_>| -> Vec<(Vec<u8>, Vec<u8>)> {
        list.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
    };
    assert_eq!(pairs(&part.params), read(stored.params));
    assert_eq!(part.disposition.is_some(), stored.disposition.is_some());
    if let (Some(written), Some(stored)) = (&part.disposition, stored.disposition) {
        assert_eq!((written.kind.as_slice(), pairs(&written.params)), (stored.kind, read(stored.params)));
    }
    assert_eq!(part.language, stored.language.iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
    let children: Vec<PartRef<'_>> = stored.children.iter().collect();
    assert_eq!(part.children().len(), children.len());
    part.children().iter().zip(&children).for_each(|(part, stored)| same(part, stored));
    assert_eq!(part.message().is_some(), stored.message().is_some());
    if let (Some((envelope, part)), Some((stored_envelope, stored))) = (part.message(), stored.message()) {
        assert_eq!(*envelope, stored_envelope.to_owned());
        same(part, &stored);
    }
}

/// Every numbered part is found, and header and text are the message.
fn sections(raw: &[u8], structure: &PartRef<'_>) {
    let get = |text| find(raw, structure, &Section { part: &[], text }).expect("a message has this section");
    assert_eq!(get(Text::Whole), raw);
    assert_eq!([get(Text::Header), get(Text::Text)].concat(), raw);
    assert!(locate(structure, &Section { part: &[], text: Text::Mime }).is_none());
    let everything = FieldFilter::new([b""; 0], true);
    assert!(get(Text::Fields(&everything)).ends_with(b"\r\n"));
    let mut number = vec![1];
    let mut steps = 0;
    while steps < 200
        && let Some(Place::Bytes(range)) = locate(structure, &Section { part: &number, text: Text::Whole })
    {
        assert!(raw.get(range).is_some());
        number.push(1);
        if locate(structure, &Section { part: &number, text: Text::Whole }).is_none() {
            number.pop();
            *number.last_mut().expect("never empty") += 1;
        }
        steps += 1;
    }
}
