//! One IMAP byte stream; what is checked stands in the crate's entry points, which its tests run as well.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/wire/imap/tests/entry_points/mod.rs"]
#[allow(dead_code, reason = "each target runs one of the entry points")]
mod entry_points;

fuzz_target!(|data: &[u8]| entry_points::imap_framer(data));
