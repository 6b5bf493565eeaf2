//! SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side, as pure steps that every door shares.
//!
//! [`ClientFirst::parse`], then [`ClientFirst::answer`] with the account's [`Verifier`] gives the [`Challenge`],
//! whose [`Challenge::finish`] checks the proof. On TLS the mechanism with -PLUS binds the proof to the connection.
//! The use cases that find the verifier and count attempts are in `sign_in`.

mod binding;
mod exchange;
mod salts;
mod verifier;

pub use binding::{Bindings, EndPoint};
pub use exchange::{Challenge, ClientFirst, ScramError};
pub(crate) use salts::Salts;
pub use verifier::Verifier;

#[cfg(test)]
pub(crate) mod tests;
