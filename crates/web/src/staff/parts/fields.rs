//! Fields: label, hint, error, control, in this order (UI.md §3).

use super::part;
use crate::staff::form::Form;
use askama::Template;

/// A text field.
#[derive(Template, Debug)]
#[template(path = "staff/parts/field.html")]
pub(crate) struct Field {
    name: String,
    label: String,
    hint: Option<String>,
    problem: Option<String>,
    value: String,
    kind: &'static str,
    /// How a browser fills it in: `username`, `one-time-code`, `off`.
    auto: &'static str,
    mode: Option<&'static str>,
    /// How wide, as a hint at how much goes in: `short`, `medium`, `long`.
    width: &'static str,
    lines: Option<u8>,
    optional: bool,
    mono: bool,
}

/// A field of one line.
pub(crate) fn field(form: &Form, name: &str, label: &str) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: None,
        problem: form.problem(name).map(str::to_owned),
        value: form.value(name).to_owned(),
        kind: "text",
        auto: "off",
        mode: None,
        width: "medium",
        lines: None,
        optional: false,
        mono: false,
    }
}

/// A field for a secret: never filled in again by us.
pub(crate) fn password(form: &Form, name: &str, label: &str, auto: &'static str) -> Field {
    Field { kind: "password", auto, value: String::new(), ..field(form, name, label) }
}

/// A field of several lines.
pub(crate) fn text_area(form: &Form, name: &str, label: &str, lines: u8) -> Field {
    Field { lines: Some(lines), width: "long", ..field(form, name, label) }
}

impl Field {
    pub(crate) fn hint(mut self, hint: &str) -> Field {
        self.hint = Some(hint.to_owned());
        self
    }
    pub(crate) fn kind(mut self, kind: &'static str) -> Field {
        self.kind = kind;
        self
    }
    pub(crate) fn auto(mut self, auto: &'static str) -> Field {
        self.auto = auto;
        self
    }
    pub(crate) fn mode(mut self, mode: &'static str) -> Field {
        self.mode = Some(mode);
        self
    }
    pub(crate) fn width(mut self, width: &'static str) -> Field {
        self.width = width;
        self
    }
    pub(crate) fn optional(mut self) -> Field {
        self.optional = true;
        self
    }
    pub(crate) fn mono(mut self) -> Field {
        self.mono = true;
        self
    }
    fn described(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let problem = self.problem.as_ref().map(|_| format!("{}-error", self.name));
        hint.into_iter().chain(problem).collect::<Vec<_>>().join(" ")
    }
}

/// One of several.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
    pub(crate) chosen: bool,
}

impl Choice {
    pub(crate) fn new(form: &Form, name: &str, value: &str, label: &str) -> Choice {
        Choice { value: value.to_owned(), label: label.to_owned(), hint: None, chosen: form.is(name, value) }
    }
    pub(crate) fn hint(mut self, hint: &str) -> Choice {
        self.hint = Some(hint.to_owned());
        self
    }
}

/// Radios or ticks.
#[derive(Template, Debug)]
#[template(path = "staff/parts/choices.html")]
pub(crate) struct Choices {
    name: String,
    label: String,
    hint: Option<String>,
    problem: Option<String>,
    kind: &'static str,
    choices: Vec<Choice>,
    inline: bool,
}

/// One of a few: radios. Yes or no, among them.
pub(crate) fn yes_or_no(form: &Form, name: &str, label: &str, choices: Vec<Choice>) -> Choices {
    Choices { kind: "radio", ..ticks(form, name, label, choices) }
}

/// Any of a few: ticks.
pub(crate) fn ticks(form: &Form, name: &str, label: &str, choices: Vec<Choice>) -> Choices {
    Choices {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: None,
        problem: form.problem(name).map(str::to_owned),
        kind: "checkbox",
        choices,
        inline: false,
    }
}

impl Choices {
    pub(crate) fn hint(mut self, hint: &str) -> Choices {
        self.hint = Some(hint.to_owned());
        self
    }
    pub(crate) fn inline(mut self) -> Choices {
        self.inline = true;
        self
    }
}

/// One of many.
#[derive(Template, Debug)]
#[template(path = "staff/parts/select.html")]
pub(crate) struct Select {
    name: String,
    label: String,
    hint: Option<String>,
    problem: Option<String>,
    choices: Vec<Choice>,
}

/// A list to choose one from.
pub(crate) fn select(form: &Form, name: &str, label: &str, choices: Vec<Choice>) -> Select {
    let problem = form.problem(name).map(str::to_owned);
    Select { name: name.to_owned(), label: label.to_owned(), hint: None, problem, choices }
}

impl Select {
    pub(crate) fn hint(mut self, hint: &str) -> Select {
        self.hint = Some(hint.to_owned());
        self
    }
}

part!(Field, Choices, Select);
