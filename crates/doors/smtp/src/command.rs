//! One command line as a type. Strict: what RFC 5321 section 4.1.2 does not allow is refused, with two exceptions that
//! many clients need: blanks between `FROM:` and `<`, and blanks at the end of the line (section 4.1.1).
//!
//! The `smtp-proto` crate is not used: it steps over every CR wherever it stands, ends lines at a bare LF, and ignores
//! arguments of commands that take none. Two servers that read one line differently are what smuggling needs.
//! Start reading at [`Command::parse`].

mod parameters;
mod path;

pub use parameters::{BodyKind, Hold, MailParameters, RcptParameters};
pub use path::{BadPath, Path};

/// A command, borrowing from its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    Ehlo(&'a str),
    Helo(&'a str),
    Lhlo(&'a str),
    Mail(Path<'a>, MailParameters),
    Rcpt(Path<'a>, RcptParameters),
    Data,
    Bdat { size: u64, last: bool },
    Auth { mechanism: &'a str, initial: Option<&'a str> },
    StartTls,
    Rset,
    Noop,
    Quit,
    Vrfy,
    Expn,
    Help,
}

/// Why a line is no command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCommand {
    /// NUL, a bare CR or another control character, or no UTF-8.
    #[error("the line holds characters that no command may hold")]
    Characters,
    #[error("command not known")]
    Unknown,
    #[error("the form is: {0}")]
    Syntax(&'static str),
    #[error("the sender address is not well-formed: {0}")]
    Sender(BadPath),
    #[error("the recipient address is not well-formed: {0}")]
    Recipient(BadPath),
    #[error("the parameter {0} is not known here")]
    Parameter(String),
    #[error("the value of the parameter {0} is not well-formed")]
    Value(&'static str),
}

const MAIL: &str = "MAIL FROM:<address> [parameters]";
const RCPT: &str = "RCPT TO:<address> [parameters]";
const BDAT: &str = "BDAT size [LAST]";

impl<'a> Command<'a> {
    /// Reads a line without its CRLF.
    pub fn parse(line: &'a [u8]) -> Result<Self, BadCommand> {
        let line = std::str::from_utf8(line).map_err(|_| BadCommand::Characters)?;
        if line.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err(BadCommand::Characters);
        }
        let line = line.trim_end_matches(' ');
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let is = |name: &str| verb.eq_ignore_ascii_case(name);
        match verb.len() {
            4 if is("MAIL") => mail(rest),
            4 if is("RCPT") => rcpt(rest),
            4 if is("DATA") => alone(Self::Data, rest, "DATA"),
            4 if is("BDAT") => bdat(rest),
            4 if is("EHLO") => named(rest, "EHLO name").map(Self::Ehlo),
            4 if is("HELO") => named(rest, "HELO name").map(Self::Helo),
            4 if is("LHLO") => named(rest, "LHLO name").map(Self::Lhlo),
            4 if is("RSET") => alone(Self::Rset, rest, "RSET"),
            4 if is("QUIT") => alone(Self::Quit, rest, "QUIT"),
            4 if is("NOOP") => Ok(Self::Noop),
            4 if is("AUTH") => auth(rest),
            4 if is("VRFY") => Ok(Self::Vrfy),
            4 if is("EXPN") => Ok(Self::Expn),
            4 if is("HELP") => Ok(Self::Help),
            8 if is("STARTTLS") => alone(Self::StartTls, rest, "STARTTLS"),
            _ => Err(BadCommand::Unknown),
        }
    }
}

fn alone<'a>(command: Command<'a>, rest: &str, form: &'static str) -> Result<Command<'a>, BadCommand> {
    if rest.is_empty() { Ok(command) } else { Err(BadCommand::Syntax(form)) }
}

/// The name that a client gives itself. It says little, so nearly anything passes; it only goes into the trace.
fn named<'a>(rest: &'a str, form: &'static str) -> Result<&'a str, BadCommand> {
    let name = rest.trim_matches(' ');
    if name.is_empty() || name.len() > 255 || name.contains(' ') { Err(BadCommand::Syntax(form)) } else { Ok(name) }
}

/// `mail = "MAIL FROM:" Reverse-path [SP Mail-parameters]`
fn mail(rest: &str) -> Result<Command<'_>, BadCommand> {
    let rest = after_keyword(rest, "FROM:").ok_or(BadCommand::Syntax(MAIL))?;
    let (path, rest) = path::read(rest).map_err(BadCommand::Sender)?;
    let parameters = parameters::of(rest).ok_or(BadCommand::Syntax(MAIL))?;
    Ok(Command::Mail(path, MailParameters::read(parameters)?))
}

/// `rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters]`
fn rcpt(rest: &str) -> Result<Command<'_>, BadCommand> {
    let rest = after_keyword(rest, "TO:").ok_or(BadCommand::Syntax(RCPT))?;
    let (path, rest) = path::read(rest).map_err(BadCommand::Recipient)?;
    if path.is_null() {
        return Err(BadCommand::Recipient(BadPath::Empty));
    }
    let parameters = parameters::of(rest).ok_or(BadCommand::Syntax(RCPT))?;
    Ok(Command::Rcpt(path, RcptParameters::read(parameters)?))
}

fn after_keyword<'a>(rest: &'a str, keyword: &str) -> Option<&'a str> {
    let head = rest.get(..keyword.len())?;
    let rest = rest.get(keyword.len()..)?;
    head.eq_ignore_ascii_case(keyword).then(|| rest.trim_start_matches(' '))
}

/// `bdat-cmd = "BDAT" SP chunk-size [ SP "LAST" ]` (RFC 3030 section 2)
fn bdat(rest: &str) -> Result<Command<'_>, BadCommand> {
    let (size, last) = rest.split_once(' ').unwrap_or((rest, ""));
    let last = match last {
        "" => false,
        word if word.eq_ignore_ascii_case("LAST") => true,
        _ => return Err(BadCommand::Syntax(BDAT)),
    };
    let size = parameters::number(size).ok_or(BadCommand::Syntax(BDAT))?;
    Ok(Command::Bdat { size, last })
}

/// `AUTH mechanism [initial-response]` (RFC 4954 section 4)
fn auth(rest: &str) -> Result<Command<'_>, BadCommand> {
    let (mechanism, initial) = match rest.split_once(' ') {
        Some((mechanism, initial)) => (mechanism, Some(initial)),
        None => (rest, None),
    };
    if mechanism.is_empty() || initial.is_some_and(|initial| initial.is_empty() || initial.contains(' ')) {
        return Err(BadCommand::Syntax("AUTH mechanism [initial-response]"));
    }
    Ok(Command::Auth { mechanism, initial })
}

#[cfg(test)]
mod tests;
