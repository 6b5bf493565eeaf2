//! The ids that clients know folders, emails and threads by: the same in IMAP (RFC 8474) and JMAP. They name the
//! mailbox, so that no two mailboxes of an installation share one.

use crate::{EmailId, FolderId, MailboxId, ThreadId};

pub fn folder(mailbox: MailboxId, folder: FolderId) -> String {
    format!("F{mailbox}-{folder}")
}

pub fn email(mailbox: MailboxId, email: EmailId) -> String {
    format!("E{mailbox}-{email}")
}

pub fn thread(mailbox: MailboxId, thread: ThreadId) -> String {
    format!("T{mailbox}-{thread}")
}

/// The folder of this mailbox that an id names; None for anything that this module did not write.
pub fn read_folder(mailbox: MailboxId, id: &str) -> Option<FolderId> {
    read(mailbox, id, 'F').map(FolderId)
}

pub fn read_email(mailbox: MailboxId, id: &str) -> Option<EmailId> {
    read(mailbox, id, 'E').map(EmailId)
}

pub fn read_thread(mailbox: MailboxId, id: &str) -> Option<ThreadId> {
    read(mailbox, id, 'T').map(ThreadId)
}

fn read(mailbox: MailboxId, id: &str, letter: char) -> Option<i64> {
    let (owner, number) = id.strip_prefix(letter)?.split_once('-')?;
    (canonical(owner)? == mailbox.0).then(|| canonical(number))?
}

/// A number as it is written here: no sign, no zeros in front, so that one thing has one id.
pub fn canonical(text: &str) -> Option<i64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !(text.len() > 1 && text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_and_nothing_else_does() {
        let (mailbox, other) = (MailboxId(12), MailboxId(1));
        assert_eq!(read_email(mailbox, &email(mailbox, EmailId(7))), Some(EmailId(7)));
        assert_eq!(read_folder(mailbox, &folder(mailbox, FolderId(3))), Some(FolderId(3)));
        assert_eq!(read_thread(mailbox, &thread(mailbox, ThreadId(9))), Some(ThreadId(9)));
        for bad in ["E1-7", "E12-07", "E12--7", "E12-+7", "E12", "e12-7", "E12-99999999999999999999", "", "E12-7 "] {
            assert_eq!(read_email(mailbox, bad), None, "{bad}");
        }
        assert_eq!(read_email(other, "E12-7"), None);
    }
}
