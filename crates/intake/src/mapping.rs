//! Mapping files: how CSV exports with other file names, headers and words are read. TOML; `docs/import.md` describes
//! it, `mappings/synthea.toml` is an example that ships with the program.

use crate::DateOrder;
use crate::csv::{KindSpec, may_be_column, table_of};
use crate::limits::LARGEST_MAPPING;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The mappings that ship with the program, by name.
const SHIPPED: [(&str, &str); 1] = [("synthea", include_str!("../mappings/synthea.toml"))];

/// Why a mapping cannot be used. It is a file of the organization's own making and holds no patient's data, so its
/// names may be shown.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MappingError {
    /// Not TOML, or with keys that mean nothing.
    #[error("not a mapping: {message}")]
    Toml {
        /// What the parser says.
        message: String,
    },
    /// A file of no known kind.
    #[error("`{file}`: unknown kind `{kind}`")]
    UnknownKind {
        /// The file rule's name.
        file: String,
        /// What it says.
        kind: String,
    },
    /// A column that kind of file does not have.
    #[error("`{file}`: files of its kind have no column `{column}`")]
    UnknownColumn {
        /// The file rule's name.
        file: String,
        /// The column.
        column: String,
    },
    /// A look-up in a file that is no names file of this mapping.
    #[error("`{file}`: `{names}` is no file of kind `names` in this mapping")]
    UnknownNames {
        /// The file rule's name.
        file: String,
        /// The names file.
        names: String,
    },
    /// Two rules for one file.
    #[error("two rules for `{file}`")]
    Repeated {
        /// The file.
        file: String,
    },
    /// Larger than the limit.
    #[error("a mapping file larger than {LARGEST_MAPPING} bytes")]
    TooLarge,
}

/// How the files of an export are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What it is for.
    #[serde(default)]
    about: String,
    /// Files that are known and not imported.
    #[serde(default)]
    ignore: Vec<String>,
    /// Rules, one a file.
    #[serde(default, rename = "file")]
    files: Vec<FileRule>,
}

/// How one file is read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileRule {
    /// File name.
    name: String,
    /// Kind: the name of one of our files, without `.csv`.
    kind: String,
    /// Their column → ours.
    #[serde(default)]
    columns: BTreeMap<String, Targets>,
    /// Our column → its value in every row.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Our column → their word → ours.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Our column → the names file in which its cells are ids.
    #[serde(default)]
    pub lookup: BTreeMap<String, String>,
    /// Their columns that are known and not imported; `*` for all others.
    #[serde(default)]
    ignore: Vec<String>,
    /// How dates are written.
    #[serde(default)]
    pub dates: DateOrder,
}

/// How one file is read, as somebody chose it column by column.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, Deserialize)]
pub struct Chosen {
    /// File name.
    pub name: String,
    /// Kind: the name of one of our files, without `.csv`; empty: the file is not imported.
    pub kind: String,
    /// Their column, and those of ours that it fills; none: it is not imported.
    pub columns: Vec<(String, Vec<String>)>,
    /// Our column → its value in every row.
    pub constants: BTreeMap<String, String>,
    /// How dates are written.
    pub dates: DateOrder,
}

/// One column of theirs can fill several of ours.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Targets {
    One(String),
    Several(Vec<String>),
}

