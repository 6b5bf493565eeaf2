//! One file for each command that is more than a line.

pub(crate) mod auth;
mod bdat;
mod data;
mod hello;
mod mail;
mod message;
mod rcpt;
mod starttls;

use crate::session::Flow;

/// A BDAT whose size cannot be read is followed by octets of unknown number: nothing after it can be trusted to be a
/// command.
pub(crate) fn after_bad(line: &[u8]) -> Flow {
    let is_bdat = line.get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case(b"BDAT"));
    if is_bdat { Flow::Close } else { Flow::Continue }
}
