use super::*;
use crate::{Address, Envelope, Parsed};

fn sample() -> Parsed {
    Parsed::of(
        b"From: Joe <joe@x>\r\nTo: g: a@b;\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
          --b\r\nContent-Language: en, de\r\n\r\ntext\r\n--b\r\nContent-Type: message/rfc822\r\n\
          Content-Disposition: attachment; filename=\"m.eml\"\r\n\r\nSubject: in\r\n\r\nx\r\n--b--\r\n",
    )
}

#[test]
fn versions_are_told_apart() {
    let mut stored = sample().envelope.encode();
    stored[0] = 9;
    assert_eq!(EnvelopeRef::decode(&stored).unwrap_err(), Undecodable::Version(9));
    let mut stored = sample().structure.encode();
    stored[0] = 9;
    assert_eq!(PartRef::decode(&stored).unwrap_err(), Undecodable::Version(9));
    assert_eq!(EnvelopeRef::decode(b"").unwrap_err(), Undecodable::Damaged);
}

#[test]
fn cut_or_longer_forms_are_refused() {
    let (envelope, structure) = (sample().envelope.encode(), sample().structure.encode());
    for length in 0..envelope.len() {
        assert!(EnvelopeRef::decode(&envelope[..length]).is_err(), "{length}");
    }
    for length in 0..structure.len() {
        assert!(PartRef::decode(&structure[..length]).is_err(), "{length}");
    }
    assert!(EnvelopeRef::decode(&[envelope, vec![0]].concat()).is_err());
    assert!(PartRef::decode(&[structure, vec![0]].concat()).is_err());
}

#[test]
fn damaged_forms_do_no_harm() {
    let (envelope, structure) = (sample().envelope.encode(), sample().structure.encode());
    let read = |part: &PartRef<'_>| part.walk().filter(|part| part.message().is_some()).count();
    for value in [0, 1, 0x7f, 0x80, 0xff] {
        for at in 0..envelope.len() {
            let mut damaged = envelope.clone();
            damaged[at] = value;
            if let Ok(envelope) = EnvelopeRef::decode(&damaged) {
                std::hint::black_box(envelope.to_owned());
            }
        }
        for at in 0..structure.len() {
            let mut damaged = structure.clone();
            damaged[at] = value;
            if let Ok(part) = PartRef::decode(&damaged) {
                std::hint::black_box(read(&part));
            }
        }
    }
}

#[test]
fn endless_nesting_is_refused() {
    let mut stored = vec![0; 20];
    for _ in 0..10_000 {
        let mut outer = vec![1, 0, 0, 0, 0, 0, 1, b'm', 1, b'm', 0, 0, 0, 1, b'7', 0, 0, 0, 0, 0];
        outer.extend_from_slice(&stored);
        stored.clear();
        wire::put_number(&mut stored, outer.len());
        stored.extend_from_slice(&outer);
    }
    stored.insert(0, 1);
    assert_eq!(PartRef::decode(&stored).unwrap_err(), Undecodable::Damaged);
}

#[test]
fn equal_lists_are_stored_once() {
    let from = vec![Address { name: None, local: Some(vec![b'x'; 1000]), domain: Some(b"x".to_vec()) }];
    let envelope = Envelope { sender: from.clone(), reply_to: from.clone(), from, ..Envelope::default() };
    assert!(envelope.encode().len() < 1_100);
}

#[test]
fn long_frames_keep_their_length() {
    for length in [0, 1, 127, 128, 16_000, 16_384, 3_000_000] {
        let to = vec![Address { name: Some(vec![b'n'; length]), local: None, domain: None }];
        let envelope = Envelope { to, ..Envelope::default() };
        assert_eq!(EnvelopeRef::decode(&envelope.encode()).unwrap().to_owned(), envelope, "{length}");
    }
}

#[test]
fn parts_are_stepped_over() {
    let stored = sample().structure.encode();
    let part = PartRef::decode(&stored).unwrap();
    let second = part.children.get(1).unwrap();
    assert!(second.is("message", "rfc822") && second.file_name == Some("m.eml"));
    assert_eq!(second.message().unwrap().0.subject, Some(&b"in"[..]));
    assert!(part.children.get(2).is_none());
    assert_eq!(part.children.get(0).unwrap().language.iter().collect::<Vec<_>>(), [b"en", b"de"]);
}
