//! Kinds of values in the configuration. Each is read from its TOML form and from text, so that a value from the
//! environment is read like one from the file.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// A number of octets: `52428800` or `"50 MiB"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(pub u64);

/// A length of time: `"30 s"`, `"5 min"`, `"24 h"`, `"90 days"`; a bare number counts seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub Duration);

/// A count: `100` or `"100"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count(pub u64);

/// Where a listener stands: an address and a port, or nothing (an empty text turns a listener off).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListenAddress(pub Option<SocketAddr>);

/// A list of texts; in the environment they are separated by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts(pub Vec<String>);

const SIZES: &[(&str, u64)] = &[
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

const SPANS: &[(&str, u64)] = &[("s", 1), ("min", 60), ("h", 3600), ("day", 86_400), ("days", 86_400), ("d", 86_400)];

impl Size {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        measured(text, SIZES).map(Self).ok_or_else(|| format!("`{text}` is no size; write 52428800 or \"50 MiB\""))
    }

    /// As a number of octets in memory.
    pub(crate) fn octets(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Span {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        measured(text, SPANS)
            .map(|seconds| Self(Duration::from_secs(seconds)))
            .ok_or_else(|| format!("`{text}` is no length of time; write \"30 s\", \"5 min\", \"24 h\" or \"90 days\""))
    }

    pub(crate) fn millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }
}

impl Count {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        text.trim().parse().map(Self).map_err(|_| format!("`{text}` is no number of 0 or more"))
    }

    /// As a count of things in memory.
    pub(crate) fn number(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl ListenAddress {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let numeric = match text.strip_prefix("localhost:") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => text.to_owned(),
        };
        let address = numeric.parse().map_err(|_| {
            format!("`{text}` is no address and port; write \"127.0.0.1:2525\", \"0.0.0.0:25\" or \"[::]:25\"")
        })?;
        Ok(Self(Some(address)))
    }
}

/// A number with one of `units` behind it, or a bare number. None if it is neither, or too large.
fn measured(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "" => 1,
        name => units.iter().find(|(unit, _)| *unit == name)?.1,
    };
    number.checked_mul(unit)
}

/// Reads a value from a TOML integer or text.
struct FromNumberOrText<T>(fn(&str) -> Result<T, String>, &'static str);

impl<T> Visitor<'_> for FromNumberOrText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        (self.0)(&number.to_string()).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        (self.0)(&number.to_string()).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

macro_rules! read_from_number_or_text {
    ($($kind:ident: $what:literal;)*) => { $(
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(FromNumberOrText($kind::parse, $what))
            }
        }
    )* };
}

read_from_number_or_text! {
    Size: "a size, such as \"50 MiB\"";
    Span: "a length of time, such as \"5 min\"";
    Count: "a number";
}

impl<'de> Deserialize<'de> for ListenAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a list of texts")]
        enum Form {
            List(Vec<String>),
            Text(String),
        }
        Ok(Self(match Form::deserialize(deserializer)? {
            Form::List(items) => items,
            Form::Text(text) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
            }
        }))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, octets) = SIZES[1..4]
            .iter()
            .rev()
            .find(|(_, octets)| self.0 > 0 && self.0.is_multiple_of(*octets))
            .unwrap_or(&("B", 1));
        write!(f, "{} {unit}", self.0 / octets)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (unit, length) = [("days", 86_400), ("h", 3600), ("min", 60)]
            .into_iter()
            .find(|(_, length)| seconds > *length && seconds.is_multiple_of(*length))
            .unwrap_or(("s", 1));
        write!(f, "{} {unit}", seconds / length)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
