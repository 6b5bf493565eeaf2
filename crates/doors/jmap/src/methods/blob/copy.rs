//! `Blob/copy`: blobs of another account, here as well.

use crate::arguments::{Arguments, few_enough};
use crate::error::{Answer, MethodError};
use crate::methods::blob_bytes;
use crate::set::Refused;
use crate::turn::Turn;
use postroom_mail::uploads::UploadError;
use postroom_wire_jmap::Object;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Copy {
    from_account_id: String,
    account_id: String,
    blob_ids: Vec<String>,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let copy: Copy = arguments.read()?;
    few_enough(Some(&copy.blob_ids), turn.jmap.limits.objects_in_set)?;
    if copy.from_account_id == copy.account_id {
        return Err(MethodError::invalid_arguments("fromAccountId: it must be another account than accountId"));
    }
    let from = turn.account(&copy.from_account_id).await.map_err(MethodError::of_from_account)?;
    let account = turn.account(&copy.account_id).await?;
    let (mut copied, mut not_copied) = (Object::new(), Object::new());
    for id in copy.blob_ids {
        let made = match blob_bytes(from.mailbox(), turn.real_id(&id)) {
            Some(bytes) => account.copy_bytes(&from, &bytes, turn.jmap.limits.uploads_waiting).await,
            None => Ok(None),
        };
        match made {
            Ok(Some(upload)) => drop(copied.insert(id, format!("U{upload}").into())),
            Ok(None) => drop(not_copied.insert(id, Refused::new("blobNotFound", "there is no such blob").to_json())),
            Err(error) => drop(not_copied.insert(id, refused(error)?.to_json())),
        }
    }
    let some = |object: Object| if object.is_empty() { Value::Null } else { Value::Object(object) };
    let answer = [
        ("fromAccountId", copy.from_account_id.into()),
        ("accountId", copy.account_id.into()),
        ("copied", some(copied)),
        ("notCopied", some(not_copied)),
    ];
    Ok(answer.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What one upload is refused for; errors that concern them all end the call.
pub(super) fn refused(error: UploadError) -> Result<Refused, MethodError> {
    match error {
        UploadError::TooMuch { .. } => Ok(Refused::new("overQuota", error.to_string())),
        UploadError::Access(error) => Err(error.into()),
    }
}
