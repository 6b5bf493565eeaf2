//! The limits of signing in, each with its default.

use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Limits {
    /// Failed attempts on one account in a row. Default 10.
    pub account_attempts: u32,
    /// How long until one of them is forgotten. Default 30 s.
    pub account_recovery: Duration,
    /// Failed attempts from one address (IPv6: one /64) on all accounts. Default 50. Not for loopback.
    pub address_attempts: u32,
    /// How long until one of them is forgotten. Default 6 s.
    pub address_recovery: Duration,
    /// Passwords hashed at the same time, 19 MiB each. Default: one for each processor.
    pub hashing_at_once: usize,
    /// Passwords hashed or waiting for it; more are told to try again. Default 256.
    pub hashing_waiting: usize,
    /// How long a verified password is remembered. Default 5 minutes.
    pub remembered_for: Duration,
    /// How many verified passwords are remembered. Default 10,000.
    pub remembered_at_most: usize,
    /// How long a browser session holds without being used. Default 7 days.
    pub session_idle: Duration,
    /// How long a browser session holds at most. Default 30 days.
    pub session_lifetime: Duration,
    /// Argon2id memory in KiB. Default 19,456.
    pub hash_memory_kib: u32,
    /// Argon2id passes. Default 2.
    pub hash_passes: u32,
    /// SCRAM-SHA-256 iterations. Default 100,000.
    pub scram_iterations: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            account_attempts: 10,
            account_recovery: Duration::from_secs(30),
            address_attempts: 50,
            address_recovery: Duration::from_secs(6),
            hashing_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            hashing_waiting: 256,
            remembered_for: Duration::from_secs(5 * 60),
            remembered_at_most: 10_000,
            session_idle: Duration::from_secs(7 * 24 * 3600),
            session_lifetime: Duration::from_secs(30 * 24 * 3600),
            hash_memory_kib: 19_456,
            hash_passes: 2,
            scram_iterations: 100_000,
        }
    }
}