impl Targets {
    fn names(&self) -> &[String] {
        match self {
            Targets::One(name) => std::slice::from_ref(name),
            Targets::Several(names) => names,
        }
    }
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// [`MappingError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Mapping, MappingError> {
        if text.len() > LARGEST_MAPPING {
            return Err(MappingError::TooLarge);
        }
        let mut mapping: Mapping =
            toml::from_str(text).map_err(|e| MappingError::Toml { message: e.message().to_owned() })?;
        for rule in &mut mapping.files {
            rule.name = rule.name.to_lowercase();
            for words in rule.values.values_mut() {
                *words =
                    std::mem::take(words).into_iter().map(|(from, to)| (from.to_lowercase(), to)).collect();
            }
            for names in rule.lookup.values_mut() {
                *names = names.to_lowercase();
            }
        }
        mapping.check()?;
        Ok(mapping)
    }

    /// The mapping that somebody chose, column by column.
    ///
    /// # Errors
    /// [`MappingError`] says what is wrong with it.
    pub fn chosen(files: &[Chosen]) -> Result<Mapping, MappingError> {
        let (taken, left): (Vec<&Chosen>, Vec<&Chosen>) =
            files.iter().partition(|file| !file.kind.is_empty());
        let rule = |file: &Chosen| FileRule {
            name: file.name.to_lowercase(),
            kind: file.kind.clone(),
            columns: file
                .columns
                .iter()
                .filter(|(_, ours)| !ours.is_empty())
                .map(|(theirs, ours)| (theirs.clone(), Targets::Several(ours.clone())))
                .collect(),
            constants: file.constants.clone(),
            values: BTreeMap::new(),
            lookup: BTreeMap::new(),
            ignore: vec!["*".to_owned()],
            dates: file.dates,
        };
        let mapping = Mapping {
            about: String::new(),
            ignore: left.into_iter().map(|file| file.name.to_lowercase()).collect(),
            files: taken.into_iter().map(rule).collect(),
        };
        mapping.check()?;
        Ok(mapping)
    }

    /// A mapping that ships with the program.
    pub fn named(name: &str) -> Option<Mapping> {
        let (_, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        Mapping::parse(text).ok()
    }

    /// The names of the mappings that ship with the program.
    pub fn shipped() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// What it is for.
    pub fn about(&self) -> &str {
        &self.about
    }

    fn check(&self) -> Result<(), MappingError> {
        for (at, rule) in self.files.iter().enumerate() {
            let file = || rule.name.clone();
            if self.files.iter().skip(at + 1).any(|other| other.name == rule.name) {
                return Err(MappingError::Repeated { file: file() });
            }
            let Some(spec) = table_of(&rule.kind) else {
                return Err(MappingError::UnknownKind { file: file(), kind: rule.kind.clone() });
            };
            let filled = rule.columns.values().flat_map(Targets::names);
            let named =
                filled.chain(rule.constants.keys()).chain(rule.values.keys()).chain(rule.lookup.keys());
            if let Some(column) = named.into_iter().find(|column| !may_be_column(spec, column)) {
                return Err(MappingError::UnknownColumn { file: file(), column: column.clone() });
            }
            if let Some(names) = rule.lookup.values().find(|names| !self.is_names_file(names)) {
                return Err(MappingError::UnknownNames { file: file(), names: names.clone() });
            }
        }
        Ok(())
    }

    /// Whether a file only tells what ids of other files are called.
    pub(crate) fn is_names_file(&self, name: &str) -> bool {
        self.rule(name).is_some_and(|rule| rule.kind == "names")
    }

    pub(crate) fn rule(&self, name: &str) -> Option<&FileRule> {
        self.files.iter().find(|rule| rule.name == name)
    }

    pub(crate) fn ignores(&self, name: &str) -> bool {
        self.ignore.iter().any(|ignored| ignored.eq_ignore_ascii_case(name))
    }
}

impl FileRule {
    pub fn spec(&self) -> Option<&'static KindSpec> {
        table_of(&self.kind)
    }

    /// Our columns that a column of theirs fills.
    pub fn targets(&self, title: &str) -> Option<&[String]> {
        let found = self.columns.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(title));
        found.map(|(_, targets)| targets.names())
    }

    pub fn ignores(&self, title: &str) -> bool {
        self.ignore.iter().any(|ignored| ignored == "*" || ignored.eq_ignore_ascii_case(title))
    }

    /// The column of theirs that fills one of ours.
    pub fn title_of(&self, ours: &str) -> Option<&str> {
        let found = self.columns.iter().find(|(_, targets)| targets.names().iter().any(|name| name == ours));
        found.map(|(theirs, _)| theirs.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_mappings_parse() {
        for name in Mapping::shipped() {
            assert!(Mapping::named(name).is_some_and(|m| !m.about().is_empty()), "{name}");
        }
        assert!(Mapping::named("nothing").is_none());
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text| Mapping::parse(text).unwrap_err();
        assert!(matches!(error("nonsense = 1"), MappingError::Toml { .. }));
        let kind = error("[[file]]\nname = 'a.csv'\nkind = 'people'");
        assert_eq!(kind.to_string(), "`a.csv`: unknown kind `people`");
        let column = error("[[file]]\nname = 'a.csv'\nkind = 'conditions'\ncolumns = { X = 'colour' }");
        assert_eq!(column.to_string(), "`a.csv`: files of its kind have no column `colour`");
        let names = error("[[file]]\nname='a.csv'\nkind='encounters'\nlookup={ site = 'b.csv' }");
        assert!(matches!(names, MappingError::UnknownNames { .. }));
        let twice = "[[file]]\nname='a.csv'\nkind='names'\n[[file]]\nname='A.csv'\nkind='names'";
        assert!(matches!(error(twice), MappingError::Repeated { .. }));
    }
}
