//! Commands. Start reading at [`parse`].

use crate::sasl;
use crate::secret::Secret;

/// What a client asks for. Numbers count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Capa,
    Stls,
    User(String),
    Pass(Secret),
    /// `mechanism` in capitals.
    Auth {
        mechanism: String,
        initial: Option<Secret>,
    },
    Stat,
    List(Option<u32>),
    Uidl(Option<u32>),
    Retr(u32),
    /// The header fields and so many lines of the body.
    Top(u32, u32),
    Dele(u32),
    Noop,
    Rset,
    Quit,
}

/// The line is no command; the text is meant for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCommand {
    #[error("this command is not known")]
    Unknown,
    #[error("this command takes no argument")]
    NoArgument,
    #[error("expected a name")]
    Name,
    #[error("expected the number of a message")]
    Number,
    #[error("expected the number of a message and a number of lines")]
    NumberAndLines,
    #[error("expected a mechanism, and an initial response in base64 if any")]
    Mechanism,
}

/// Reads one line, without its ending. Keywords in any case (RFC 1939 section 3).
pub fn parse(line: &[u8]) -> Result<Command, BadCommand> {
    let (keyword, rest) = match memchr::memchr(b' ', line) {
        Some(at) => (&line[..at], Some(&line[at + 1..])),
        None => (line, None),
    };
    // Only a password may begin or end with blanks.
    let argument = rest.unwrap_or_default().trim_ascii();
    let alone = |command| if argument.is_empty() { Ok(command) } else { Err(BadCommand::NoArgument) };
    match keyword.to_ascii_uppercase().as_slice() {
        b"CAPA" => alone(Command::Capa),
        b"STLS" => alone(Command::Stls),
        b"USER" => name(argument),
        b"PASS" => Ok(Command::Pass(Secret::new(rest.unwrap_or_default()))),
        b"AUTH" => auth(argument),
        b"STAT" => alone(Command::Stat),
        b"LIST" => maybe_number(argument).map(Command::List),
        b"UIDL" => maybe_number(argument).map(Command::Uidl),
        b"RETR" => number(argument).map(Command::Retr),
        b"TOP" => top(argument),
        b"DELE" => number(argument).map(Command::Dele),
        b"NOOP" => alone(Command::Noop),
        b"RSET" => alone(Command::Rset),
        b"QUIT" => alone(Command::Quit),
        _ => Err(BadCommand::Unknown),
    }
}

/// Bytes that are no UTF-8 make a name that is nobody's, and are answered as such with the password.
fn name(argument: &[u8]) -> Result<Command, BadCommand> {
    if argument.is_empty() {
        return Err(BadCommand::Name);
    }
    Ok(Command::User(String::from_utf8_lossy(argument).into_owned()))
}

fn auth(argument: &[u8]) -> Result<Command, BadCommand> {
    let mut words = words(argument);
    let mechanism = words.next().and_then(|word| std::str::from_utf8(word).ok()).ok_or(BadCommand::Mechanism)?;
    let initial = words.next().map(sasl::initial_response).transpose().map_err(|_| BadCommand::Mechanism)?;
    match words.next() {
        None => Ok(Command::Auth { mechanism: mechanism.to_ascii_uppercase(), initial }),
        Some(_) => Err(BadCommand::Mechanism),
    }
}

fn top(argument: &[u8]) -> Result<Command, BadCommand> {
    let mut words = words(argument);
    match (words.next().and_then(message), words.next().and_then(digits), words.next()) {
        (Some(number), Some(lines), None) => Ok(Command::Top(number, lines)),
        _ => Err(BadCommand::NumberAndLines),
    }
}

fn maybe_number(argument: &[u8]) -> Result<Option<u32>, BadCommand> {
    if argument.is_empty() { Ok(None) } else { number(argument).map(Some) }
}

fn number(argument: &[u8]) -> Result<u32, BadCommand> {
    message(argument).ok_or(BadCommand::Number)
}

fn message(word: &[u8]) -> Option<u32> {
    digits(word).filter(|number| *number > 0)
}

/// More than fits means the same as the greatest that does: no message, or every line.
fn digits(word: &[u8]) -> Option<u32> {
    if word.is_empty() || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |sum: u32, digit: &u8| sum.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
    Some(word.iter().fold(0, add))
}

fn words(argument: &[u8]) -> impl Iterator<Item = &[u8]> {
    argument.split(|octet| *octet == b' ').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests;
