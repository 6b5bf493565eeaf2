//! COMPRESS=DEFLATE (RFC 4978): the bytes of a connection in raw DEFLATE, both ways.
//!
//! What comes is unpacked in steps, so that a little that unpacks to very much is taken no faster than it is used.

use bytes::{Buf, BytesMut};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use std::io;

/// Both directions of one connection. Takes some 400 KiB, most of it to look back while packing.
pub(crate) struct Deflate {
    inflate: Decompress,
    deflate: Compress,
    /// Has come and is not unpacked yet.
    pub(crate) packed: BytesMut,
    /// The last step filled its room: there may be more without anything new coming.
    unfinished: bool,
}

/// Octets that are unpacked at once.
const STEP: usize = 16 * 1024;
/// Octets that are packed at once.
const PIECE: usize = 32 * 1024;

impl Deflate {
    /// `ahead`: what the client has sent behind its command already.
    pub(crate) fn new(ahead: BytesMut) -> Self {
        Self {
            inflate: Decompress::new(false),
            deflate: Compress::new(Compression::fast(), false),
            packed: ahead,
            unfinished: false,
        }
    }

    /// Unpacks some of what has come into `input`. Gives how much; 0: more has to come first.
    pub(crate) fn unpack(&mut self, input: &mut BytesMut) -> io::Result<usize> {
        if self.packed.is_empty() && !self.unfinished {
            return Ok(0);
        }
        let start = input.len();
        input.resize(start + STEP, 0);
        let (read, made) = (self.inflate.total_in(), self.inflate.total_out());
        let step = self.inflate.decompress(&self.packed, &mut input[start..], FlushDecompress::Sync);
        let (read, made) = (self.inflate.total_in() - read, (self.inflate.total_out() - made) as usize);
        input.truncate(start + made);
        step.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.packed.advance(read as usize);
        self.unfinished = made == STEP;
        Ok(made)
    }

    /// Packs bytes so that the client can read all of them at once; gives the pieces that are to be sent.
    pub(crate) fn pack<'b>(&'b mut self, bytes: &'b [u8]) -> impl Iterator<Item = io::Result<Vec<u8>>> + 'b {
        let last = bytes.chunks(PIECE).len().saturating_sub(1);
        bytes.chunks(PIECE).enumerate().map(move |(at, piece)| {
            let flush = if at == last { FlushCompress::Sync } else { FlushCompress::None };
            self.pack_piece(piece, flush)
        })
    }

    fn pack_piece(&mut self, piece: &[u8], flush: FlushCompress) -> io::Result<Vec<u8>> {
        let (mut out, mut at) = (Vec::with_capacity(piece.len() / 2 + 64), 0);
        loop {
            let before = self.deflate.total_in();
            let step = self.deflate.compress_vec(&piece[at..], &mut out, flush);
            step.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            at += (self.deflate.total_in() - before) as usize;
            // Room that is left means that nothing is held back.
            if at == piece.len() && out.len() < out.capacity() {
                return Ok(out);
            }
            out.reserve(PIECE / 2);
        }
    }
}

#[cfg(test)]
mod tests;
