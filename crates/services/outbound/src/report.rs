//! Reports about delivery (RFC 3464) in plain words: what was not delivered, what is late, what has arrived. Start
//! reading at [`Report::write`].

use crate::{Outbound, local};
use postroom_mail::{Prepared, prepare};
use postroom_model::{Actor, Address, AuditEntry, Door, MailboxId, Org, Time};
use postroom_store::changes::Log;
use postroom_store::emails::FileError;
use postroom_store::{StoreError, Tx, audit};
use postroom_wire_message::{edit, header_end, rfc5322_date};

/// The answer of our own mailboxes.
pub const FILED: &str = "250 2.1.5 filed here";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Success,
    Delay,
    Failure,
}

impl Kind {
    /// RFC 3464 section 2.3.3.
    fn action(self) -> &'static str {
        match self {
            Self::Success => "delivered",
            Self::Delay => "delayed",
            Self::Failure => "failed",
        }
    }

    fn subject(self) -> &'static str {
        match self {
            Self::Success => "Delivered",
            Self::Delay => "Not delivered yet",
            Self::Failure => "Not delivered",
        }
    }
}

/// What happened to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub address: String,
    /// As RFC 3461 brought it: `type;address`.
    pub original: Option<String>,
    /// RFC 3463.
    pub status: String,
    /// In the words of the other server, or in ours.
    pub answer: String,
    /// The server that said it.
    pub remote: Option<String>,
    pub retry_until: Option<Time>,
}

/// A report that is to be written.
pub struct Report<'a> {
    pub kind: Kind,
    pub hostname: &'a str,
    /// Of the report itself.
    pub id: &'a str,
    /// Of the message that it is about.
    pub about: &'a str,
    pub envelope_from: &'a str,
    pub envelope_id: Option<&'a str>,
    /// Whether the whole message is returned, not only its header.
    pub full: bool,
    pub arrived_at: Time,
    pub at: Time,
    pub lines: Vec<Line>,
}

/// The header of a message with the blank line behind it.
pub fn header_of(raw: &[u8]) -> &[u8] {
    raw.get(..header_end(raw)).unwrap_or_default()
}

