//! What is computed once when a message is filed, so that ENVELOPE, BODYSTRUCTURE, lists, search and submission checks
//! never parse it again. Bytes and types only: no I/O, no clock, no panic on any input.
//!
//! Start reading at [`Parsed::of`]. A filed message is then read through [`EnvelopeRef`] and [`PartRef`], which borrow
//! from the stored bytes, and [`section`] turns an IMAP section into a range of the raw message.
//!
//! Limits on hostile input: 64 nested containers and 10,000 parts (deeper or later content stays inside the last part),
//! [`MAX_VALUE`] bytes of one header value, [`MAX_ADDRESSES`] of one address list, [`MAX_PARAMS`] parameters of one
//! field, [`MAX_REFERENCES`] thread references. A message with more than [`MAX_FIELDS`] lines that may be fields, or of
//! 4 GiB, is not taken apart: its body is one part.

mod address;
mod attachment;
mod codec;
mod date;
mod envelope;
mod fields;
mod listed;
mod message_id;
mod params;
mod parsed;
mod preview;
mod structure;
mod subject;
mod text;
mod transcode;

pub mod binary;
pub mod edit;
pub mod received;
mod reference;
pub mod search;
pub mod section;

pub use address::{Address, AddressKind, MAX_ADDRESSES, MalformedAddresses, addresses, addresses_checked};
pub use codec::{
    AddressRef, AddressesRef, BytesListRef, DispositionRef, EnvelopeRef, ListIter, ListRef, PairsRef, PartRef,
    PartsRef, Undecodable,
};
pub use date::{parse_date, rfc5322_date};
pub use envelope::Envelope;
pub use fields::{Field, FieldFilter, Fields, MAX_VALUE, header_end, header_fields, unfold};
pub use listed::{are_listed, listed_fields};
pub use message_id::{MAX_REFERENCES, message_ids};
pub use params::MAX_PARAMS;
pub use parsed::{MAX_FIELDS, Parsed};
pub use preview::MAX_PREVIEW_CHARS;
pub use received::Received;
pub use reference::reference_hash;
pub use search::{SearchText, normalise, search_text};
pub use structure::{Content, Disposition, Part, Roles};
pub use subject::{BaseSubject, base_subject};
pub use text::decode_header;
pub use transcode::without_nul;
