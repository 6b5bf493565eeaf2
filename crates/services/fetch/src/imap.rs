//! Fetching over IMAP. [`session`] is the conversation, [`inbox`] what is there, [`take`] how it comes here, [`remove`]
//! how it goes there, [`idle`] waiting for more; [`pass`] brings them together.

pub(crate) mod idle;
pub(crate) mod inbox;
pub(crate) mod pass;
pub(crate) mod remove;
pub(crate) mod session;
pub(crate) mod take;
