//! One message over an open connection. Start reading at [`Client::send`].

use super::reply::Reply;
use super::{Client, Lost};
use postroom_outbound::{Notify, Return};

/// A message with its envelope.
pub(crate) struct Mail<'a> {
    /// Empty: the null sender.
    pub(crate) from: &'a str,
    pub(crate) recipients: Vec<Rcpt<'a>>,
    /// With CRLF line ends, and none else.
    pub(crate) message: &'a [u8],
    /// SMTPUTF8 was asked for.
    pub(crate) utf8: bool,
    pub(crate) ret: Option<Return>,
    pub(crate) envelope_id: Option<&'a str>,
}

pub(crate) struct Rcpt<'a> {
    pub(crate) address: &'a str,
    pub(crate) notify: Option<Notify>,
    pub(crate) original: Option<&'a str>,
}

/// What was said about each recipient, in order.
pub(crate) type Answers = Vec<Result<Answer, Answer>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) status: String,
    pub(crate) text: String,
    /// Said by us, not by the other server.
    pub(crate) ours: bool,
}

/// The connection was lost during a message.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) lost: Lost,
    /// The whole message was out: the other server may have it.
    pub(crate) perhaps_taken: bool,
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self { code: reply.code, status: reply.status(), text: reply.to_string(), ours: false }
    }
}

impl Answer {
    fn ours(code: u16, status: &str, text: &str) -> Self {
        Self { code, status: status.to_owned(), text: text.to_owned(), ours: true }
    }

    pub(crate) fn is_permanent(&self) -> bool {
        (500..600).contains(&self.code)
    }
}

/// How much of a message is written at once.
const PIECE: usize = 64 * 1024;

impl Client {
    /// Sends a message. An answer of 2xx means that the other server is responsible for the recipient now.
    pub(crate) async fn send(&mut self, mail: &Mail<'_>) -> Result<Answers, Cut> {
        if let Some(refused) = self.cannot_take(mail) {
            return Ok(mail.recipients.iter().map(|_| Err(refused.clone())).collect());
        }
        let before = |lost| Cut { lost, perhaps_taken: false };
        let mut commands = vec![self.mail_command(mail)];
        commands.extend(mail.recipients.iter().map(|recipient| self.rcpt_command(recipient)));
        let mut replies = self.envelope(&commands).await.map_err(before)?.into_iter();
        let sender = replies.next().unwrap_or_default();
        if !sender.is_positive() {
            self.reset().await.map_err(before)?;
            return Ok(mail.recipients.iter().map(|_| Err(sender.clone().into())).collect());
        }
        let mut answers: Answers =
            replies.map(|reply| if reply.is_positive() { Ok(reply.into()) } else { Err(reply.into()) }).collect();
        if answers.iter().all(Result::is_err) {
            self.reset().await.map_err(before)?;
            return Ok(answers);
        }
        let end = if self.offers.chunking {
            self.write_chunk(mail.message).await.map_err(before)?;
            None
        } else {
            self.write_data(mail.message).await.map_err(before)?
        };
        let end = match end {
            Some(refused) => refused,
            None => self.reply(self.times.end).await.map_err(|lost| Cut { lost, perhaps_taken: true })?,
        };
        let taken = end.is_positive();
        for answer in answers.iter_mut().filter(|answer| answer.is_ok()) {
            let end = Answer::from(end.clone());
            *answer = if taken { Ok(end) } else { Err(end) };
        }
        if !taken {
            self.reset().await.map_err(before)?;
        }
        Ok(answers)
    }

    /// What this server cannot take is not sent.
    fn cannot_take(&self, mail: &Mail<'_>) -> Option<Answer> {
        let size = mail.message.len() as u64;
        if let Some(limit) = self.offers.size.filter(|limit| size > *limit) {
            let text = format!("the message has {size} octets, and {} takes {limit} at most", self.name);
            return Some(Answer::ours(552, "5.3.4", &text));
        }
        if !self.offers.utf8 && self.needs_utf8(mail) {
            let text = format!("the message needs SMTPUTF8, which {} does not know", self.name);
            return Some(Answer::ours(550, "5.6.7", &text));
        }
        None
    }

    fn needs_utf8(&self, mail: &Mail<'_>) -> bool {
        let header = postroom_outbound::report::header_of(mail.message);
        !mail.from.is_ascii()
            || mail.recipients.iter().any(|recipient| !recipient.address.is_ascii())
            || (mail.utf8 && !header.is_ascii())
    }

    fn mail_command(&self, mail: &Mail<'_>) -> String {
        let mut line = format!("MAIL FROM:<{}>", mail.from);
        if self.offers.size.is_some() {
            line.push_str(&format!(" SIZE={}", mail.message.len()));
        }
        if self.offers.eight_bit && !mail.message.is_ascii() {
            line.push_str(" BODY=8BITMIME");
        }
        if self.offers.utf8 && self.needs_utf8(mail) {
            line.push_str(" SMTPUTF8");
        }
        if self.offers.dsn {
            match mail.ret {
                Some(Return::Full) => line.push_str(" RET=FULL"),
                Some(Return::Headers) => line.push_str(" RET=HDRS"),
                None => {}
            }
            if let Some(id) = mail.envelope_id {
                line.push_str(&format!(" ENVID={id}"));
            }
        }
        line
    }

