//! Maildir: one file for each message, flags in its name, folders as in Maildir++ (`.Sent.2026`), keywords as Dovecot keeps
//! them.

use crate::names::path_here;
use postroom_model::{Flags, FolderName};
use postroom_wire_imap::folder_name::mutf7;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// What a message bears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) flags: Flags,
    pub(crate) keywords: Vec<String>,
    /// Seconds since 1970.
    pub(crate) received_at: Option<i64>,
}

/// Letters of flags, in file names and in the fields of mbox files, each alphabet by itself.
const LETTERS: [(char, Flags); 6] = [
    ('D', Flags::DRAFT),
    ('F', Flags::FLAGGED),
    ('P', Flags::FORWARDED),
    ('R', Flags::ANSWERED),
    ('S', Flags::SEEN),
    ('T', Flags::DELETED),
];

impl Marks {
    /// Of the fields `Status` and `X-Status`: R read, A answered, F flagged, T draft, D deleted.
    pub(crate) fn letter(&mut self, letter: char) {
        let flag = match letter {
            'R' => Flags::SEEN,
            'A' => Flags::ANSWERED,
            'F' => Flags::FLAGGED,
            'T' => Flags::DRAFT,
            'D' => Flags::DELETED,
            _ => return,
        };
        self.flags = self.flags.union(flag);
    }

    /// The values of those two fields.
    pub(crate) fn status(&self) -> (String, String) {
        let has = |flag, letter: &'static str| if self.flags.contains(flag) { letter } else { "" };
        let more = [(Flags::ANSWERED, "A"), (Flags::FLAGGED, "F"), (Flags::DRAFT, "T"), (Flags::DELETED, "D")];
        let status = format!("{}O", has(Flags::SEEN, "R"));
        (status, more.into_iter().map(|(flag, letter)| has(flag, letter)).collect())
    }
}

/// One message of a Maildir.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) folder: Vec<FolderName>,
    pub(crate) path: PathBuf,
    /// Its unique part, with the folder: what it is known by.
    pub(crate) item: String,
    pub(crate) marks: Marks,
}

/// Whether a folder is a Maildir.
pub(crate) fn is_one(path: &Path) -> bool {
    path.join("cur").is_dir() && path.join("new").is_dir()
}

/// All messages, in an order that stays. Folders that have no name here are given apart.
pub(crate) fn list(root: &Path) -> io::Result<(Vec<Entry>, Vec<String>)> {
    let (mut entries, mut unnamed) = (Vec::new(), Vec::new());
    let mut folders: Vec<(String, PathBuf)> = vec![(String::new(), root.to_owned())];
    for found in std::fs::read_dir(root)? {
        let found = found?;
        let name = found.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') && name.len() > 1 && is_one(&found.path()) {
            folders.push((name, found.path()));
        }
    }
    folders.sort();
    for (name, path) in folders {
        let decoded: Vec<String> = name
            .trim_start_matches('.')
            .split('.')
            .map(|level| mutf7::decode(level).unwrap_or_else(|| level.to_owned()))
            .collect();
        let levels: Vec<&str> =
            if name.is_empty() { vec!["INBOX"] } else { decoded.iter().map(String::as_str).collect() };
        match path_here(&levels) {
            Some(folder) => messages(&mut entries, &name, &path, &folder)?,
            None => unnamed.push(name),
        }
    }
    Ok((entries, unnamed))
}

fn messages(entries: &mut Vec<Entry>, name: &str, path: &Path, folder: &[FolderName]) -> io::Result<()> {
    let keywords = keywords(path);
    let mut files: Vec<(OsString, PathBuf)> = Vec::new();
    for part in ["cur", "new"] {
        for found in std::fs::read_dir(path.join(part))? {
            let found = found?;
            if found.file_type()?.is_file() && !found.file_name().to_string_lossy().starts_with('.') {
                files.push((found.file_name(), found.path()));
            }
        }
    }
    files.sort();
    for (file, path) in files {
        let file = file.to_string_lossy().into_owned();
        let (unique, info) = file.split_once(":2,").unwrap_or((&file, ""));
        let mut marks = Marks::default();
        for letter in info.chars() {
            match LETTERS.iter().find(|(known, _)| *known == letter) {
                Some((_, flag)) => marks.flags = marks.flags.union(*flag),
                None => marks.keywords.extend(keywords.get(&letter).cloned()),
            }
        }
        entries.push(Entry { folder: folder.to_vec(), item: format!("{name}/{unique}"), path, marks });
    }
    Ok(())
}

/// Lines such as `0 $Forwarded`, letter a; Dovecot keeps them so.
fn keywords(path: &Path) -> BTreeMap<char, String> {
    let text = std::fs::read_to_string(path.join("dovecot-keywords")).unwrap_or_default();
    let line = |line: &str| {
        let (number, name) = line.split_once(' ')?;
        let letter = char::from(b'a'.checked_add(number.parse().ok()?)?);
        letter.is_ascii_lowercase().then(|| (letter, name.to_owned()))
    };
    text.lines().filter_map(line).collect()
}

/// Reads a message. Files hold single line feeds as a rule; one that holds any CRLF is taken as it is.
pub(crate) fn read(path: &Path) -> io::Result<(Vec<u8>, i64)> {
    let raw = std::fs::read(path)?;
    let changed = std::fs::metadata(path)?.modified()?;
    let since = changed.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let at = i64::try_from(since.as_secs()).unwrap_or(0);
    if memchr::memmem::find(&raw, b"\r\n").is_some() {
        return Ok((raw, at));
    }
    let mut lines = Vec::with_capacity(raw.len() + raw.len() / 40);
    for line in raw.split_inclusive(|octet| *octet == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) => {
                lines.extend_from_slice(text);
                lines.extend_from_slice(b"\r\n");
            }
            None => lines.extend_from_slice(line),
        }
    }
    Ok((lines, at))
}

/// The part of a file's name that bears the flags: `:2,FS`, letters in order.
pub(crate) fn info(marks: &Marks, known: &mut Vec<String>) -> String {
    let mut letters: Vec<char> =
        LETTERS.iter().filter(|(_, flag)| marks.flags.contains(*flag)).map(|(letter, _)| *letter).collect();
    for keyword in &marks.keywords {
        let at = known.iter().position(|one| one == keyword).unwrap_or_else(|| {
            known.push(keyword.clone());
            known.len() - 1
        });
        // There are letters for 26 of them in one folder.
        letters.extend(u8::try_from(at).ok().filter(|at| *at < 26).map(|at| char::from(b'a' + at)));
    }
    letters.sort_unstable();
    format!(":2,{}", letters.into_iter().collect::<String>())
}

/// The folder of a Maildir++ that stands for a path here.
pub(crate) fn folder(root: &Path, path: &[&str]) -> PathBuf {
    if path == ["Inbox"] {
        return root.to_owned();
    }
    // A dot parts levels: in a name it is written as modified UTF-7 would write any other character.
    let levels: Vec<String> = path.iter().map(|level| mutf7::encode(level).replace('.', "&AC4-")).collect();
    root.join(format!(".{}", levels.join(".")))
}
