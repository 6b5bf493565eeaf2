//! BDAT (RFC 3030): octets by count, with nothing to be found in them.

use crate::body::Body;
use crate::reply::Reply;
use crate::session::{Flow, Session};
use crate::wire::Lost;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    pub(crate) async fn bdat(&mut self, size: u64, last: bool) -> Result<Flow, Lost> {
        let Err(refused) = self.may_arrive() else { return self.chunk(size, last).await };
        // The octets come all the same (RFC 3030 section 2): read past them, to stay in step.
        self.receive_octets(size, None).await?;
        // What was begun before is spoilt.
        self.transaction = None;
        Ok(self.refuse(refused))
    }

    async fn chunk(&mut self, size: u64, last: bool) -> Result<Flow, Lost> {
        let Some(mut transaction) = self.transaction.take() else {
            return Ok(self.refuse(Reply::out_of_order("MAIL first")));
        };
        let mut arriving = transaction.arriving.take().unwrap_or_else(|| self.begin_message(&transaction));
        self.receive_octets(size, Some(&mut arriving.body)).await?;
        if last {
            return Ok(self.hand_over(transaction, arriving).await);
        }
        transaction.arriving = Some(arriving);
        self.transaction = Some(transaction);
        // A message that is too large is refused with its last chunk.
        Ok(self.accept(Reply::ok("2.0.0", format!("{size} octets received"))))
    }

    async fn receive_octets(&mut self, size: u64, mut body: Option<&mut Body>) -> Result<(), Lost> {
        let limits = &self.smtp.settings.limits;
        let end = Instant::now() + limits.message_time;
        let mut left = size;
        loop {
            let here = self.wire.input.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if let Some(body) = &mut body {
                body.push(&self.wire.input[..here]);
            }
            self.wire.used(here);
            left -= here as u64;
            if left == 0 {
                return Ok(());
            }
            let patience = limits.data_time.min(end.saturating_duration_since(Instant::now()));
            self.wire.more(left > 16 * 1024, patience, limits).await?;
        }
    }
}
