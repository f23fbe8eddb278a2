//! Windows of time, in words: "in the last 12 months".

use super::{Control, Given, Wrong};
use crate::staff::form::Form;
use crate::staff::parts::Choice;
use askama::Template;
use discreet_domain::Day;
use discreet_segment::{Length, Unit, Window};

/// Which windows a form offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Offered {
    /// All, and any time.
    All,
    /// All, but one must be chosen.
    Some,
    /// In the last, in the next.
    Birthday,
}

/// The control.
#[derive(Template, Debug)]
#[template(path = "staff/segments/window.html")]
struct Fields {
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    n: String,
    from: String,
    to: String,
    dates: bool,
    problem: Option<String>,
}

const KINDS: [(&str, &str); 7] = [
    ("any_time", "at any time"),
    ("in_last", "in the last"),
    ("in_next", "in the next"),
    ("ago", "more than … ago"),
    ("before", "before"),
    ("after", "after"),
    ("between", "between"),
];

pub(crate) fn control(form: &Form, offered: Offered) -> Control {
    let wanted = |kind: &str| match offered {
        Offered::All => true,
        Offered::Some => kind != "any_time",
        Offered::Birthday => matches!(kind, "in_last" | "in_next"),
    };
    let kinds = KINDS.iter().filter(|(kind, _)| wanted(kind));
    Control::of(Fields {
        kinds: kinds.map(|(kind, title)| Choice::new(form, "w_kind", kind, title)).collect(),
        units: Unit::ALL
            .iter()
            .rev()
            .map(|unit| Choice::new(form, "w_unit", unit.many(), unit.many()))
            .collect(),
        n: form.value("w_n").to_owned(),
        from: form.value("w_from").to_owned(),
        to: form.value("w_to").to_owned(),
        dates: offered != Offered::Birthday,
        problem: form.problem("w_n").or_else(|| form.problem("w_from")).map(str::to_owned),
    })
}

pub(crate) fn blank(form: Form, kind: &str, n: u32, unit: &str) -> Form {
    form.with("w_kind", kind).with("w_n", n.to_string()).with("w_unit", unit)
}

pub(crate) fn said(form: Form, window: Option<Window>) -> Form {
    let length = |form: Form, kind: &str, length: Length| blank(form, kind, length.count, length.unit.many());
    match window {
        None => form.with("w_kind", "any_time"),
        Some(Window::InLast(d)) => length(form, "in_last", d),
        Some(Window::InNext(d)) => length(form, "in_next", d),
        Some(Window::Ago(d)) => length(form, "ago", d),
        Some(Window::Before(day)) => form.with("w_kind", "before").with("w_from", day.to_string()),
        Some(Window::After(day)) => form.with("w_kind", "after").with("w_from", day.to_string()),
        Some(Window::Between(a, b)) => {
            form.with("w_kind", "between").with("w_from", a.to_string()).with("w_to", b.to_string())
        }
    }
}

pub(crate) fn read(given: &Given<'_>) -> Result<Option<Window>, Wrong> {
    let length = || -> Result<Length, Wrong> {
        let unit = Unit::parse(given.get("w_unit"))
            .ok_or_else(|| Wrong::new("w_unit", "Choose days, weeks, months or years"))?;
        let count = given.number("w_n", "how long")?;
        if (1..=unit.most()).contains(&count) {
            Ok(Length { count, unit })
        } else {
            Err(Wrong::new("w_n", format!("Enter a length from 1 to {} {}", unit.most(), unit.many())))
        }
    };
    let day = |name: &str| {
        Day::parse(given.get(name)).map_err(|_| Wrong::new(name, "Enter a date, like 2026-11-24"))
    };
    Ok(Some(match given.get("w_kind") {
        "in_last" => Window::InLast(length()?),
        "in_next" => Window::InNext(length()?),
        "ago" => Window::Ago(length()?),
        "before" => Window::Before(day("w_from")?),
        "after" => Window::After(day("w_from")?),
        "between" => Window::Between(day("w_from")?, day("w_to")?),
        _ => return Ok(None),
    }))
}

pub(crate) fn needed(given: &Given<'_>) -> Result<Window, Wrong> {
    read(given)?.ok_or_else(|| Wrong::new("w_kind", "Choose when"))
}
