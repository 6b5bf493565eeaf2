//! Parameters of MAIL and RCPT (RFC 5321 section 4.1.2: `esmtp-keyword ["=" esmtp-value]`).

use super::BadCommand;
use postroom_outbound::{Notify, Return};

/// BODY of MAIL (RFC 6152).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    SevenBit,
    EightBit,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailParameters {
    /// RFC 1870: what the client thinks the message has.
    pub size: Option<u64>,
    pub body: Option<BodyKind>,
    /// RFC 6531.
    pub utf8: bool,
    /// RFC 3461 section 4.3.
    pub ret: Option<Return>,
    /// RFC 3461 section 4.4, as sent.
    pub envelope_id: Option<String>,
    /// RFC 4865: nothing leaves before.
    pub hold: Option<Hold>,
}

/// How long a message is to be held (RFC 4865 section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    Seconds(i64),
    /// Milliseconds since 1970.
    Until(i64),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RcptParameters {
    /// RFC 3461 section 4.1.
    pub notify: Option<Notify>,
    /// RFC 3461 section 4.2, as sent.
    pub original: Option<String>,
}

/// Longest ENVID and ORCPT (RFC 3461 sections 4.4 and 4.2).
const LONGEST_ENVELOPE_ID: usize = 100;
const LONGEST_ORIGINAL: usize = 500;

/// What follows a path: nothing, or a blank and parameters.
pub(super) fn of(rest: &str) -> Option<impl Iterator<Item = &str>> {
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.split(' ').filter(|word| !word.is_empty()))
}

impl MailParameters {
    pub(super) fn read<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self, BadCommand> {
        let mut read = Self::default();
        for word in words {
            let (name, value) = split(word);
            match name.to_ascii_uppercase().as_str() {
                "SIZE" => once(&mut read.size, value.and_then(number), "SIZE")?,
                "BODY" => once(&mut read.body, value.and_then(body_kind), "BODY")?,
                "SMTPUTF8" if value.is_none() => read.utf8 = true,
                "SMTPUTF8" => return Err(BadCommand::Value("SMTPUTF8")),
                "RET" => once(&mut read.ret, value.and_then(ret), "RET")?,
                "ENVID" => {
                    once(&mut read.envelope_id, value.and_then(|value| xtext(value, LONGEST_ENVELOPE_ID)), "ENVID")?
                }
                "HOLDFOR" => once(&mut read.hold, value.and_then(hold_for), "HOLDFOR")?,
                "HOLDUNTIL" => once(&mut read.hold, value.and_then(hold_until), "HOLDUNTIL")?,
                // RFC 4954 section 5: whom another server trusted. Nobody is trusted here, so it says nothing.
                "AUTH" if value.is_some() => {}
                _ => return Err(unknown(name)),
            }
        }
        Ok(read)
    }
}

impl RcptParameters {
    pub(super) fn read<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self, BadCommand> {
        let mut read = Self::default();
        for word in words {
            let (name, value) = split(word);
            match name.to_ascii_uppercase().as_str() {
                "NOTIFY" => once(&mut read.notify, value.and_then(notify), "NOTIFY")?,
                "ORCPT" => once(&mut read.original, value.and_then(original), "ORCPT")?,
                _ => return Err(unknown(name)),
            }
        }
        Ok(read)
    }
}

fn split(word: &str) -> (&str, Option<&str>) {
    word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)))
}

fn once<T>(slot: &mut Option<T>, value: Option<T>, name: &'static str) -> Result<(), BadCommand> {
    match value {
        Some(_) if slot.is_none() => {
            *slot = value;
            Ok(())
        }
        _ => Err(BadCommand::Value(name)),
    }
}

fn unknown(name: &str) -> BadCommand {
    BadCommand::Parameter(name.chars().take(40).collect())
}

/// `1*20DIGIT`; what does not fit is larger than any limit.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

fn body_kind(value: &str) -> Option<BodyKind> {
    if value.eq_ignore_ascii_case("8BITMIME") {
        Some(BodyKind::EightBit)
    } else {
        value.eq_ignore_ascii_case("7BIT").then_some(BodyKind::SevenBit)
    }
}

/// `future-release-integer = 1*9DIGIT`
fn hold_for(value: &str) -> Option<Hold> {
    number(value).filter(|_| value.len() <= 9).and_then(|seconds| i64::try_from(seconds).ok()).map(Hold::Seconds)
}

/// A date and time as RFC 3339 writes it.
fn hold_until(value: &str) -> Option<Hold> {
    value.parse::<jiff::Timestamp>().ok().map(|at| Hold::Until(at.as_millisecond()))
}

fn ret(value: &str) -> Option<Return> {
    if value.eq_ignore_ascii_case("FULL") {
        Some(Return::Full)
    } else {
        value.eq_ignore_ascii_case("HDRS").then_some(Return::Headers)
    }
}

/// `notify-esmtp-value = "NEVER" / 1#( "SUCCESS" / "FAILURE" / "DELAY" )`
fn notify(value: &str) -> Option<Notify> {
    let mut notify = Notify::default();
    if value.eq_ignore_ascii_case("NEVER") {
        return Some(notify);
    }
    for word in value.split(',') {
        match word.to_ascii_uppercase().as_str() {
            "SUCCESS" => notify.success = true,
            "FAILURE" => notify.failure = true,
            "DELAY" => notify.delay = true,
            _ => return None,
        }
    }
    Some(notify)
}

/// `original-recipient-address = addr-type ";" xtext`; RFC 6533 lets `utf-8` addresses be plain.
fn original(value: &str) -> Option<String> {
    let (kind, address) = value.split_once(';')?;
    let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_kind && !address.is_empty()).then(|| xtext(value, LONGEST_ORIGINAL)).flatten()
}

/// `xtext = *( xchar / hexchar )`, kept as sent: `+` is followed by two upper-case hexadecimal digits.
fn xtext(value: &str, longest: usize) -> Option<String> {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte));
    let bytes = value.as_bytes();
    let escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'+');
    let escaped = escapes.into_iter().all(|(at, _)| is_hex(bytes.get(at + 1)) && is_hex(bytes.get(at + 2)));
    (escaped && !value.is_empty() && value.len() <= longest && !value.contains('=')).then(|| value.to_owned())
}
