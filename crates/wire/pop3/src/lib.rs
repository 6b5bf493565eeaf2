//! The server's half of POP3 as bytes and types: RFC 1939, with CAPA (RFC 2449), STLS (RFC 2595) and AUTH (RFC 5034).
//! No I/O, no clock, no knowledge of mailboxes.
//!
//! A door reads bytes into a `BytesMut`, takes lines with [`Lines::next`], gives each to [`parse`] and appends its
//! answers to a buffer with the functions of [`reply`]. [`content`] cuts messages into lines that cannot end an answer
//! early.

pub mod client;
pub mod command;
pub mod content;
pub mod lines;
pub mod reply;
pub mod sasl;
pub mod secret;

pub use command::{BadCommand, Command, parse};
pub use lines::{Line, Lines};
pub use reply::Code;
pub use secret::Secret;
