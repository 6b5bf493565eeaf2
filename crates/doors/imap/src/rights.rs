//! Rights as the letters and digits of RFC 4314, and back.
//!
//! | right | letter | | right | letter |
//! |---|---|---|---|---|
//! | folder.view | l | | folder.create | k |
//! | message.read | r | | folder.delete | x |
//! | message.seen | s | | mailbox.manage | a |
//! | message.flag | w | | message.search | 0 |
//! | message.add | i | | message.edit | 1 |
//! | message.delete | t, and e outside Deleted Items | | attachment.add | 2 |
//! | message.purge | e in Deleted Items and of the whole mailbox | | send.as, send.on_behalf | 3, 4 |

use postroom_model::{Right, RightSet, SpecialUse};

/// Where letters are read or written: it decides what `e` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    WholeMailbox,
    DeletedItems,
    Folder,
}

impl Place {
    pub(crate) fn of(special: Option<SpecialUse>) -> Self {
        if special == Some(SpecialUse::Trash) { Self::DeletedItems } else { Self::Folder }
    }
}

const PLAIN: [(Right, char); 14] = [
    (Right::FolderView, 'l'),
    (Right::MessageRead, 'r'),
    (Right::MessageSeen, 's'),
    (Right::MessageFlag, 'w'),
    (Right::MessageAdd, 'i'),
    (Right::FolderCreate, 'k'),
    (Right::FolderDelete, 'x'),
    (Right::MessageDelete, 't'),
    (Right::MailboxManage, 'a'),
    (Right::MessageSearch, '0'),
    (Right::MessageEdit, '1'),
    (Right::AttachmentAdd, '2'),
    (Right::SendAs, '3'),
    (Right::SendOnBehalf, '4'),
];

/// The letters for what is held, with the groups `c` and `d` for clients that know no others (RFC 4314 section 2.1.1).
pub(crate) fn letters(rights: RightSet, place: Place) -> String {
    let mut text = letters_alone(rights, place);
    for (group, members) in GROUPS {
        if text.contains(members) {
            text.push(group);
        }
    }
    text
}

/// Obsolete rights that stand for several.
pub(crate) const GROUPS: [(char, [char; 2]); 2] = [('c', ['k', 'x']), ('d', ['t', 'e'])];

/// The letters without groups.
pub(crate) fn letters_alone(rights: RightSet, place: Place) -> String {
    let mut text = String::new();
    for (right, letter) in PLAIN {
        if rights.has(right) {
            text.push(letter);
        }
        let expunges = match place {
            Place::Folder => Right::MessageDelete,
            Place::WholeMailbox | Place::DeletedItems => Right::MessagePurge,
        };
        if right == Right::MessageDelete && rights.has(expunges) {
            text.push('e');
        }
    }
    text
}

/// The rights that letters name, or the first letter that names none. `c` and `d` are the groups of RFC 2086
/// (RFC 4314 section 2.1.1).
pub(crate) fn from_letters(text: &str, place: Place) -> Result<RightSet, char> {
    let mut rights = RightSet::NONE;
    for letter in text.chars() {
        rights = rights.union(named(letter, place).ok_or(letter)?);
    }
    Ok(rights)
}

fn named(letter: char, place: Place) -> Option<RightSet> {
    let set = |rights: &[Right]| Some(rights.iter().copied().collect());
    match (letter, place) {
        ('e', Place::Folder) => set(&[Right::MessageDelete]),
        ('e', Place::WholeMailbox | Place::DeletedItems) => set(&[Right::MessagePurge]),
        ('c', _) => set(&[Right::FolderCreate, Right::FolderDelete]),
        ('d', Place::Folder) => set(&[Right::MessageDelete]),
        ('d', Place::WholeMailbox | Place::DeletedItems) => set(&[Right::MessageDelete, Right::MessagePurge]),
        _ => PLAIN.iter().find(|(_, known)| *known == letter).and_then(|(right, _)| set(&[*right])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postroom_model::Preset;

    #[test]
    fn presets_have_these_letters() {
        for (preset, whole, folder, trash) in [
            (Preset::Agent, "lrswit0123d", "lrswite0123d", "lrswit0123d"),
            (Preset::Viewer, "lr0", "lr0", "lr0"),
            (Preset::SendOnly, "23", "23", "23"),
            (Preset::Manager, "la", "la", "la"),
            (Preset::FullAccess, "lrswikxte012cd", "lrswikxte012cd", "lrswikxte012cd"),
        ] {
            let rights = preset.rights();
            assert_eq!(letters(rights, Place::WholeMailbox), whole, "{preset:?}");
            assert_eq!(letters(rights, Place::Folder), folder, "{preset:?}");
            assert_eq!(letters(rights, Place::DeletedItems), trash, "{preset:?}");
        }
    }

    #[test]
    fn letters_round_trip_for_a_whole_mailbox() {
        for preset in Preset::ALL {
            let nameable: RightSet = PLAIN.iter().map(|(right, _)| *right).chain([Right::MessagePurge]).collect();
            let rights = preset.rights().intersection(nameable);
            assert_eq!(from_letters(&letters_alone(rights, Place::WholeMailbox), Place::WholeMailbox), Ok(rights));
        }
        assert_eq!(from_letters("lrz", Place::Folder), Err('z'));
    }
}
