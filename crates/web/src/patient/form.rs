//! A form that was not filled in right: what is wrong, beside the field and at the top.

/// Something wrong with a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrong {
    /// The field's id.
    pub(crate) field: &'static str,
    /// What to do, in the reader's language.
    pub(crate) text: String,
}

/// All that is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wrongs(pub(crate) Vec<Wrong>);

impl Wrongs {
    pub(crate) fn add(&mut self, field: &'static str, text: String) {
        self.0.push(Wrong { field, text });
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// What is wrong with this field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.text.as_str())
    }
}