impl Report<'_> {
    /// The report as a message. `original`: the message, or its header.
    pub fn write(&self, original: &[u8]) -> Vec<u8> {
        let boundary = format!("report-{}", self.id);
        let subject = edit::header_value(original, "Subject");
        let subject = subject.map(|value| String::from_utf8_lossy(&value).into_owned()).unwrap_or_default();
        let utf8 = self.lines.iter().any(|line| !line.address.is_ascii()) || !self.envelope_from.is_ascii();
        let mut out = String::with_capacity(2048 + original.len());
        let mut line = |text: &str| {
            out.push_str(text);
            out.push_str("\r\n");
        };
        line("Return-Path: <>");
        line(&format!("From: Mail delivery <postmaster@{}>", self.hostname));
        line(&format!("To: <{}>", self.envelope_from));
        line(&format!("Subject: {}: {}", self.kind.subject(), subject.trim()));
        line(&format!("Date: {}", rfc5322_date(self.at.seconds())));
        line(&format!("Message-ID: <{}@{}>", self.id, self.hostname));
        if let Some(about) = edit::header_value(original, "Message-ID").filter(|value| value.is_ascii()) {
            let about = String::from_utf8_lossy(&about).into_owned();
            line(&format!("In-Reply-To: {about}"));
            line(&format!("References: {about}"));
        }
        line("Auto-Submitted: auto-replied");
        line("MIME-Version: 1.0");
        line(&format!("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{boundary}\""));
        line("");
        line(&format!("--{boundary}"));
        line("Content-Type: text/plain; charset=utf-8");
        line("Content-Transfer-Encoding: 8bit");
        line("");
        line(&self.in_words(subject.trim()));
        line(&format!("--{boundary}"));
        line(if utf8 {
            "Content-Type: message/global-delivery-status"
        } else {
            "Content-Type: message/delivery-status"
        });
        line("");
        line(&self.for_programs());
        line(&format!("--{boundary}"));
        line(match (self.full, original.is_ascii()) {
            (true, _) => "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit",
            (false, true) => "Content-Type: text/rfc822-headers",
            (false, false) => "Content-Type: text/rfc822-headers; charset=utf-8\r\nContent-Transfer-Encoding: 8bit",
        });
        line("");
        let mut bytes = out.into_bytes();
        bytes.extend_from_slice(if self.full { original } else { header_of(original) });
        bytes.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        bytes
    }

    fn in_words(&self, subject: &str) -> String {
        let date = rfc5322_date(self.arrived_at.seconds());
        let about = if subject.is_empty() { "Your message".to_owned() } else { format!("Your message \"{subject}\"") };
        let mut text = match self.kind {
            Kind::Success => format!("{about} of {date} was delivered to:\r\n"),
            Kind::Delay => format!(
                "{about} of {date} has not been delivered yet to those named below.\r\nYou need not do anything: it is tried again by itself.\r\n"
            ),
            Kind::Failure => format!(
                "{about} of {date} was not delivered to those named below.\r\nIt will not be tried again by itself.\r\n"
            ),
        };
        for line in &self.lines {
            text.push_str(&format!("\r\n    {}\r\n", line.address));
            if let Some(original) = line.original.as_deref().and_then(|original| original.split_once(';'))
                && !original.1.eq_ignore_ascii_case(&line.address)
            {
                text.push_str(&format!("    (written to as {})\r\n", from_xtext(original.1)));
            }
            match (&line.remote, self.kind) {
                (_, Kind::Success) => {}
                (Some(remote), _) => {
                    text.push_str(&format!("    The server {remote} answered:\r\n    {}\r\n", line.answer))
                }
                (None, _) => text.push_str(&format!("    {}\r\n", line.answer)),
            }
            if let Some(until) = line.retry_until {
                text.push_str(&format!("    It is given up at {}.\r\n", rfc5322_date(until.seconds())));
            }
        }
        text
    }

    /// RFC 3464 section 2: a block about the message, then one for each recipient.
    fn for_programs(&self) -> String {
        let mut text = String::new();
        if let Some(envelope_id) = self.envelope_id {
            text.push_str(&format!("Original-Envelope-Id: {}\r\n", from_xtext(envelope_id)));
        }
        text.push_str(&format!("Reporting-MTA: dns; {}\r\n", self.hostname));
        text.push_str(&format!("X-Postroom-Message: {}\r\n", self.about));
        text.push_str(&format!("Arrival-Date: {}\r\n", rfc5322_date(self.arrived_at.seconds())));
        for line in &self.lines {
            text.push_str("\r\n");
            if let Some((kind, address)) = line.original.as_deref().and_then(|original| original.split_once(';')) {
                text.push_str(&format!("Original-Recipient: {kind}; {}\r\n", from_xtext(address)));
            }
            let kind = if line.address.is_ascii() { "rfc822" } else { "utf-8" };
            text.push_str(&format!("Final-Recipient: {kind}; {}\r\n", line.address));
            text.push_str(&format!("Action: {}\r\nStatus: {}\r\n", self.kind.action(), line.status));
            if let Some(remote) = &line.remote {
                text.push_str(&format!("Remote-MTA: dns; {remote}\r\n"));
                text.push_str(&format!("Diagnostic-Code: smtp; {}\r\n", line.answer.replace(['\r', '\n'], " ")));
            }
            if let Some(until) = line.retry_until {
                text.push_str(&format!("Will-Retry-Until: {}\r\n", rfc5322_date(until.seconds())));
            }
        }
        text
    }
}

/// RFC 3461 section 4: `+` and two hexadecimal digits stand for an octet. What would break a line is left out.
fn from_xtext(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = (*first == b'+').then(|| behind.get(..2)).flatten();
        let octet = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        rest = if octet.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
        out.push(octet.unwrap_or(*first));
    }
    String::from_utf8_lossy(&out).chars().filter(|c| !c.is_control()).collect()
}

/// A report that is ready to be filed for the sender.
pub(crate) struct Reported {
    pub(crate) mailbox: MailboxId,
    prepared: Prepared,
    detail: String,
}

impl Outbound {
    /// Prepares a report for a sender who is one of ours. None: they are not.
    pub(crate) async fn prepare_report(
        &self,
        org: &Org,
        report: &Report<'_>,
        original: &[u8],
    ) -> Result<Option<Reported>, StoreError> {
        let address = Address::parse(report.envelope_from).ok();
        let Some(mailbox) = address.and_then(|address| org.recipient(&address).map(|mailbox| mailbox.id)) else {
            return Ok(None);
        };
        let prepared = prepare(self.access.store(), report.write(original)).await?;
        let detail = format!("{} report about message {}", report.kind.action(), report.about);
        Ok(Some(Reported { mailbox, prepared, detail }))
    }
}

impl Reported {
    /// Files the report in the sender's Inbox, whatever their quota: it must not be lost.
    pub(crate) fn file(&self, tx: &mut Tx<'_>, at: Time) -> Result<(), StoreError> {
        let mut log = match Log::begin(tx, self.mailbox, at) {
            Ok(log) => log,
            Err(StoreError::Gone(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        match local::into_inbox(tx, &mut log, &self.prepared.content, None) {
            Ok(_) => {}
            Err(FileError::Store(error)) => return Err(error),
            Err(FileError::Full { .. } | FileError::TooMany { .. } | FileError::NoFolder) => return Ok(()),
        }
        log.end(tx)?;
        let server = Actor::server(Door::Job);
        audit::record(tx, &AuditEntry::done(at, server, self.mailbox, "message.deliver", self.detail.clone()))
    }
}
