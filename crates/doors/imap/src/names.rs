//! Folder names on the wire: which mailbox and which folder in it a name means, and back.
//!
//! A person's own folders stand at the top, shared mailboxes (and rooms) below `Shared/<label>/`, mailboxes of other
//! users below `Other Users/<label>/`.

use postroom_model::{Mailbox, MailboxId, MailboxKind, Org, SpecialUse};

pub(crate) const SHARED: &str = "Shared";
pub(crate) const OTHER_USERS: &str = "Other Users";

/// What a name means. Whether it exists, and for whom, is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A folder path within a mailbox.
    Folder { mailbox: MailboxId, path: String },
    /// `Shared/<label>`: a mailbox as such; it holds folders and cannot be selected.
    Mailbox(MailboxId),
    /// `Shared` or `Other Users`.
    Namespace(&'static str),
    /// Below one of those, but no mailbox bears the label.
    Nothing,
}

/// Reads a name for a person.
pub(crate) fn meaning(org: &Org, person: MailboxId, name: &str) -> Meaning {
    for (namespace, others) in [(SHARED, false), (OTHER_USERS, true)] {
        if name == namespace {
            return Meaning::Namespace(namespace);
        }
        let Some(below) = name.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('/')) else { continue };
        let (label, path) = below.split_once('/').map_or((below, None), |(label, path)| (label, Some(path)));
        let found = org.by_label(label).filter(|mailbox| (mailbox.kind == MailboxKind::User) == others);
        return match (found.map(|mailbox| mailbox.id).filter(|id| *id != person), path) {
            (None, _) => Meaning::Nothing,
            (Some(id), None | Some("")) => Meaning::Mailbox(id),
            (Some(mailbox), Some(path)) => Meaning::Folder { mailbox, path: path.to_owned() },
        };
    }
    Meaning::Folder { mailbox: person, path: name.to_owned() }
}

/// What stands before the folder paths of a mailbox: nothing for one's own, else `Shared/<label>`.
pub(crate) fn prefix(person: MailboxId, mailbox: &Mailbox) -> Option<String> {
    if mailbox.id == person {
        return None;
    }
    let namespace = if mailbox.kind == MailboxKind::User { OTHER_USERS } else { SHARED };
    Some(format!("{namespace}/{}", mailbox.label))
}

/// The name of a folder. The Inbox is written in capitals, which clients look for.
pub(crate) fn name(prefix: Option<&str>, path: &str) -> String {
    let inbox = SpecialUse::Inbox.folder_name();
    let path = match path.strip_prefix(inbox) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("INBOX{rest}"),
        _ => path.to_owned(),
    };
    match prefix {
        Some(prefix) => format!("{prefix}/{path}"),
        None => path,
    }
}

/// Whether a name matches a LIST pattern: `*` is anything, `%` anything but `/` (RFC 9051 section 6.3.9).
/// `INBOX` matches in any case.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    if name == "INBOX" && pattern.eq_ignore_ascii_case("INBOX") {
        return true;
    }
    glob(pattern.as_bytes(), name.as_bytes())
}

/// Keeps the last wildcard to come back to, so that the time is bounded by pattern times name.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    // reachable[i]: the pattern read so far matches the first i octets of the name.
    let mut reachable = vec![false; name.len() + 1];
    reachable[0] = true;
    for wanted in pattern {
        match wanted {
            b'*' | b'%' => {
                for at in 1..=name.len() {
                    let passes = *wanted == b'*' || name[at - 1] != b'/';
                    reachable[at] |= passes && reachable[at - 1];
                }
            }
            octet => {
                for at in (1..=name.len()).rev() {
                    reachable[at] = reachable[at - 1] && name[at - 1] == *octet;
                }
                reachable[0] = false;
            }
        }
    }
    reachable[name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_the_rfc_says() {
        for (pattern, name, want) in [
            ("*", "a/b", true),
            ("%", "a/b", false),
            ("%", "a", true),
            ("a/%", "a/b", true),
            ("a/%", "a/b/c", false),
            ("a*c", "a/b/c", true),
            ("inbox", "INBOX", true),
            ("Inb%", "INBOX", false),
            ("", "", true),
            ("%%%%%*%", "x", true),
            ("Shared/%/INBOX", "Shared/Customer Support/INBOX", true),
        ] {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
        let hostile = "%a".repeat(2000);
        assert!(!matches(&hostile, &"b".repeat(2000)));
    }

    #[test]
    fn names_are_written_with_the_inbox_in_capitals() {
        assert_eq!(name(None, "Inbox"), "INBOX");
        assert_eq!(name(None, "Inbox/a"), "INBOX/a");
        assert_eq!(name(None, "Inboxes"), "Inboxes");
        assert_eq!(name(Some("Shared/S"), "Inbox"), "Shared/S/INBOX");
    }
}
