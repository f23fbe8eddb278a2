//! Temporary files for what does not fit in memory: nameless, and sealed under a key that exists in memory only.

use crate::aead::{self, random_key};
use aws_lc_rs::aead::RandomizedNonceKey;
use discreet_domain::Phi;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

/// Records are sealed together in blocks of about this many bytes.
const BLOCK: usize = 64 * 1024;
/// No block is longer: one record above [`BLOCK`], with its length.
const LONGEST_BLOCK: usize = 64 * 1024 * 1024;

/// Takes records in.
pub struct SpillWriter {
    file: BufWriter<File>,
    key: RandomizedNonceKey,
    block: Vec<u8>,
    blocks: u64,
}

/// Gives the records back, in order.
pub struct SpillReader {
    file: BufReader<File>,
    key: RandomizedNonceKey,
    block: io::Cursor<Vec<u8>>,
    blocks: u64,
    next: u64,
}

impl fmt::Debug for SpillWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpillWriter(_)")
    }
}
impl fmt::Debug for SpillReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpillReader(_)")
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a temporary file was changed while in use")
}

impl SpillWriter {
    /// A new temporary file in `folder`.
    ///
    /// # Errors
    /// The file system's.
    pub fn new_in(folder: &Path) -> io::Result<SpillWriter> {
        let file = tempfile::tempfile_in(folder)?;
        let key = random_key().and_then(|k| aead::key(k.as_ref())).map_err(io::Error::other)?;
        Ok(SpillWriter { file: BufWriter::new(file), key, block: Vec::with_capacity(BLOCK), blocks: 0 })
    }
    /// Adds a record.
    ///
    /// # Errors
    /// The file system's; also if the record is longer than a block may be.
    pub fn push(&mut self, record: &Phi<Vec<u8>>) -> io::Result<()> {
        let record = record.expose();
        if record.len() > LONGEST_BLOCK / 2 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a record too long for a temporary file",
            ));
        }
        let length = u32::try_from(record.len()).map_err(io::Error::other)?;
        self.block.extend_from_slice(&length.to_le_bytes());
        self.block.extend_from_slice(record);
        if self.block.len() >= BLOCK { self.flush_block() } else { Ok(()) }
    }
    fn flush_block(&mut self) -> io::Result<()> {
        let sealed =
            aead::seal(&self.key, &self.blocks.to_be_bytes(), &self.block).map_err(io::Error::other)?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.file.write_all(&length.to_le_bytes())?;
        self.file.write_all(&sealed)?;
        self.block.clear();
        self.blocks += 1;
        Ok(())
    }
    /// Turns to reading.
    ///
    /// # Errors
    /// The file system's.
    pub fn into_reader(mut self) -> io::Result<SpillReader> {
        if !self.block.is_empty() {
            self.flush_block()?;
        }
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let block = io::Cursor::new(Vec::new());
        Ok(SpillReader { file: BufReader::new(file), key: self.key, block, blocks: self.blocks, next: 0 })
    }
}

impl SpillReader {
    /// The next record, or `None` after the last.
    ///
    /// # Errors
    /// The file system's; [`io::ErrorKind::InvalidData`] if somebody changed the file.
    pub fn next_record(&mut self) -> io::Result<Option<Phi<Vec<u8>>>> {
        if self.block.position() >= self.block.get_ref().len() as u64 && !self.load_block()? {
            return Ok(None);
        }
        let mut length = [0; 4];
        self.block.read_exact(&mut length).map_err(|_| broken())?;
        let mut record = vec![0; u32::from_le_bytes(length) as usize];
        self.block.read_exact(&mut record).map_err(|_| broken())?;
        Ok(Some(Phi::new(record)))
    }
    fn load_block(&mut self) -> io::Result<bool> {
        if self.next == self.blocks {
            return Ok(false);
        }
        let mut length = [0; 4];
        self.file.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST_BLOCK {
            return Err(broken());
        }
        let mut sealed = vec![0; length];
        self.file.read_exact(&mut sealed)?;
        let plain = aead::open(&self.key, &self.next.to_be_bytes(), &sealed).map_err(|_| broken())?;
        self.block = io::Cursor::new(plain);
        self.next += 1;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_in_order_and_the_file_shows_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = SpillWriter::new_in(dir.path()).unwrap();
        let record = |i: usize| Phi::new(format!("Zz-Canary-{i}").repeat(i % 700).into_bytes());
        for i in 0..2_000 {
            writer.push(&record(i)).unwrap();
        }
        assert!(writer.blocks > 10);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "the file has no name");
        let mut reader = writer.into_reader().unwrap();
        let mut raw = Vec::new();
        reader.file.read_to_end(&mut raw).unwrap();
        assert!(!raw.windows(9).any(|w| w == b"Zz-Canary"));
        reader.file.rewind().unwrap();
        for i in 0..2_000 {
            assert_eq!(reader.next_record().unwrap(), Some(record(i)));
        }
        assert_eq!(reader.next_record().unwrap(), None);
    }
}
