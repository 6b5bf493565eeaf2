//! Identifiers for trace fields and new Message-IDs.

use postroom_model::Time;

/// An identifier that nobody else gives out: the moment and 40 random bits, as letters and digits.
pub fn new_id(now: Time) -> String {
    let mut random = [0u8; 8];
    // Without random numbers the moment alone is left, which is good enough to tell messages apart in a log.
    let _ = aws_lc_rs::rand::fill(&mut random[3..]);
    let mut id = base36(u64::try_from(now.0).unwrap_or(0), 9);
    id.push_str(&base36(u64::from_be_bytes(random), 8));
    id
}

fn base36(mut number: u64, digits: usize) -> String {
    let mut out = vec![b'0'; digits];
    for digit in out.iter_mut().rev() {
        *digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize];
        number /= 36;
    }
    out.into_iter().map(char::from).collect()
}
