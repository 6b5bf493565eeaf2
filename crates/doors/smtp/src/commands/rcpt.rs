//! RCPT TO (RFC 5321 section 4.1.1.3, RFC 3461).

use crate::command::{Path, RcptParameters};
use crate::reply::{self, Reply};
use crate::session::{Flow, Session};
use crate::transaction::Taken;
use crate::wire::Lost;
use postroom_inbound::Recipient;
use postroom_model::Address;
use tokio::io::{AsyncRead, AsyncWrite};

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    pub(crate) async fn rcpt(&mut self, to: Path<'_>, parameters: RcptParameters) -> Result<Flow, Lost> {
        let size = match self.may_add(to, &parameters) {
            Ok(size) => size,
            Err(refused) => return Ok(self.refuse(refused)),
        };
        let taken = self.find(to, size).await;
        match (taken, &mut self.transaction) {
            (Ok((address, mailbox)), Some(transaction)) => {
                let RcptParameters { notify, original } = parameters;
                transaction.recipients.push(Taken { address, mailbox, notify, original });
                Ok(self.accept(Reply::ok("2.1.5", "recipient taken")))
            }
            (Err(refused), _) => Ok(self.refuse(refused)),
            (Ok(_), None) => Ok(self.refuse(Reply::out_of_order("MAIL first"))),
        }
    }

    /// Gives the size of the message, as far as it is known.
    fn may_add(&self, to: Path<'_>, parameters: &RcptParameters) -> Result<u64, Reply> {
        let Some(transaction) = &self.transaction else { return Err(Reply::out_of_order("MAIL first")) };
        if transaction.arriving.is_some() {
            return Err(Reply::out_of_order("the message is arriving"));
        }
        if transaction.recipients.len() >= self.smtp.settings.limits.recipients {
            tracing::debug!(limit = "recipients", "a recipient is not taken");
            return Err(Reply::new(452, "4.5.3", "too many recipients; send the rest by itself"));
        }
        let extended = self.hello.as_ref().is_some_and(|hello| hello.extended);
        if !extended && *parameters != RcptParameters::default() {
            return Err(Reply::new(555, "5.5.4", "parameters need EHLO"));
        }
        if !to.is_ascii() && !transaction.utf8 {
            return Err(Reply::new(553, "5.6.7", "this address needs SMTPUTF8"));
        }
        Ok(transaction.size.unwrap_or(0))
    }

    async fn find(&self, to: Path<'_>, size: u64) -> Result<(Address, Option<postroom_model::MailboxId>), Reply> {
        let address = if to.is_postmaster() {
            self.smtp.settings.inbound.postmaster()
        } else {
            Address::parse(&to.unquoted()).ok()
        };
        // What is no address for us is nobody's here; whether its domain is ours makes no difference to the sender.
        let Some(address) = address else { return Err(reply::unknown_recipient(to.as_str())) };
        let found = match self.smtp.settings.inbound.resolve(&address, size).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(error = error.detail(), "a recipient could not be looked up");
                return Err(reply::broken());
            }
        };
        match (found, reply::recipient(found, self.asks(), to.as_str())) {
            (Recipient::Mailbox(mailbox), None) => Ok((address, Some(mailbox))),
            (Recipient::NotOurs, None) => Ok((address, None)),
            (_, Some(refused)) => Err(refused),
            (_, None) => Err(reply::broken()),
        }
    }
}
