//! Waiting for more (RFC 2177).

use super::session::{Session, malformed, refusal};
use crate::error::FetchError;
use postroom_wire_imap::client::Reply;
use std::time::Duration;
use tokio::time::Instant;

/// Waits until the server tells of new messages, for `long` at most.
pub(crate) async fn idle(session: &mut Session, long: Duration) -> Result<(), FetchError> {
    if session.news {
        return Ok(());
    }
    let tag = session.begin("IDLE").await?;
    loop {
        match session.reply(0).await?.0 {
            Reply::Continue(_) => break,
            reply => {
                if let Some(said) = session.heard(reply, &tag)? {
                    refusal("IDLE", said)?;
                    return Err(malformed("it ends IDLE before it begins"));
                }
            }
        }
    }
    let until = Instant::now() + long;
    while !session.news {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match session.reply_within(0, left).await {
            Ok((Reply::Continue(_), _)) => {}
            Ok((reply, _)) => {
                if let Some(said) = session.heard(reply, &tag)? {
                    refusal("IDLE", said)?;
                    return Ok(());
                }
            }
            Err(FetchError::Silent(_)) => break,
            Err(error) => return Err(error),
        }
    }
    session.send("DONE\r\n").await?;
    session.finish("IDLE", &tag).await.map(drop)
}
