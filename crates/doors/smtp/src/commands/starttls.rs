//! STARTTLS (RFC 3207). Everything said before it is forgotten, also what was sent along with it.

use crate::reply::Reply;
use crate::session::{Flow, Session};
use tokio::io::{AsyncRead, AsyncWrite};

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    pub(crate) fn start_tls(&mut self) -> Flow {
        if self.tls.is_some() {
            return self.refuse(Reply::out_of_order("TLS is on already"));
        }
        if self.smtp.settings.tls.is_none() {
            return self.refuse(Reply::new(502, "5.5.1", "there is no TLS here"));
        }
        self.reply(&Reply::new(220, "2.0.0", "begin TLS"));
        Flow::StartTls
    }
}
