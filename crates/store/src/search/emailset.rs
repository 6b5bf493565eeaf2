//! A set of emails of one mailbox: a bit for each id, since ids are given out without gaps.

use postroom_model::EmailId;

#[derive(Clone, Debug, Default)]
pub struct EmailSet {
    words: Vec<u64>,
}

impl EmailSet {
    /// Adds an email; ids are never negative.
    pub fn insert(&mut self, email: EmailId) {
        let Ok(id) = usize::try_from(email.0) else { return };
        let word = id / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (id % 64);
    }

    pub fn contains(&self, email: EmailId) -> bool {
        usize::try_from(email.0).is_ok_and(|id| self.words.get(id / 64).is_some_and(|word| word >> (id % 64) & 1 == 1))
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub fn union(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    pub fn intersect(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }

    /// Takes out what `other` holds.
    pub fn subtract(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
    }

    /// In ascending order.
    pub fn iter(&self) -> impl Iterator<Item = EmailId> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| Bits { at, word: *word })
    }

    pub fn first(&self) -> Option<EmailId> {
        self.iter().next()
    }

    pub fn last(&self) -> Option<EmailId> {
        let (at, word) = self.words.iter().enumerate().rfind(|(_, word)| **word != 0)?;
        Some(id(at, 63 - word.leading_zeros()))
    }
}

struct Bits {
    at: usize,
    word: u64,
}

impl Iterator for Bits {
    type Item = EmailId;

    fn next(&mut self) -> Option<EmailId> {
        if self.word == 0 {
            return None;
        }
        let bit = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some(id(self.at, bit))
    }
}

fn id(word: usize, bit: u32) -> EmailId {
    EmailId(i64::try_from(word * 64).unwrap_or(i64::MAX) + i64::from(bit))
}

impl PartialEq for EmailSet {
    fn eq(&self, other: &Self) -> bool {
        let common = self.words.len().min(other.words.len());
        let rest = self.words[common..].iter().chain(&other.words[common..]);
        self.words[..common] == other.words[..common] && rest.into_iter().all(|word| *word == 0)
    }
}

impl Eq for EmailSet {}

impl Extend<EmailId> for EmailSet {
    fn extend<T: IntoIterator<Item = EmailId>>(&mut self, emails: T) {
        emails.into_iter().for_each(|email| self.insert(email));
    }
}

impl FromIterator<EmailId> for EmailSet {
    fn from_iter<T: IntoIterator<Item = EmailId>>(emails: T) -> Self {
        let mut set = Self::default();
        set.extend(emails);
        set
    }
}
