//! The server's half of IMAP as bytes and types: IMAP4rev1 (RFC 3501), IMAP4rev2 (RFC 9051) and the extensions that
//! servers of shared mailboxes need. No I/O, no clock, no knowledge of mailboxes.
//!
//! A door reads bytes into a `BytesMut`, asks [`Framer::next`] for whole commands, gives each to [`command::parse`] and
//! appends its answers to a buffer with the functions of [`response`]. Start reading at [`framer`], then [`command`].

mod characters;
pub mod client;
pub mod command;
mod cursor;
pub mod date;
pub mod flag;
pub mod folder_name;
pub mod framer;
pub mod message_url;
pub mod response;
pub mod sasl;
pub mod secret;
pub mod sequence;
pub mod tag;

pub use command::{BadCommand, Command, ParseOptions, Tagged, parse};
pub use date::Date;
pub use flag::Flag;
pub use folder_name::FolderName;
pub use framer::{Frame, Framer, Limits, LineFrame, Refusal};
pub use secret::Secret;
pub use sequence::{MessageSet, PartialRange, SequenceNumber, SequenceRange, SequenceSet};
pub use tag::Tag;
