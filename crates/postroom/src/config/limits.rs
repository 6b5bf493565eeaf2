//! Every limit: its name, its default and what it limits. The reference in docs/operating/configuration.md shows the
//! same table; a test compares them.

use super::value::{Count, Size, Span};
use serde::Deserialize;

macro_rules! limits {
    ($($name:ident: $kind:ident = $default:literal, $limits:literal;)*) => {
        /// The limits in force.
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct Limits {
            $(#[doc = $limits] pub(crate) $name: $kind,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $kind::parse($default).expect("a default is well-formed; a test reads them all"),)* }
            }
        }

        impl Limits {
            /// Name, value in words, what it limits.
            pub(crate) fn table(&self) -> Vec<(&'static str, String, &'static str)> {
                vec![$((stringify!($name), self.$name.to_string(), $limits),)*]
            }
        }
    };
}

limits! {
    message_size: Size = "50 MiB", "the largest message that is taken, by SMTP, LMTP, submission and IMAP APPEND";
    message_memory: Size = "512 MiB", "memory of all messages that arrive or are filed at one time by SMTP; further ones wait";
    recipients: Count = "1000", "recipients of one message";
    connections: Count = "10000", "open connections together, on every listener";
    connections_per_address: Count = "100", "open connections from one address (IPv6: one /64); not for loopback";
    sign_in_attempts: Count = "10", "failed sign-ins of one account in a row; further ones wait for `sign_in_recovery`";
    sign_in_recovery: Span = "30 s", "how long until one failed sign-in of an account is forgotten";
    sign_in_attempts_per_address: Count = "50", "failed sign-ins from one address, whatever the account; not for loopback";
    sign_in_recovery_per_address: Span = "6 s", "how long until one failed sign-in from an address is forgotten";
    sign_ins_waiting: Count = "256", "passwords that are hashed or wait for it; more are told to try again";
    sign_in_remembered: Span = "5 min", "how long a verified password is remembered; any change of the account forgets it";
    sign_in_timeout: Span = "60 s", "silence of an IMAP or POP3 client that has not signed in, and a TLS handshake";
    refused_commands: Count = "20", "commands of one SMTP, IMAP or POP3 connection that are refused before it is closed";
    command_line: Size = "4 KiB", "one SMTP command with its parameters";
    imap_timeout: Span = "31 min", "silence of an IMAP client, IDLE included (RFC 9051 section 5.4 asks for 30 at least)";
    pop3_timeout: Span = "10 min", "silence of a POP3 client that has signed in (RFC 1939 section 3 asks for 10 at least)";
    smtp_timeout: Span = "5 min", "silence of an SMTP client between commands (RFC 5321 section 4.5.3.2.7)";
    data_timeout: Span = "3 min", "silence of an SMTP client within a message (RFC 5321 section 4.5.3.2.5)";
    message_timeout: Span = "60 min", "how long one message may take to arrive by SMTP";
    write_timeout: Span = "2 min", "how long a client may leave an answer unread";
    http_timeout: Span = "30 s", "how long the head of an HTTP request may take, and how long a connection may stay unused";
    http_body: Size = "1 MiB", "the body of a request to the API";
    fetch_silence: Span = "60 s", "silence of a server that mail is fetched from";
    fetch_interval: Span = "60 s", "how often a server is asked for mail that does not tell of it (no IDLE, POP3)";
    fetch_idle: Span = "9 min", "how long one IDLE at another server lasts before it is asked anew (RFC 2177: 29 at most)";
    fetch_retry: Span = "1 s", "how long until fetching that failed is tried again; twice as long after each further failure";
    fetch_retry_longest: Span = "15 min", "the longest that becomes";
    fetch_alert_after: Span = "4 h", "how long fetching fails before those who manage the mailbox are told";
    stop_grace: Span = "20 s", "how long running commands may go on once the server was asked to stop";
    outgoing_connections: Count = "500", "connections to other servers together";
    outgoing_connections_per_destination: Count = "10", "connections to one other server or smart host";
    outgoing_messages_per_minute: Count = "0", "messages to one destination in a minute; 0: as many as there are";
    authenticity_timeout: Span = "20 s", "the checks of SPF, DKIM, DMARC and ARC of one message that arrives; then it is taken unchecked";
    longest_hold: Span = "365 days", "how long a message may be held before it leaves (RFC 4865)";
    queue_retention: Span = "30 days", "how long finished messages are shown in the queue";
    audit_retention: Span = "730 days", "how long the record of acts is kept";
    change_retention: Span = "30 days", "how long the change log is kept; a client that was away longer reads everything again";
}
