//! Numbers and byte strings in the stored form.

use super::Undecodable;

pub(super) fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len());
    out.extend_from_slice(bytes);
}

pub(super) fn put_optional(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => out.push(0),
        Some(bytes) => {
            put_number(out, bytes.len() + 1);
            out.extend_from_slice(bytes);
        }
    }
}

/// Writes something with its length in front.
pub(super) fn put_framed(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    // Nearly every frame is shorter than 16,384 bytes: two bytes of length are kept free and corrected if need be.
    let start = out.len();
    out.extend_from_slice(&[0, 0]);
    write(out);
    let length = out.len() - start - 2;
    if let (0..0x4000, Some(slot)) = (length, out.get_mut(start..start + 2)) {
        slot.copy_from_slice(&[(length & 0x7f) as u8 | 0x80, (length >> 7) as u8]);
        return;
    }
    let mut prefix = Vec::with_capacity(10);
    put_number(&mut prefix, length);
    out.splice(start..start + 2, prefix);
}

/// What is still to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Undecodable> {
        let (&byte, rest) = self.0.split_first().ok_or(Undecodable::Damaged)?;
        self.0 = rest;
        Ok(byte)
    }

    #[inline]
    pub(super) fn number(&mut self) -> Result<usize, Undecodable> {
        match self.byte()? {
            byte @ 0..0x80 => Ok(usize::from(byte)),
            byte => self.long_number(usize::from(byte & 0x7f)),
        }
    }

    fn long_number(&mut self, low: usize) -> Result<usize, Undecodable> {
        let mut number = low;
        for shift in [7, 14, 21, 28, 35, 42, 49, 56] {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Undecodable::Damaged)
    }

    #[inline]
    fn take(&mut self, length: usize) -> Result<&'a [u8], Undecodable> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Undecodable::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    #[inline]
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Undecodable> {
        let length = self.number()?;
        self.take(length)
    }

    #[inline]
    pub(super) fn optional(&mut self) -> Result<Option<&'a [u8]>, Undecodable> {
        match self.number()? {
            0 => Ok(None),
            length => self.take(length - 1).map(Some),
        }
    }

    /// The version byte that opens a stored form.
    pub(super) fn version(&mut self, known: u8) -> Result<(), Undecodable> {
        match self.byte()? {
            version if version == known => Ok(()),
            other => Err(Undecodable::Version(other)),
        }
    }
}
