//! How far a viewer of a mailbox has come: a place in the change log, and by which rights it was seen.

use postroom_model::object_id::canonical;
use postroom_model::{Effective, ModSeq};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A state that clients keep and bring back, to be told what is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Of the mailbox: a restore from backup makes older states meaningless.
    pub(crate) epoch: i64,
    /// Everything up to here is known.
    pub(crate) modseq: ModSeq,
    /// Of the changes after it, the first so many are known too: a long change may be told in pieces.
    pub(crate) told: usize,
    /// What was visible.
    pub(crate) rights: u32,
}

impl State {
    /// Reads what `Display` wrote; None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let epoch = i64::from_str_radix(parts.next()?, 36).ok()?;
        let modseq = ModSeq(canonical(parts.next()?)?);
        let rights = u32::from_str_radix(parts.next()?, 16).ok()?;
        let told = parts.next().map_or(Some(0), |told| usize::try_from(canonical(told)?).ok())?;
        let state = Self { epoch, modseq, told, rights };
        (parts.next().is_none() && state.to_string() == text).then_some(state)
    }

    /// The same with everything known up to another place of the log.
    #[must_use]
    pub fn with_modseq(self, modseq: ModSeq) -> Self {
        self.at(modseq, 0)
    }

    /// The same at another place of the log.
    pub(crate) fn at(self, modseq: ModSeq, told: usize) -> Self {
        Self { modseq, told, ..self }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:x}", Base36(self.epoch), self.modseq, self.rights)?;
        if self.told > 0 { write!(f, "-{}", self.told) } else { Ok(()) }
    }
}

/// Short, so that states are.
struct Base36(i64);

impl fmt::Display for Base36 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut left, mut digits) = (self.0.max(0), Vec::new());
        while left > 0 || digits.is_empty() {
            digits.push(char::from_digit(u32::try_from(left % 36).unwrap_or(0), 36).unwrap_or('0'));
            left /= 36;
        }
        digits.iter().rev().try_for_each(|digit| write!(f, "{digit}"))
    }
}

/// A number that differs where rights differ.
pub(crate) fn fingerprint(effective: &Effective) -> u32 {
    let mut hasher = Fnv(0x811c_9dc5);
    effective.whole.bits().hash(&mut hasher);
    for (folder, rights) in &effective.narrowed {
        (folder.0, rights.bits()).hash(&mut hasher);
    }
    hasher.0
}

/// FNV-1a: states outlive a process, so the hash must not change with it.
struct Fnv(u32);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        u64::from(self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_back_and_nothing_else_does() {
        for (epoch, told) in [(0, 0), (1_700_000_000_000, 0), (35, 7)] {
            let state = State { epoch, modseq: ModSeq(12), told, rights: 0xab };
            assert_eq!(State::parse(&state.to_string()), Some(state));
        }
        for bad in [
            "",
            "x",
            "0-1",
            "0-01-ab",
            "0-1-AB",
            "0-1-ab-0",
            "0-1-ab-1-2",
            "0--1-ab",
            "+1-1-ab",
            "zzzzzzzzzzzzzzzz-1-a",
        ] {
            assert_eq!(State::parse(bad), None, "{bad}");
        }
    }
}
