//! What every HTTP door reads from the head of a request before it knows who asks: credentials, the session cookie,
//! and whether another site sent the request. No I/O, no knowledge of accounts.
//!
//! A door reads [`Shown`] from the headers, has [`origin::check`] refuse what another site sent, and hands the
//! credential to the directory. What it answers to nobody in particular is in [`challenge`].

pub mod base;
pub mod challenge;
pub mod cookie;
pub mod credentials;
pub mod origin;

pub use credentials::{Shown, Unreadable};
pub use origin::{ForeignRequest, OWN_HEADER};

use std::net::IpAddr;

/// Where a request comes from. Whoever accepts connections adds it to each request as an extension.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub address: IpAddr,
    /// By TLS, or because both ends are on this machine: passwords may come this way.
    pub protected: bool,
    /// By TLS.
    pub tls: bool,
}
