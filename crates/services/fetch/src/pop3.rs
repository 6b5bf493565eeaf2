//! Fetching over POP3. [`session`] is the conversation, [`pass`] one session's work.

pub(crate) mod pass;
pub(crate) mod session;
