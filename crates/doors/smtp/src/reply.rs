//! Replies, and the one map from what services say to what SMTP says (RFC 5321 section 4.2, RFC 3463).
//!
//! Every map is exhaustive: a new way to fail does not compile until it has a reply. A test prints them all to
//! `tests/golden/smtp-errors.out`.

use crate::body::Overflow;
use crate::command::BadCommand;
use postroom_directory::{ScramRefused, SignInError};
use postroom_inbound::{DeliverError, Delivered, Recipient};
use postroom_outbound::SubmitError;
use std::borrow::Cow;

/// One reply of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    /// RFC 2034; empty where a reply has none.
    enhanced: &'static str,
    text: Cow<'static, str>,
}

/// RFC 5321 section 4.5.3.1.5: 512 octets with code and CRLF.
const LONGEST_TEXT: usize = 490;

impl Reply {
    pub(crate) fn new(code: u16, enhanced: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, enhanced, text: text.into() }
    }

    pub(crate) fn ok(enhanced: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(250, enhanced, text)
    }

    /// The command may not be given now.
    pub(crate) fn out_of_order(text: &'static str) -> Self {
        Self::new(503, "5.5.1", text)
    }

    /// Whether it counts against the client.
    pub(crate) fn is_error(&self) -> bool {
        self.code >= 500
    }

    /// One line. `utf8`: the client can take it (RFC 6531 section 3.7.4).
    pub(crate) fn write(&self, utf8: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(self.code.to_string().as_bytes());
        out.push(b' ');
        if !self.enhanced.is_empty() {
            out.extend_from_slice(self.enhanced.as_bytes());
            out.push(b' ');
        }
        let start = out.len();
        let mut buffer = [0; 4];
        for c in self.text.chars() {
            let c = if c.is_control() || (!utf8 && !c.is_ascii()) { '?' } else { c };
            let encoded = c.encode_utf8(&mut buffer);
            if out.len() + encoded.len() - start > LONGEST_TEXT {
                break;
            }
            out.extend_from_slice(encoded.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// Who asks: other servers try again later, a person at a mail program is told at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    Server,
    Person,
}

const BROKEN: &str = "something went wrong here; try again later";

pub(crate) fn broken() -> Reply {
    Reply::new(451, "4.3.0", BROKEN)
}

/// The reply to RCPT; None: the recipient is taken.
pub(crate) fn recipient(found: Recipient, asks: Asks, address: &str) -> Option<Reply> {
    Some(match (found, asks) {
        (Recipient::Mailbox(_), _) | (Recipient::NotOurs, Asks::Person) => return None,
        (Recipient::Full { never: false, .. }, Asks::Server) => {
            Reply::new(452, "4.2.2", format!("the mailbox of <{address}> is full; try again later"))
        }
        (Recipient::Full { never: true, .. }, _) => {
            Reply::new(552, "5.2.2", format!("the message is larger than all that the mailbox of <{address}> may hold"))
        }
        (Recipient::Full { never: false, .. }, Asks::Person) => {
            Reply::new(552, "5.2.2", format!("the mailbox of <{address}> is full"))
        }
        (Recipient::Unknown, _) => unknown_recipient(address),
        (Recipient::NotOurs, Asks::Server) => {
            Reply::new(550, "5.7.1", format!("this server does not relay to <{address}>"))
        }
    })
}

pub(crate) fn unknown_recipient(address: &str) -> Reply {
    Reply::new(550, "5.1.1", format!("<{address}> does not exist here"))
}

/// One recipient of a message that was delivered to each by itself (LMTP).
pub(crate) fn delivered(outcome: Delivered, address: &str) -> Reply {
    match outcome {
        Delivered::Filed => Reply::ok("2.1.5", format!("<{address}> delivered")),
        Delivered::Full { never: false } => {
            Reply::new(452, "4.2.2", format!("the mailbox of <{address}> is full; try again later"))
        }
        Delivered::Full { never: true } => {
            Reply::new(552, "5.2.2", format!("the message is larger than all that the mailbox of <{address}> may hold"))
        }
        Delivered::Gone => unknown_recipient(address),
    }
}

/// A message that nobody got.
pub(crate) fn deliver_error(error: &DeliverError) -> Reply {
    match error {
        DeliverError::Full { never: false } => {
            Reply::new(452, "4.2.2", "a recipient's mailbox is full; nobody got the message; try again later")
        }
        DeliverError::Full { never: true } => Reply::new(
            552,
            "5.2.2",
            "the message is larger than all that a recipient's mailbox may hold; nobody got it",
        ),
        // Trying again shows which.
        DeliverError::Gone => Reply::new(450, "4.2.1", "a recipient's mailbox was removed; try again"),
        // RFC 7372.
        DeliverError::Forged(_) => Reply::new(550, "5.7.26", error.to_string()),
        DeliverError::Store(_) => broken(),
    }
}

pub(crate) fn submit_error(error: &SubmitError) -> Reply {
    let text = error.to_string();
    match error {
        SubmitError::Refused(_) | SubmitError::NoAttachments { .. } | SubmitError::NoOwnAddress => {
            Reply::new(550, "5.7.1", text)
        }
        SubmitError::Header(_) => Reply::new(550, "5.6.0", text),
        SubmitError::NoRecipient => Reply::new(554, "5.5.1", text),
        SubmitError::Unknown(address) => unknown_recipient(address),
        SubmitError::HeldTooLong => Reply::new(501, "5.5.4", text),
        SubmitError::Full(_) | SubmitError::NoRoomForCopy(_) => Reply::new(552, "5.2.2", text),
        SubmitError::Gone => Reply::new(530, "5.7.0", text),
        SubmitError::Store(_) => broken(),
    }
}

pub(crate) fn overflow(why: Overflow, limit: u64) -> Reply {
    let name = match why {
        Overflow::TooBig => "message_size",
        Overflow::NoMemory => "message_memory",
    };
    tracing::debug!(limit = name, "a message is not taken");
    match why {
        Overflow::TooBig => Reply::new(552, "5.3.4", format!("the message is larger than {limit} octets")),
        Overflow::NoMemory => Reply::new(452, "4.3.1", "too many large messages at once; try again later"),
    }
}

pub(crate) fn bad_command(bad: &BadCommand) -> Reply {
    let text = bad.to_string();
    match bad {
        BadCommand::Characters | BadCommand::Unknown => Reply::new(500, "5.5.2", text),
        BadCommand::Syntax(_) | BadCommand::Value(_) => Reply::new(501, "5.5.4", text),
        BadCommand::Sender(_) => Reply::new(501, "5.1.7", text),
        BadCommand::Recipient(_) => Reply::new(501, "5.1.3", text),
        BadCommand::Parameter(_) => Reply::new(555, "5.5.4", text),
    }
}

pub(crate) fn sign_in_error(error: &SignInError) -> Reply {
    match error {
        SignInError::Refused => Reply::new(535, "5.7.8", error.to_string()),
        SignInError::Throttled { .. } => Reply::new(454, "4.7.0", error.to_string()),
        SignInError::Store(_) => Reply::new(454, "4.7.0", BROKEN),
    }
}

pub(crate) fn scram_refused(refused: &ScramRefused) -> Reply {
    match refused {
        ScramRefused::Exchange(error) => Reply::new(535, "5.7.8", error.to_string()),
        ScramRefused::SignIn(error) => sign_in_error(error),
    }
}

#[cfg(test)]
mod tests;
