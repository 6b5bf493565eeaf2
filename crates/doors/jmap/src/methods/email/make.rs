//! A new message from the properties that a client gives, with its attachments fetched.

use crate::error::MethodError;
use crate::methods::blob_bytes;
use crate::set::Refused;
use crate::turn::Turn;
use postroom_mail::emails::NewContent;
use postroom_mail::whole::Account;
use postroom_outbound::new_id;
use postroom_wire_jmap::Object;
use postroom_wire_jmap::email::{Attachments, Draft, Stamp};
use serde_json::json;

/// The message. What the client got wrong is the inner error.
pub(super) async fn message(
    turn: &Turn,
    account: &Account,
    object: Object,
) -> Result<Result<NewContent, Refused>, MethodError> {
    let draft = match Draft::read(object) {
        Ok(draft) => draft,
        Err(error) => return Ok(Err(error.into())),
    };
    let attachments = match attachments(turn, account, &draft).await? {
        Ok(attachments) => attachments,
        Err(why) => return Ok(Err(why)),
    };
    let at = account.mail().access().clock().now();
    let unique = new_id(at);
    let hostname = turn.jmap.hostname.clone();
    let built = tokio::task::spawn_blocking(move || {
        draft.build(&attachments, &Stamp { at: at.seconds(), unique: &unique, hostname: &hostname })
    });
    let raw = built.await.map_err(|_| MethodError::server_fail("making a message panicked"))?;
    Ok(Ok(NewContent::New(Box::new(account.mail().prepare(raw).await?))))
}

async fn attachments(
    turn: &Turn,
    account: &Account,
    draft: &Draft,
) -> Result<Result<Attachments, Refused>, MethodError> {
    let (mut found, mut missing, mut size) = (Attachments::new(), Vec::new(), 0usize);
    let most = turn.jmap.limits.upload;
    for id in draft.blobs() {
        let bytes = match blob_bytes(account.mailbox(), turn.real_id(id)) {
            Some(bytes) => account.bytes(&bytes).await?,
            None => None,
        };
        match bytes {
            Some(bytes) => {
                size = size.saturating_add(bytes.len());
                found.insert(id.to_owned(), bytes);
            }
            None => missing.push(id.to_owned()),
        }
        if size > most {
            return Ok(Err(Refused::new("tooLarge", format!("attachments take at most {most} octets together"))));
        }
    }
    if missing.is_empty() {
        return Ok(Ok(found));
    }
    Ok(Err(Refused::new("blobNotFound", "some blobs do not exist here").with("notFound", json!(missing))))
}
