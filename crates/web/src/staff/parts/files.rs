//! A field for files: label, hint, error, control, like any other field.

use super::part;
use crate::staff::form::Form;
use askama::Template;

/// A field for a file, or several.
#[derive(Template, Debug)]
#[template(path = "staff/parts/file.html")]
pub(crate) struct FileField {
    name: &'static str,
    label: &'static str,
    hint: String,
    problem: Option<String>,
    several: bool,
    accept: Option<&'static str>,
    /// Bytes at most, and what is said of more before anything is sent.
    most: Option<(u64, String)>,
}

part!(FileField);

/// A field for a file.
pub(crate) fn file(form: &Form, name: &'static str, label: &'static str) -> FileField {
    let problem = form.problem(name).map(str::to_owned);
    FileField { name, label, hint: String::new(), problem, several: false, accept: None, most: None }
}

impl FileField {
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> FileField {
        self.hint = hint.into();
        self
    }
    pub(crate) fn several(mut self) -> FileField {
        self.several = true;
        self
    }
    pub(crate) fn accept(mut self, kinds: &'static str) -> FileField {
        self.accept = Some(kinds);
        self
    }
    pub(crate) fn most(mut self, bytes: u64, too_large: impl Into<String>) -> FileField {
        self.most = Some((bytes, too_large.into()));
        self
    }
}