    fn rcpt_command(&self, recipient: &Rcpt<'_>) -> String {
        let mut line = format!("RCPT TO:<{}>", recipient.address);
        if self.offers.dsn {
            if let Some(notify) = recipient.notify {
                line.push_str(&format!(" NOTIFY={}", notify_words(notify)));
            }
            if let Some(original) = recipient.original {
                line.push_str(&format!(" ORCPT={original}"));
            }
        }
        line
    }

    /// The commands of the envelope; all at once where the server allows it (RFC 2920).
    async fn envelope(&mut self, commands: &[String]) -> Result<Vec<Reply>, Lost> {
        let mut replies = Vec::with_capacity(commands.len());
        if self.offers.pipelining {
            let text: String = commands.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect();
            self.write(text.as_bytes(), self.times.answer).await?;
            for _ in commands {
                replies.push(self.reply_or_goodbye().await?);
            }
            return Ok(replies);
        }
        for line in commands {
            self.write(format!("{line}\r\n").as_bytes(), self.times.answer).await?;
            let reply = self.reply_or_goodbye().await?;
            let refused = replies.is_empty() && !reply.is_positive();
            replies.push(reply);
            if refused {
                break;
            }
        }
        Ok(replies)
    }

    /// 421 ends the connection (RFC 5321 section 3.8).
    async fn reply_or_goodbye(&mut self) -> Result<Reply, Lost> {
        let reply = self.reply(self.times.answer).await?;
        if reply.code == 421 { Err(Lost::Refused(self.name.clone(), reply)) } else { Ok(reply) }
    }

    async fn reset(&mut self) -> Result<(), Lost> {
        self.command("RSET").await.map(|_| ())
    }

    /// RFC 3030: one chunk, and nothing is changed in it.
    async fn write_chunk(&mut self, message: &[u8]) -> Result<(), Lost> {
        self.write_pieces(format!("BDAT {} LAST\r\n", message.len()).into_bytes(), message).await
    }

    /// DATA with a dot in front of dots. Gives the answer where the server does not want the message.
    async fn write_data(&mut self, message: &[u8]) -> Result<Option<Reply>, Lost> {
        self.write(b"DATA\r\n", self.times.answer).await?;
        let reply = self.reply_or_goodbye().await?;
        if reply.code != 354 {
            return Ok(Some(reply));
        }
        self.write_pieces(Vec::new(), &dotted(message)).await?;
        Ok(None)
    }

    async fn write_pieces(&mut self, first: Vec<u8>, message: &[u8]) -> Result<(), Lost> {
        let mut pieces = message.chunks(PIECE);
        let head = [first.as_slice(), pieces.next().unwrap_or_default()].concat();
        self.write(&head, self.times.piece).await?;
        for piece in pieces {
            self.write(piece, self.times.piece).await?;
        }
        Ok(())
    }
}

/// RFC 5321 section 4.5.2; the end of the message is added.
fn dotted(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut start = 0;
    if message.first() == Some(&b'.') {
        out.push(b'.');
    }
    for at in memchr::memmem::find_iter(message, b"\n.") {
        out.extend_from_slice(message.get(start..=at).unwrap_or_default());
        out.push(b'.');
        start = at + 1;
    }
    out.extend_from_slice(message.get(start..).unwrap_or_default());
    if !message.is_empty() && !message.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

fn notify_words(notify: Notify) -> String {
    let words = [(notify.success, "SUCCESS"), (notify.failure, "FAILURE"), (notify.delay, "DELAY")];
    let words: Vec<&str> = words.into_iter().filter(|(wanted, _)| *wanted).map(|(_, word)| word).collect();
    if words.is_empty() { "NEVER".to_owned() } else { words.join(",") }
}

/// The message with CRLF line ends and no other CR or LF: another server might take a bare one for the end of a line.
pub(crate) fn with_crlf(message: Vec<u8>) -> Vec<u8> {
    let bare = |(at, octet): (usize, &u8)| match octet {
        b'\n' => at == 0 || message.get(at - 1) != Some(&b'\r'),
        b'\r' => message.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    if !message.iter().enumerate().any(bare) {
        return message;
    }
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut octets = message.iter().peekable();
    while let Some(octet) = octets.next() {
        match octet {
            b'\r' => {
                let _ = octets.next_if(|next| **next == b'\n');
                out.extend_from_slice(b"\r\n");
            }
            b'\n' => out.extend_from_slice(b"\r\n"),
            other => out.push(*other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_the_end_is_added() {
        for (message, expected) in [
            ("", ".\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n.a\r\n..\r\n", "..\r\n..a\r\n...\r\n.\r\n"),
            ("x.y\r\n", "x.y\r\n.\r\n"),
        ] {
            assert_eq!(dotted(message.as_bytes()), expected.as_bytes(), "{message:?}");
        }
    }

    #[test]
    fn bare_line_ends_do_not_leave() {
        for (message, expected) in
            [("a\r\nb", "a\r\nb"), ("a\nb\n", "a\r\nb\r\n"), ("\ra\r\n.\rb", "\r\na\r\n.\r\nb"), ("\n", "\r\n")]
        {
            assert_eq!(with_crlf(message.as_bytes().to_vec()), expected.as_bytes(), "{message:?}");
        }
    }
}
