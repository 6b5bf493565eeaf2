//! MAIL FROM (RFC 5321 section 4.1.1.2, RFC 1870, RFC 6531, RFC 3461).

use crate::body::Overflow;
use crate::command::{MailParameters, Path};
use crate::reply::{self, Reply};
use crate::session::{Flow, Session};
use crate::transaction::Transaction;
use crate::wire::Lost;
use tokio::io::{AsyncRead, AsyncWrite};

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    pub(crate) async fn mail(&mut self, from: Path<'_>, parameters: MailParameters) -> Result<Flow, Lost> {
        if let Err(refused) = self.may_begin(from, &parameters) {
            return Ok(self.refuse(refused));
        }
        self.utf8 = parameters.utf8;
        if let Some(actor) = self.actor() {
            // Its own name or one that was given to it; the header is checked when it is there.
            if let Err(error) = self.smtp.settings.outbound.check_sender(actor, &from.unquoted()).await {
                let refused = reply::submit_error(&error);
                return Ok(self.refuse(refused));
            }
        }
        self.transaction = Some(Transaction::new(from.as_str().to_owned(), parameters));
        Ok(self.accept(Reply::ok("2.1.0", "sender taken")))
    }

    fn may_begin(&self, from: Path<'_>, parameters: &MailParameters) -> Result<(), Reply> {
        let Some(hello) = &self.hello else { return Err(Reply::out_of_order("say hello first")) };
        if self.transaction.is_some() {
            return Err(Reply::out_of_order("a message is under way"));
        }
        if self.mode.is_submission() && self.signed_in.is_none() {
            return Err(Reply::new(530, "5.7.0", "sign in first"));
        }
        if parameters.hold.is_some() && !self.mode.is_submission() {
            return Err(Reply::new(555, "5.5.4", "only what people send can be held"));
        }
        if !hello.extended && *parameters != MailParameters::default() {
            return Err(Reply::new(555, "5.5.4", "parameters need EHLO"));
        }
        if !from.is_ascii() && !parameters.utf8 {
            return Err(Reply::new(553, "5.6.7", "this address needs SMTPUTF8"));
        }
        let limit = self.smtp.settings.limits.message_size;
        if parameters.size.is_some_and(|size| size > limit) {
            return Err(reply::overflow(Overflow::TooBig, limit));
        }
        Ok(())
    }
}
