//! A message on its way here: hashed as it arrives, in memory while it is small, otherwise in an unnamed file. So
//! a slow server holds no memory, and no server can make it grow.

use crate::error::FetchError;
use aws_lc_rs::digest::{Context, SHA256};
use postroom_wire_message::{Fields, parse_date};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

/// What is larger waits on disk.
const HEAD: usize = 4096;
const IN_MEMORY: usize = 256 * 1024;

pub(crate) struct Received {
    memory: Vec<u8>,
    disk: Option<File>,
    size: u64,
    hash: Context,
    /// The first octets: enough for the topmost trace fields.
    head: Vec<u8>,
}

/// What was received, whole.
pub(crate) enum Whole {
    Memory(Vec<u8>),
    Disk(File, u64),
}

impl Received {
    pub(crate) fn new() -> Self {
        Self { memory: Vec::new(), disk: None, size: 0, hash: Context::new(&SHA256), head: Vec::new() }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next octets. They go into the page cache, which blocks no longer than copying them does.
    pub(crate) fn push(&mut self, octets: &[u8], spool: &Path) -> Result<(), FetchError> {
        self.hash.update(octets);
        self.size += octets.len() as u64;
        let wanted = HEAD.saturating_sub(self.head.len()).min(octets.len());
        self.head.extend_from_slice(&octets[..wanted]);
        if let Some(disk) = &mut self.disk {
            return disk.write_all(octets).map_err(FetchError::Spool);
        }
        self.memory.extend_from_slice(octets);
        if self.memory.len() > IN_MEMORY {
            let mut disk = tempfile::tempfile_in(spool).map_err(FetchError::Spool)?;
            disk.write_all(&self.memory).map_err(FetchError::Spool)?;
            self.memory = Vec::new();
            self.disk = Some(disk);
        }
        Ok(())
    }

    /// When the last server on its way took it, by its topmost Received field.
    pub(crate) fn traced_at(&self) -> Option<i64> {
        let received = Fields::of(&self.head).find(|field| field.name.eq_ignore_ascii_case(b"received"))?;
        let at = memchr::memrchr(b';', received.value)?;
        parse_date(&received.value[at + 1..])
    }

    /// The message and the first half of its SHA-256.
    pub(crate) fn finish(self) -> (Whole, [u8; 16]) {
        let mut hash = [0; 16];
        hash.copy_from_slice(&self.hash.finish().as_ref()[..16]);
        let whole = match self.disk {
            Some(disk) => Whole::Disk(disk, self.size),
            None => Whole::Memory(self.memory),
        };
        (whole, hash)
    }
}

impl Whole {
    pub(crate) fn is_on_disk(&self) -> bool {
        matches!(self, Self::Disk(..))
    }

    /// The message in memory. Blocks when it is on disk.
    pub(crate) fn load(self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Memory(octets) => Ok(octets),
            Self::Disk(mut disk, size) => {
                let mut octets = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
                disk.rewind()?;
                disk.read_to_end(&mut octets)?;
                Ok(octets)
            }
        }
    }
}
