//! Where rows come from: a file, or a folder of them, plain or gzipped; or bytes that somebody else keeps, opened as often
//! as they are read. The only place with file I/O.

use crate::import::{Import, ReadError, Sink};
use crate::limits::{DEEPEST_FOLDER, MOST_FILES};
use crate::options::Options;
use crate::report::{Format, Report};
use flate2::read::MultiGzDecoder;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes read at a time.
const READ_AHEAD: usize = 256 << 10;

/// What to import.
#[derive(Clone)]
pub struct Source(Where);

#[derive(Clone)]
enum Where {
    /// A file or folder on the disk.
    Path(PathBuf),
    /// Files kept elsewhere: sealed uploads.
    Kept(Arc<[KeptFile]>),
}

/// A file that somebody keeps where this crate cannot see it.
#[derive(Clone)]
pub struct KeptFile {
    /// Its name, maybe with folders before it; can name a person.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<dyn Kept>,
}

/// Bytes that can be read from their beginning as often as need be.
pub trait Kept: Send + Sync {
    /// Begins to read them.
    ///
    /// # Errors
    /// Whatever keeps them from being read.
    fn open(&self) -> io::Result<Box<dyn Read>>;
}

impl std::fmt::Debug for Source {
    /// Paths can name people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(_)")
    }
}

impl std::fmt::Debug for KeptFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptFile(_)")
    }
}

impl Source {
    /// The file or folder at `path`.
    pub fn at(path: impl Into<PathBuf>) -> Source {
        Source(Where::Path(path.into()))
    }
    /// Files that somebody keeps.
    pub fn kept(files: Vec<KeptFile>) -> Source {
        Source(Where::Kept(files.into()))
    }
    fn open(&self, found: &Found) -> io::Result<Box<dyn BufRead>> {
        match &self.0 {
            Where::Path(root) if found.path.as_os_str().is_empty() => opened(Box::new(File::open(root)?)),
            Where::Path(root) => opened(Box::new(File::open(root.join(&found.path))?)),
            Where::Kept(files) => {
                let file = files.iter().find(|file| Path::new(&file.name) == found.path);
                opened(file.ok_or(io::ErrorKind::NotFound)?.bytes.open()?)
            }
        }
    }
}

/// What a file is by its name, if it can be imported.
pub fn format_of(name: &str) -> Option<Format> {
    Found::new(PathBuf::new(), name).format
}

/// Reads all of a source. Files come in a fixed order: first those that tell what references lead to (practitioners,
/// organizations, medications; names files of a mapping), then by path. A file that cannot be understood is reported
/// and passed over; one that cannot be read ends the import.
///
/// # Errors
/// [`ReadError::Io`] if the source cannot be read, [`ReadError::Sink`] if the sink stops the import.
pub fn read<S: Sink>(
    source: &Source,
    options: &Options,
    sink: &mut S,
) -> Result<Report, ReadError<S::Error>> {
    let mut import = Import::new(options, sink);
    let files = found(source, options).map_err(|error| ReadError::Io {
        shown: "the source".to_owned(),
        line: 0,
        kind: error.kind(),
    })?;
    for (at, found) in files.iter().enumerate() {
        let name = found.path.to_string_lossy().into_owned();
        let file = import.begin_file(name, found.shown(at), found.format)?;
        let Some(format) = found.format else {
            import.desk.report.skip("file of an unknown type");
            continue;
        };
        let mut input = source.open(found).map_err(|error| import.io(file, 0, &error))?;
        import.file(file, format, &found.name, &mut input)?;
    }
    Ok(import.into_report())
}

/// Reads one stream, `name`d like a file: of a CSV file the name says the kind.
///
/// # Errors
/// As [`read`].
pub fn read_stream<S: Sink>(
    name: &str,
    format: Format,
    input: impl Read,
    options: &Options,
    sink: &mut S,
) -> Result<Report, ReadError<S::Error>> {
    let mut import = Import::new(options, sink);
    let mut input = BufReader::with_capacity(READ_AHEAD, input);
    let shown = if format == Format::Json { "a .json file".to_owned() } else { name.to_owned() };
    let file = import.begin_file(name.to_owned(), shown, Some(format))?;
    import.file(file, format, &name.to_lowercase(), &mut input)?;
    Ok(import.into_report())
}

/// A file of the source.
struct Found {
    /// Below the root; empty if the root is the file.
    path: PathBuf,
    /// Its name, in lower case, without `.gz`.
    name: String,
    format: Option<Format>,
}

impl Found {
    fn new(path: PathBuf, name: &str) -> Found {
        let lower = name.to_lowercase();
        let name = lower.strip_suffix(".gz").unwrap_or(&lower).to_owned();
        let format = match name.rsplit('.').next() {
            Some("ndjson" | "jsonl") => Some(Format::Ndjson),
            Some("json") => Some(Format::Json),
            Some("csv" | "tsv") => Some(Format::Csv),
            _ => None,
        };
        Found { path, name, format }
    }

    /// A form of the name that may be shown: exports name their `.json` files after patients, and what else lies in
    /// a folder can be called anything.
    fn shown(&self, at: usize) -> String {
        match self.format {
            Some(Format::Ndjson | Format::Csv) => self.name.clone(),
            Some(Format::Json) => format!("file {at} (.json)"),
            None => format!("file {at}"),
        }
    }

    /// What comes first. Only the order depends on this; what a row is, it says itself.
    fn rank(&self, options: &Options) -> u8 {
        if options.mapping.as_ref().is_some_and(|mapping| mapping.is_names_file(&self.name)) {
            return 0;
        }
        let has = |part: &str| self.name.contains(part);
        match () {
            () if has("practitionerrole") => 1,
            () if has("practitioner") || has("organization") || has("location") => 0,
            () if has("medication") && !has("medicationre") && self.format == Some(Format::Ndjson) => 0,
            () if has("patient") => 2,
            () => 3,
        }
    }
}

fn found(source: &Source, options: &Options) -> io::Result<Vec<Found>> {
    let mut files = Vec::new();
    match &source.0 {
        Where::Path(root) if fs::metadata(root)?.is_dir() => walk(root, Path::new(""), 0, &mut files)?,
        Where::Path(root) => {
            let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push(Found::new(PathBuf::new(), &name));
        }
        Where::Kept(kept) => {
            let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
            files.extend(kept.iter().map(|file| Found::new(PathBuf::from(&file.name), &last(&file.name))));
        }
    }
    files.sort_by(|a, b| (a.rank(options), &a.path).cmp(&(b.rank(options), &b.path)));
    Ok(files)
}

/// Collects the files below a folder. Links are not followed: an import reads the folder it was given. Hidden files
/// are the file manager's.
fn walk(root: &Path, below: &Path, depth: u32, files: &mut Vec<Found>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        let path = below.join(entry.file_name());
        if kind.is_dir() {
            if depth >= DEEPEST_FOLDER {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "folders nested too deep"));
            }
            walk(root, &path, depth + 1, files)?;
        } else if files.len() >= MOST_FILES {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "too many files"));
        } else {
            files.push(Found::new(path, &name));
        }
    }
    Ok(())
}

/// Bytes as they are read; those that begin as gzip does are unpacked, whatever they are called.
pub(crate) fn opened(bytes: Box<dyn Read>) -> io::Result<Box<dyn BufRead>> {
    let mut bytes = BufReader::with_capacity(READ_AHEAD, bytes);
    let zipped = bytes.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    if zipped {
        return Ok(Box::new(BufReader::with_capacity(READ_AHEAD, MultiGzDecoder::new(bytes))));
    }
    Ok(Box::new(bytes))
}
