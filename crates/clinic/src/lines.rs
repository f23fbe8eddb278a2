//! The one place that touches the disk: files of lines.

use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

const FLUSH_AT: usize = 1 << 20;

/// A file of lines under way.
pub(crate) struct Lines {
    name: &'static str,
    file: File,
    buffer: Vec<u8>,
    count: u64,
}

impl Lines {
    /// Begins `folder/name.extension`; the folder is made if need be, the file emptied.
    pub(crate) fn create(
        folder: &Path,
        name: &'static str,
        extension: &str,
        header: Option<&str>,
    ) -> io::Result<Lines> {
        fs::create_dir_all(folder)?;
        let file = File::create(folder.join(format!("{name}.{extension}")))?;
        let mut buffer = Vec::with_capacity(FLUSH_AT + 4096);
        if let Some(header) = header {
            writeln!(buffer, "{header}")?;
        }
        Ok(Lines { name, file, buffer, count: 0 })
    }
    /// Writes a resource.
    pub(crate) fn json(&mut self, resource: &impl Serialize) -> io::Result<()> {
        self.row(|to| {
            serde_json::to_writer(&mut *to, resource)?;
            to.push(b'\n');
            Ok(())
        })
    }
    /// Writes what `write` does, which is to end with a line break.
    pub(crate) fn row(&mut self, write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<()> {
        write(&mut self.buffer)?;
        self.count += 1;
        if self.buffer.len() >= FLUSH_AT { self.flush() } else { Ok(()) }
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
    /// Writes what is left; name and number of lines, the header apart.
    pub(crate) fn finish(mut self) -> io::Result<(&'static str, u64)> {
        self.flush()?;
        Ok((self.name, self.count))
    }
}
