//! What a client wants of an email's keywords and folders, and what becomes of them.

use crate::whole::Mark;
use postroom_model::keyword::MAX_KEYWORDS;
use postroom_model::{Flags, FolderId};
use std::collections::BTreeSet;

/// A change of keywords.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarksChange {
    /// The email bears what is `on` and nothing else.
    pub replace: bool,
    pub on: Vec<Mark>,
    pub off: Vec<Mark>,
}

/// Keywords of an email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) flags: Flags,
    pub(crate) keywords: String,
}

impl MarksChange {
    /// The keywords afterwards; None: they would be too many.
    pub(crate) fn applied(&self, before: &Marks) -> Option<Marks> {
        let mut flags = if self.replace { Flags::NONE } else { before.flags };
        let own = before.keywords.split(' ').filter(|keyword| !keyword.is_empty() && !self.replace);
        let mut keywords: BTreeSet<&str> = own.collect();
        for mark in &self.on {
            match mark {
                Mark::Flag(flag) => flags = flags.union(*flag),
                Mark::Keyword(keyword) => drop(keywords.insert(keyword)),
            }
        }
        for mark in &self.off {
            match mark {
                Mark::Flag(flag) => flags = flags.without(*flag),
                Mark::Keyword(keyword) => drop(keywords.remove(keyword.as_str())),
            }
        }
        let fits = keywords.len() <= MAX_KEYWORDS;
        fits.then(|| Marks { flags, keywords: keywords.into_iter().collect::<Vec<_>>().join(" ") })
    }
}

/// A change of the folders that an email stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoldersChange {
    /// The email stands in what it is put into and nowhere else.
    pub replace: bool,
    pub into: Vec<FolderId>,
    pub out_of: Vec<FolderId>,
}

impl FoldersChange {
    /// The folders afterwards.
    pub(crate) fn applied(&self, before: &BTreeSet<FolderId>) -> BTreeSet<FolderId> {
        let mut after = if self.replace { BTreeSet::new() } else { before.clone() };
        after.extend(&self.into);
        after.retain(|folder| !self.out_of.contains(folder));
        after
    }
}
