use super::*;

fn locals(list: &[Address]) -> Vec<&str> {
    list.iter().map(|entry| str::from_utf8(entry.local.as_deref().unwrap_or(b"-")).unwrap()).collect()
}

#[test]
fn fields_of_an_envelope() {
    let envelope = Envelope::of(
        b"Date: Fri, 21 Nov 1997 09:55:06 -0600\r\nSubject: =?utf-8?Q?a?=\r\n =?utf-8?Q?b?=\r\nFrom: joe@x\r\n\
          To: a@x\r\nTO: b@x\r\nCc: g: c@x;\r\nBcc: d@x\r\nIn-Reply-To: <1@x>\r\n <2@x>\r\nMessage-Id: <3@x>\r\n\r\n",
    );
    assert_eq!(envelope.date.as_deref(), Some(&b"Fri, 21 Nov 1997 09:55:06 -0600"[..]));
    assert_eq!(envelope.subject.as_deref(), Some(&b"=?utf-8?Q?a?= =?utf-8?Q?b?="[..]));
    assert_eq!(locals(&envelope.to), ["a", "b"]);
    assert_eq!(locals(&envelope.cc), ["g", "c", "-"]);
    assert_eq!(locals(&envelope.bcc), ["d"]);
    assert_eq!((envelope.sender, envelope.reply_to), (envelope.from.clone(), envelope.from));
    assert_eq!(envelope.in_reply_to.as_deref(), Some(&b"<1@x> <2@x>"[..]));
    assert_eq!(envelope.message_id.as_deref(), Some(&b"<3@x>"[..]));
}

#[test]
fn own_sender_and_reply_to() {
    let envelope = Envelope::of(b"From: joe@x\r\nSender: s@x\r\nReply-To: r@x\r\nSubject:\r\nSubject: second\r\n");
    assert_eq!((locals(&envelope.sender), locals(&envelope.reply_to)), (vec!["s"], vec!["r"]));
    assert_eq!(envelope.subject.as_deref(), Some(&b""[..]));
    let empty = Envelope::of(b"From: joe@x\r\nSender:\r\nReply-To: \r\n");
    assert_eq!((locals(&empty.sender), locals(&empty.reply_to)), (vec!["joe"], vec!["joe"]));
    assert_eq!(Envelope::of(b""), Envelope::default());
}
