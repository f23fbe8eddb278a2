//! Uploads: bytes of any length in a nameless temporary file, sealed block by block under a key that exists in memory only,
//! and read as often as need be. When the process ends the key is gone, and the file with it.

use crate::aead::{self, random_key};
use aws_lc_rs::aead::RandomizedNonceKey;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

/// Plain bytes of a block; the last one may be shorter.
const BLOCK: u64 = 64 * 1024;
/// What sealing adds to a block: nonce and tag.
const ADDED: u64 = 12 + 16;

/// Takes bytes in.
pub struct KeptWriter {
    file: BufWriter<File>,
    key: RandomizedNonceKey,
    block: Vec<u8>,
    length: u64,
}

/// Bytes taken in. Cloned, it is the same file.
#[derive(Clone)]
pub struct SealedFile(Arc<Inner>);

struct Inner {
    file: File,
    key: RandomizedNonceKey,
    length: u64,
}

/// Reads the bytes, from any place.
pub struct KeptReader {
    sealed: SealedFile,
    at: u64,
    /// Which block is open, and its bytes.
    block: Option<(u64, Vec<u8>)>,
}

impl fmt::Debug for KeptWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptWriter(_)")
    }
}
impl fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedFile(_)")
    }
}
impl fmt::Debug for KeptReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptReader(_)")
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a temporary file was changed while in use")
}

impl KeptWriter {
    /// A new temporary file in `folder`.
    ///
    /// # Errors
    /// The file system's.
    pub fn new_in(folder: &Path) -> io::Result<KeptWriter> {
        let file = tempfile::tempfile_in(folder)?;
        let key = random_key().and_then(|k| aead::key(k.as_ref())).map_err(io::Error::other)?;
        Ok(KeptWriter { file: BufWriter::new(file), key, block: Vec::new(), length: 0 })
    }
    /// How many bytes came so far.
    pub const fn length(&self) -> u64 {
        self.length
    }
    fn seal_block(&mut self) -> io::Result<()> {
        let number = self.length.saturating_sub(1) / BLOCK;
        let sealed = aead::seal(&self.key, &number.to_be_bytes(), &self.block).map_err(io::Error::other)?;
        self.block.clear();
        self.file.write_all(&sealed)
    }
    /// Turns to reading.
    ///
    /// # Errors
    /// The file system's.
    pub fn finish(mut self) -> io::Result<SealedFile> {
        if !self.block.is_empty() {
            self.seal_block()?;
        }
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(SealedFile(Arc::new(Inner { file, key: self.key, length: self.length })))
    }
}

impl Write for KeptWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = usize::try_from(BLOCK).unwrap_or(usize::MAX).saturating_sub(self.block.len());
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.block.extend_from_slice(taken);
        self.length += taken.len() as u64;
        if self.block.len() as u64 == BLOCK {
            self.seal_block()?;
        }
        Ok(taken.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(()) // a block is sealed when it is full
    }
}

impl SealedFile {
    /// How many bytes there are.
    pub fn length(&self) -> u64 {
        self.0.length
    }
    /// Reads from the beginning.
    pub fn reader(&self) -> KeptReader {
        KeptReader { sealed: self.clone(), at: 0, block: None }
    }
    fn block(&self, number: u64) -> io::Result<Vec<u8>> {
        let plain = self.0.length.saturating_sub(number * BLOCK).min(BLOCK);
        let mut sealed = vec![0; usize::try_from(plain + ADDED).map_err(io::Error::other)?];
        self.0.file.read_exact_at(&mut sealed, number * (BLOCK + ADDED))?;
        aead::open(&self.0.key, &number.to_be_bytes(), &sealed).map_err(|_| broken())
    }
}

impl Read for KeptReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.sealed.length() || into.is_empty() {
            return Ok(0);
        }
        let number = self.at / BLOCK;
        let block = match self.block.take() {
            Some((open, block)) if open == number => block,
            _ => self.sealed.block(number)?,
        };
        let from = usize::try_from(self.at % BLOCK).map_err(io::Error::other)?;
        let rest = block.get(from..).ok_or_else(broken)?;
        let taken = rest.len().min(into.len());
        if let (Some(into), Some(from)) = (into.get_mut(..taken), rest.get(..taken)) {
            into.copy_from_slice(from);
        }
        self.at += taken as u64;
        self.block = Some((number, block));
        Ok(taken)
    }
}

impl Seek for KeptReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.sealed.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_any_place_and_the_file_shows_nothing() {
        let dir = tempfile::tempdir().unwrap();
        for length in [0, 1, 65_535, 65_536, 65_537, 300_000] {
            let bytes: Vec<u8> = b"Zz-Canary-".iter().copied().cycle().take(length).collect();
            let mut writer = KeptWriter::new_in(dir.path()).unwrap();
            for part in bytes.chunks(7_001) {
                writer.write_all(part).unwrap();
            }
            let sealed = writer.finish().unwrap();
            assert_eq!(sealed.length(), length as u64);
            for _ in 0..2 {
                let mut back = Vec::new();
                sealed.reader().read_to_end(&mut back).unwrap();
                assert!(back == bytes, "{length}");
            }
            let mut reader = sealed.reader();
            let at = reader.seek(SeekFrom::End(-(length.min(9) as i64))).unwrap();
            let mut end = Vec::new();
            reader.read_to_end(&mut end).unwrap();
            assert_eq!(end, bytes[usize::try_from(at).unwrap()..]);
            let mut raw = vec![0; usize::try_from(sealed.0.file.metadata().unwrap().len()).unwrap()];
            sealed.0.file.read_exact_at(&mut raw, 0).unwrap();
            assert!(!raw.windows(9).any(|w| w == b"Zz-Canary"));
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "the files have no names");
    }

    #[test]
    fn blocks_do_not_open_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = KeptWriter::new_in(dir.path()).unwrap();
        writer.write_all(&[1; 200_000]).unwrap();
        let sealed = writer.finish().unwrap();
        let mut block = vec![0; 65_536 + 28];
        sealed.0.file.read_exact_at(&mut block, 0).unwrap();
        sealed.0.file.write_all_at(&block, 65_536 + 28).unwrap();
        let mut back = Vec::new();
        assert!(sealed.reader().read_to_end(&mut back).is_err());
    }
}
