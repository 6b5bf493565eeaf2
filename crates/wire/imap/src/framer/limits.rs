//! How much of a command is accepted; the caller sets the numbers, these are their names and defaults.

/// Limits on one command. What is held in memory of it is at most `line + literals_total + messages_total`, besides
/// what one read brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of all lines of a command, without its literals; also of a line outside of commands.
    pub line: usize,
    /// Literals in one command.
    pub literals: usize,
    /// Octets of one literal that is an argument.
    pub literal: u64,
    /// Octets of all literals of a command that are arguments.
    pub literals_total: u64,
    /// Octets of one literal that is a message (APPEND).
    pub message: u64,
    /// Octets of all messages of one APPEND (RFC 3502).
    pub messages_total: u64,
    /// Octets of one literal that the client sends without waiting: [`u64::MAX`] where LITERAL+ is announced, 4,096
    /// for LITERAL- (RFC 7888 §5).
    pub non_synchronising: u64,
    /// Octets of a refused command that are read and thrown away before the connection is closed instead.
    pub drain: u64,
}

const LINE: usize = 64 * 1024;
const SMALL_LITERAL: u64 = 4 * 1024;
const LEAST_DRAIN: u64 = 1024 * 1024;

impl Limits {
    /// For a client that has not signed in: names and passwords, no messages.
    pub fn before_sign_in() -> Self {
        Self {
            line: LINE,
            literals: 8,
            literal: SMALL_LITERAL,
            literals_total: 2 * SMALL_LITERAL,
            message: SMALL_LITERAL,
            messages_total: SMALL_LITERAL,
            non_synchronising: u64::MAX,
            drain: LEAST_DRAIN,
        }
    }

    /// For a client that has signed in; `message` is the largest message accepted. An APPEND may bring several, as long
    /// as they are no larger together, and a refused one is drained if it is at most four times as large.
    pub fn after_sign_in(message: u64) -> Self {
        Self {
            line: LINE,
            literals: 1_000,
            literal: 64 * 1024,
            literals_total: 256 * 1024,
            message,
            messages_total: message,
            non_synchronising: u64::MAX,
            drain: message.saturating_mul(4).max(LEAST_DRAIN),
        }
    }
}
