//! Lists in their stored form: one borrowed stretch of bytes, whose entries are read while iterating.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;

use super::Undecodable;
use super::wire::Reader;

/// Something that a list holds.
pub trait Record<'a>: Sized {
    #[doc(hidden)]
    fn read(reader: &mut Reader<'a>) -> Result<Self, Undecodable>;
}

/// A list in its stored form. Copying it copies no entries.
pub struct ListRef<'a, T> {
    pub(super) stored: Reader<'a>,
    entry: PhantomData<fn() -> T>,
}

/// The entries of a [`ListRef`].
pub struct ListIter<'a, T>(ListRef<'a, T>);

impl<'a, T: Record<'a>> ListRef<'a, T> {
    pub(super) fn new(stored: Reader<'a>) -> Self {
        Self { stored, entry: PhantomData }
    }

    /// Reads the framed list and checks every entry.
    #[inline]
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Undecodable> {
        let stored = Reader(reader.bytes()?);
        let mut entries = stored;
        while !entries.is_empty() {
            T::read(&mut entries)?;
        }
        Ok(Self::new(stored))
    }

    pub fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    pub fn iter(&self) -> ListIter<'a, T> {
        ListIter(*self)
    }
}

impl<'a, T: Record<'a>> Iterator for ListIter<'a, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        T::read(&mut self.0.stored).ok()
    }
}

impl<'a, T: Record<'a>> FusedIterator for ListIter<'a, T> {}

impl<'a, T: Record<'a>> IntoIterator for ListRef<'a, T> {
    type Item = T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> ListIter<'a, T> {
        ListIter(self)
    }
}

impl<T> Clone for ListRef<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ListRef<'_, T> {}

impl<T> Default for ListRef<'_, T> {
    fn default() -> Self {
        Self { stored: Reader(&[]), entry: PhantomData }
    }
}

impl<'a, T: Record<'a> + fmt::Debug> fmt::Debug for ListRef<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> Record<'a> for &'a [u8] {
    #[inline]
    fn read(reader: &mut Reader<'a>) -> Result<Self, Undecodable> {
        reader.bytes()
    }
}

impl<'a> Record<'a> for (&'a [u8], &'a [u8]) {
    #[inline]
    fn read(reader: &mut Reader<'a>) -> Result<Self, Undecodable> {
        Ok((reader.bytes()?, reader.bytes()?))
    }
}
