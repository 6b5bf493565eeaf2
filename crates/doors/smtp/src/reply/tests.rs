//! Every failure that a service can report, and the reply to it.

use super::*;
use crate::command::BadPath;
use postroom_directory::scram::ScramError;
use postroom_model::{Denied, MailboxId, Right};
use postroom_outbound::{HeaderError, Refusal};
use std::fmt::Write;
use std::time::Duration;

fn denied(right: Right) -> Denied {
    Denied { right, mailbox: "Customer Support".into(), managers: vec!["Alice Ng".into(), "Jörg".into()] }
}

fn store() -> postroom_store::StoreError {
    postroom_store::StoreError::Corrupt("something private")
}

fn submit_errors() -> Vec<SubmitError> {
    let address = || "support@example.org".to_owned();
    let header = [
        HeaderError::NoFrom,
        HeaderError::RepeatedFrom,
        HeaderError::MalformedFrom,
        HeaderError::MalformedSender,
        HeaderError::NoSender,
    ];
    let mailbox = MailboxId(1);
    let mut all = vec![
        SubmitError::Refused(Refusal::Unseen(address())),
        SubmitError::Refused(Refusal::Denied { address: address(), mailbox, denied: denied(Right::SendAs) }),
        SubmitError::NoAttachments { mailbox, denied: denied(Right::AttachmentAdd) },
    ];
    all.extend(header.map(SubmitError::Header));
    all.extend([
        SubmitError::NoOwnAddress,
        SubmitError::NoRecipient,
        SubmitError::Unknown(address()),
        SubmitError::HeldTooLong,
        SubmitError::Full(address()),
        SubmitError::NoRoomForCopy("Customer Support".into()),
        SubmitError::Gone,
        SubmitError::Store(store()),
    ]);
    all
}

fn bad_commands() -> Vec<BadCommand> {
    vec![
        BadCommand::Characters,
        BadCommand::Unknown,
        BadCommand::Syntax("DATA"),
        BadCommand::Sender(BadPath::Local),
        BadCommand::Recipient(BadPath::Domain),
        BadCommand::Parameter("X".into()),
        BadCommand::Value("SIZE"),
    ]
}

fn sign_in_errors() -> Vec<SignInError> {
    let retry_after = Duration::from_secs(30);
    vec![SignInError::Refused, SignInError::Throttled { retry_after }, SignInError::Store(store())]
}

fn scram_errors() -> Vec<ScramRefused> {
    let exchange = [
        ScramError::Malformed("nonce"),
        ScramError::ChannelBinding,
        ScramError::ChannelBindingType,
        ScramError::Downgraded,
        ScramError::WrongProof,
    ];
    exchange.into_iter().map(ScramRefused::Exchange).chain(sign_in_errors().into_iter().map(Into::into)).collect()
}

#[test]
fn the_replies_are_the_golden_ones() {
    let mut out = String::new();
    let mut line = |what: String, reply: Option<Reply>| {
        let mut written = Vec::new();
        match reply {
            Some(reply) => reply.write(false, &mut written),
            None => written.extend_from_slice(b"taken\r\n"),
        }
        let written = String::from_utf8(written).expect("replies are text");
        assert!(written.ends_with("\r\n") && written.len() <= 512 && !written.contains("private"), "{written}");
        writeln!(out, "{what}\n    {}", written.trim_end()).expect("written");
    };
    let mailbox = MailboxId(1);
    let found = [
        Recipient::Mailbox(mailbox),
        Recipient::Full { mailbox, never: false },
        Recipient::Full { mailbox, never: true },
        Recipient::Unknown,
        Recipient::NotOurs,
    ];
    for asks in [Asks::Server, Asks::Person] {
        for found in found {
            line(format!("RCPT {asks:?} {found:?}"), recipient(found, asks, "bob@example.org"));
        }
    }
    let outcomes =
        [Delivered::Filed, Delivered::Full { never: false }, Delivered::Full { never: true }, Delivered::Gone];
    for outcome in outcomes {
        line(format!("LMTP {outcome:?}"), Some(delivered(outcome, "bob@example.org")));
    }
    let errors = [
        DeliverError::Full { never: false },
        DeliverError::Full { never: true },
        DeliverError::Gone,
        DeliverError::Forged("elsewhere.example".into()),
        DeliverError::Store(store()),
    ];
    for error in errors {
        line(format!("DATA {error:?}"), Some(deliver_error(&error)));
    }
    for error in submit_errors() {
        line(format!("submission {error:?}"), Some(submit_error(&error)));
    }
    for why in [Overflow::TooBig, Overflow::NoMemory] {
        line(format!("DATA {why:?}"), Some(overflow(why, 1000)));
    }
    for bad in bad_commands() {
        line(format!("command {bad:?}"), Some(bad_command(&bad)));
    }
    for refused in scram_errors() {
        line(format!("AUTH {refused:?}"), Some(scram_refused(&refused)));
    }
    compare(&out);
}

fn compare(out: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/smtp-errors.out");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, out).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(path).expect("the golden file exists");
    assert!(golden == out, "the replies changed; if that is meant, run with UPDATE_GOLDEN=1\n{out}");
}

#[test]
fn a_reply_is_one_line_of_ascii_unless_the_client_takes_more() {
    let reply = Reply::new(550, "5.1.1", format!("a\r\n250 ö{}", "x".repeat(1000)));
    let mut out = Vec::new();
    reply.write(false, &mut out);
    assert!(out.starts_with(b"550 5.1.1 a??250 ?xxx") && out.len() <= 512);
    out.clear();
    reply.write(true, &mut out);
    assert!(out.starts_with("550 5.1.1 a??250 öxxx".as_bytes()) && out.len() <= 512);
}
