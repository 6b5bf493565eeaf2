//! What holds for every message must hold for arbitrary bytes, for damaged mails and for the mails in `mails/`.

use std::path::Path;

use postroom_wire_message::edit::{prepend, remove_headers, set_or_add_header};
use postroom_wire_message::{
    EnvelopeRef, Parsed, PartRef, addresses, base_subject, decode_header, header_end, header_fields, normalise,
    parse_date,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

mod invariants;

/// Pieces that a parser gives meaning to.
const PIECES: &[&str] = &[
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "\n\n",
    " ",
    "\t",
    "\0",
    ":",
    ";",
    ",",
    "<",
    ">",
    "@",
    "\"",
    "\\",
    "(",
    ")",
    "[",
    "]",
    "--b",
    "--b--",
    "--c",
    "--c--",
    "\r\n--b\r\n",
    "\r\n--c\r\n",
    "\r\n--b--\r\n",
    "Subject: Re: [x] ",
    "From: ",
    "To: g:",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: multipart/alternative; boundary=\"c\"\r\n",
    "Content-Type: multipart/digest; boundary=c\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: text/html\r\n",
    "Content-Type: text/plain; charset=utf-16\r\n",
    "Content-Type: image/png; name*0*=utf-8''%zz\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "Content-Disposition: attachment; filename=",
    "Content-ID: <x>\r\n",
    "<img src=cid:x>",
    "=?utf-8?Q?=E2?=",
    "=?x?B?",
    "Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n",
    "References: <a@b> <",
    "=\r\n",
    "=E9",
    "aGk=",
    "\u{e9}",
    "\u{2003}",
    "x",
];

fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        9 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..8),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A mail of the folder with some stretches removed, doubled or overwritten.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let damage = (any::<Index>(), 0_usize..40, 0_u8..3, vec(any::<u8>(), 0..4));
    (select(mails()), vec(damage, 1..6)).prop_map(|((_, mut raw), damages)| {
        for (at, length, how, bytes) in damages {
            let at = at.index(raw.len() + 1);
            let end = (at + length).min(raw.len());
            let stretch = raw[at..end].to_vec();
            match how {
                0 => drop(raw.splice(at..end, [])),
                1 => drop(raw.splice(at..at, stretch)),
                _ => drop(raw.splice(at..end, bytes)),
            }
        }
        raw
    })
}

fn mails() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let entries = std::fs::read_dir(folder).expect("the folder of mails");
    let mut mails: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .map(|path| (path.file_name().map(|name| name.to_string_lossy().into_owned()), std::fs::read(&path)))
        .map(|(name, raw)| (name.expect("a name"), raw.expect("a readable mail")))
        .collect();
    mails.sort();
    mails
}

#[test]
fn every_mail_of_the_folder() {
    let mails = mails();
    assert!(mails.len() >= 20, "{} mails", mails.len());
    for (name, raw) in mails {
        println!("{name}");
        invariants::check(&raw);
        for end in 0..raw.len().min(3_000) {
            std::hint::black_box(Parsed::of(&raw[..end]));
        }
    }
}

proptest! {

    #[test]
    fn arbitrary_bytes(raw in vec(any::<u8>(), 0..400)) {
        invariants::check(&raw);
    }

    #[test]
    fn meaningful_pieces(raw in soup()) {
        invariants::check(&raw);
    }

    #[test]
    fn damaged_mails(raw in damaged()) {
        invariants::check(&raw);
    }

    #[test]
    fn values(value in soup()) {
        let list = addresses(&value);
        let groups = list.iter().filter(|entry| entry.domain.is_none()).count();
        prop_assert_eq!(groups % 2, 0, "every group that starts ends: {:?}", list);
        let text = decode_header(&value);
        prop_assert!(base_subject(&text).text.len() <= 1000);
        parse_date(&value);
    }

    #[test]
    fn stored_forms_of_others(stored in vec(any::<u8>(), 0..200)) {
        let stored = [vec![1], stored].concat();
        if let Ok(envelope) = EnvelopeRef::decode(&stored) {
            prop_assert_eq!(EnvelopeRef::decode(&envelope.to_owned().encode()).map(|again| again.to_owned()), Ok(envelope.to_owned()));
        }
        if let Ok(part) = PartRef::decode(&stored) {
            prop_assert!(part.walk().count() > 0);
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(text in any::<String>()) {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn edits_leave_the_rest(raw in soup()) {
        let longer = prepend(&raw, &[("X-Top", "one")]);
        prop_assert!(longer.ends_with(&raw));
        if !raw.starts_with(b" ") && !raw.starts_with(b"\t") {
            prop_assert!(header_fields(&longer, ["x-top"], false).starts_with(b"X-Top: one\r\n") || longer.starts_with(b"X-Top: one\n"));
        }
        let set = set_or_add_header(&raw, "Subject", "new");
        prop_assert!(set.ends_with(&raw[header_end(&raw)..]));
        let removed = remove_headers(&raw, &["Subject", "From"]);
        prop_assert!(header_fields(&removed, ["subject", "from"], false).trim_ascii().is_empty());
        prop_assert!(removed.ends_with(&raw[header_end(&raw)..]));
    }
}
