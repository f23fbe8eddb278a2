//! The repository's files, read once. Checks look at this and never at the disk, so their tests plant files in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A file or folder.
    #[error("cannot read {path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// `xtask/doors.toml`.
    #[error("{path} does not read: {source}")]
    Toml {
        /// Which file.
        path: String,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
}

/// Files that are read as text; of all others only the path is known.
const TEXT: [&str; 14] =
    ["rs", "toml", "md", "sql", "html", "css", "js", "sh", "yml", "yaml", "json", "mjml", "service", "txt"];
/// Folders that hold nothing of ours.
const SKIPPED: [&str; 4] = ["target", ".git", "node_modules", "proptest-regressions"];
/// Larger texts are data, not prose or code.
const LARGEST_TEXT: u64 = 1 << 20;

/// Every file of the repository.
#[derive(Default)]
pub struct Tree {
    texts: BTreeMap<String, String>,
    paths: BTreeSet<String>,
    checkout: Option<String>,
}

impl Tree {
    /// Reads everything below `root`.
    ///
    /// # Errors
    /// [`Trouble::Io`] for the first folder or file that does not read.
    pub fn read(root: &Path) -> Result<Tree, Trouble> {
        let mut tree = Tree { checkout: root.to_str().map(str::to_owned), ..Tree::default() };
        let mut folders = vec![(root.to_path_buf(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for (name, is_folder) in entries(&folder, &prefix)? {
                let path = format!("{prefix}{name}");
                if is_folder && !SKIPPED.contains(&name.as_str()) {
                    folders.push((folder.join(&name), format!("{path}/")));
                } else if !is_folder && is_text(&name) {
                    tree.read_text(&folder.join(&name), &path)?;
                }
                tree.paths.insert(path);
            }
        }
        Ok(tree)
    }

    fn read_text(&mut self, file: &Path, path: &str) -> Result<(), Trouble> {
        let trouble = |source| Trouble::Io { path: path.to_owned(), source };
        let size = std::fs::metadata(file).map_err(trouble)?.len();
        if size <= LARGEST_TEXT {
            let bytes = std::fs::read(file).map_err(trouble)?;
            self.texts.insert(path.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(())
    }

    /// A tree that exists only in a test.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            let folders = path.match_indices('/').map(|(at, _)| path[..at].to_owned());
            tree.paths.extend(folders);
            tree.paths.insert((*path).to_owned());
            tree.texts.insert((*path).to_owned(), (*text).to_owned());
        }
        tree
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        path.is_empty() || self.paths.contains(path.trim_end_matches('/'))
    }
    /// A file's text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }
    /// All texts, by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
    /// All files and folders.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }
    /// Where the checkout lies on this machine: a path that no file may name.
    pub fn checkout(&self) -> Option<&str> {
        self.checkout.as_deref()
    }
}

fn entries(folder: &Path, prefix: &str) -> Result<Vec<(String, bool)>, Trouble> {
    let trouble = |source| Trouble::Io { path: prefix.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        let kind = entry.file_type().map_err(trouble)?;
        // A symbolic link is neither: nothing behind it is ours to check.
        if kind.is_dir() || kind.is_file() {
            found.push((entry.file_name().to_string_lossy().into_owned(), kind.is_dir()));
        }
    }
    Ok(found)
}

fn is_text(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| TEXT.contains(&ending))
}
