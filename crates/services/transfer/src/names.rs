//! Names of folders elsewhere, and here.

use postroom_model::{FolderName, SpecialUse};

/// What other servers and clients call the folders that every mailbox has here.
const ELSEWHERE: [(&str, SpecialUse); 16] = [
    ("inbox", SpecialUse::Inbox),
    ("sent", SpecialUse::Sent),
    ("sent items", SpecialUse::Sent),
    ("sent messages", SpecialUse::Sent),
    ("sent mail", SpecialUse::Sent),
    ("draft", SpecialUse::Drafts),
    ("drafts", SpecialUse::Drafts),
    ("trash", SpecialUse::Trash),
    ("deleted", SpecialUse::Trash),
    ("deleted items", SpecialUse::Trash),
    ("deleted messages", SpecialUse::Trash),
    ("bin", SpecialUse::Trash),
    ("junk", SpecialUse::Junk),
    ("junk e-mail", SpecialUse::Junk),
    ("junk email", SpecialUse::Junk),
    ("spam", SpecialUse::Junk),
];

/// The path here of a folder elsewhere. None: it cannot be a folder here.
pub(crate) fn path_here(levels: &[&str]) -> Option<Vec<FolderName>> {
    let mut path = Vec::with_capacity(levels.len());
    for (depth, level) in levels.iter().enumerate() {
        let known = ELSEWHERE.iter().find(|(name, _)| depth == 0 && name.eq_ignore_ascii_case(level));
        // What no name can hold here stands as a dash.
        let fitting: String =
            level.chars().map(|c| if c.is_control() || "/*%".contains(c) { '-' } else { c }).collect();
        let name = known.map_or(fitting.as_str(), |(_, special)| special.folder_name());
        path.push(FolderName::parse(name).ok()?);
    }
    (!path.is_empty()).then_some(path)
}
