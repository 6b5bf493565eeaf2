//! DATA (RFC 5321 section 4.1.1.4).

use crate::dots::Dots;
use crate::reply::Reply;
use crate::session::{Flow, Session};
use crate::transaction::Arriving;
use crate::wire::Lost;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

/// A message that has brought this much is read in large pieces.
const LARGE: usize = 16 * 1024;

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    pub(crate) async fn data(&mut self) -> Result<Flow, Lost> {
        if let Err(refused) = self.may_arrive() {
            return Ok(self.refuse(refused));
        }
        let Some(transaction) = self.transaction.take_if(|transaction| transaction.arriving.is_none()) else {
            // RFC 3030 section 3: one message comes by one of the two.
            return Ok(self.refuse(Reply::out_of_order("this message comes by BDAT")));
        };
        self.reply(&Reply::new(354, "", "send the message, end with CRLF.CRLF"));
        let mut arriving = self.begin_message(&transaction);
        self.receive(&mut arriving).await?;
        Ok(self.hand_over(transaction, arriving).await)
    }

    async fn receive(&mut self, arriving: &mut Arriving) -> Result<(), Lost> {
        let limits = &self.smtp.settings.limits;
        let end = Instant::now() + limits.message_time;
        let mut dots = Dots::new();
        loop {
            let decoded = dots.decode(&self.wire.input, &mut arriving.body);
            self.wire.used(decoded.used);
            if decoded.ended {
                return Ok(());
            }
            let patience = limits.data_time.min(end.saturating_duration_since(Instant::now()));
            self.wire.more(arriving.body.received() >= LARGE, patience, limits).await?;
        }
    }
}
