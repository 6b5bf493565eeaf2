//! JMAP (RFC 8620, RFC 8621): JSON to types and back. No I/O, no clock, no panic on any input.
//!
//! Start reading at [`Request::read`] for what clients send, and at [`email`] for how a message becomes the JSON of an
//! Email.

pub mod blob_id;
pub mod date;
pub mod email;
pub mod patch;
mod reference;
mod request;
pub mod snippet;

pub use reference::{BadReference, Resolver};
pub use request::{BadRequest, Invocation, Request};

/// A JSON object.
pub type Object = serde_json::Map<String, serde_json::Value>;
