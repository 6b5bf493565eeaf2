//! What is counted of the messages of a folder, kept up to date with each change.

use super::snapshot::Entry;
use imbl::OrdMap;
use postroom_model::Flags;
use std::sync::Arc;

/// Counts of a folder. Cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages without `\Seen`.
    pub unseen: u32,
    /// Messages with `\Deleted`.
    pub deleted: u32,
    /// Octets of all messages together.
    pub size: u64,
    /// How many messages bear each set of keywords of people's own; the empty set is left out.
    keywords: OrdMap<Arc<str>, u32>,
}

impl Tally {
    pub(crate) fn add(&mut self, entry: &Entry) {
        self.unseen += u32::from(!entry.flags.contains(Flags::SEEN));
        self.deleted += u32::from(entry.flags.contains(Flags::DELETED));
        self.size += u64::from(entry.size);
        if !entry.keywords.is_empty() {
            *self.keywords.entry(entry.keywords.clone()).or_default() += 1;
        }
    }

    /// Takes back what [`Tally::add`] counted of the same entry.
    pub(crate) fn remove(&mut self, entry: &Entry) {
        self.unseen = self.unseen.saturating_sub(u32::from(!entry.flags.contains(Flags::SEEN)));
        self.deleted = self.deleted.saturating_sub(u32::from(entry.flags.contains(Flags::DELETED)));
        self.size = self.size.saturating_sub(u64::from(entry.size));
        if let Some(count) = self.keywords.get_mut(&*entry.keywords) {
            *count -= 1;
            if *count == 0 {
                self.keywords.remove(&*entry.keywords);
            }
        }
    }

    /// The keywords of people's own that any message bears; some more than once.
    pub fn keywords(&self) -> impl Iterator<Item = &str> {
        self.keywords.keys().flat_map(|set| set.split(' '))
    }
}
