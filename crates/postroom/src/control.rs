//! How a command reaches the data: through the running server, or, where none runs, by opening the store itself.
//!
//! On SQLite whoever works on the data holds `data/lock`. A running server holds it all the time and listens on
//! `data/control.sock`; a command that finds the lock taken sends its [`Request`](crate::cli::Request) there, and the
//! server runs the very same code that the command would have run. Start reading at [`client`].

pub(crate) mod client;
mod frame;
pub(crate) mod lock;
pub(crate) mod server;
mod socket;
