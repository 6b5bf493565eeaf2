//! A message as an Email object (RFC 8621 section 4). Start reading at [`Email::write`].

mod body;
pub mod create;
mod header_form;
mod properties;
mod write;

pub use body::{BodyOptions, Values};
pub use create::{Attachments, BadEmail, Draft, Stamp};
pub use header_form::{Form, HeaderProperty};
pub use properties::{BodyProperty, Needs, Property, UnknownProperty, body_defaults, defaults, needs, parse_defaults};
pub use write::{Email, write};
