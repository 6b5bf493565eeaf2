//! The binary: configuration, command line, wiring, TLS, control socket, graceful stop. The only place that knows
//! every crate of the house.
//!
//! Start reading at `cli` (what can be asked) and `serve` (what runs).

mod cli;
mod config;
mod control;
mod doctor;
mod logging;
mod moment;
mod office;
mod serve;

pub use cli::{Cli, run};
