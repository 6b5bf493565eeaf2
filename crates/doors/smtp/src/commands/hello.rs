//! EHLO, HELO and LHLO (RFC 5321 section 4.1.1.1, RFC 2033 section 4.1).

use crate::Mode;
use crate::reply::Reply;
use crate::session::{Flow, Hello, Session};
use tokio::io::{AsyncRead, AsyncWrite};

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    pub(crate) fn hello(&mut self, name: &str, extended: bool) -> Flow {
        self.transaction = None;
        self.hello = Some(Hello { name: name.to_owned(), extended });
        let smtp = self.smtp;
        let hostname = &smtp.settings.hostname;
        if !extended {
            return self.accept(Reply::new(250, "", hostname.clone()));
        }
        let mut lines = vec![hostname.clone(), "PIPELINING".to_owned()];
        lines.push(format!("SIZE {}", self.smtp.settings.limits.message_size));
        lines.extend(["8BITMIME", "SMTPUTF8", "CHUNKING", "ENHANCEDSTATUSCODES", "DSN"].map(str::to_owned));
        if self.mode.is_submission() {
            lines.push(self.future_release());
        }
        if self.tls.is_none() && self.smtp.settings.tls.is_some() && self.mode != Mode::Submissions {
            lines.push("STARTTLS".to_owned());
        }
        if self.mode.is_submission() && self.is_protected() {
            let plus = if self.bindings.is_empty() { "" } else { "SCRAM-SHA-256-PLUS " };
            lines.push(format!("AUTH {plus}SCRAM-SHA-256 PLAIN LOGIN OAUTHBEARER XOAUTH2"));
        }
        let last = lines.len() - 1;
        for (number, line) in lines.iter().enumerate() {
            let separator = if number == last { ' ' } else { '-' };
            self.wire.output.extend_from_slice(format!("250{separator}{line}\r\n").as_bytes());
        }
        Flow::Continue
    }

    /// For how many seconds, and until when at most, a message may be held (RFC 4865 section 4).
    fn future_release(&self) -> String {
        let outbound = &self.smtp.settings.outbound;
        let longest = outbound.schedule().longest_hold_millis() / 1000;
        let until = outbound.access().clock().now().seconds().saturating_add(longest);
        let until = jiff::Timestamp::from_second(until).map(|until| until.to_string()).unwrap_or_default();
        format!("FUTURERELEASE {longest} {until}")
    }
}
