//! One event after another: each side with its kind and tests on its fields, how much later, and when the first was.

use super::event::{self, Names, ONE};
use super::{Control, Given, Wrong, window};
use crate::staff::form::Form;
use crate::staff::parts::{self, Choice};
use askama::Template;
use discreet_domain::catalog::{EventKind, Field};
use discreet_segment::ast::{Events, Leaf};
use discreet_segment::outline::Row;
use discreet_segment::{Length, Spanned, Unit};

/// The tests on the second event.
pub(super) const SECOND: Names = Names { before: "u", join: "u_join" };

/// What most ask first: who came in after a mail.
const USUAL: [&str; 2] = ["email_click", "appointment"];

pub(super) fn blank() -> Form {
    let [first, then] = USUAL;
    let form = Form::default().with("first", first).with("then", then);
    window::blank(form.with("within_n", "14").with("within_unit", "days"), "in_last", 90, "days")
}

pub(super) fn controls(events: &[EventKind], form: &Form) -> Vec<Control> {
    let kinds = |name: &str| events.iter().map(|e| Choice::new(form, name, &e.name, &e.title)).collect();
    let not = [Choice::new(form, "negated", "yes", "Only those for whom this never happened")].into();
    vec![
        Control::of(parts::select(form, "first", "First", kinds("first"))),
        event::tests("The first only where (optional)", &fields(events, form.value("first")), ONE, form),
        window::control(form, window::Offered::All),
        Control::of(parts::select(form, "then", "Then", kinds("then"))),
        event::tests("The second only where (optional)", &fields(events, form.value("then")), SECOND, form),
        Control::of(Within::of(form)),
        Control::of(parts::ticks(form, "negated", "The other way round", not)),
    ]
}

/// The control that says how much later.
#[derive(Template, Debug)]
#[template(path = "staff/segments/within.html")]
struct Within {
    n: String,
    units: Vec<Choice>,
    problem: Option<String>,
}

impl Within {
    fn of(form: &Form) -> Within {
        let unit = |unit: &Unit| Choice::new(form, "within_unit", unit.many(), unit.many());
        Within {
            n: form.value("within_n").to_owned(),
            units: Unit::ALL.iter().rev().map(unit).collect(),
            problem: form.problem("within_n").or_else(|| form.problem("within_unit")).map(str::to_owned),
        }
    }
}

/// The fields of the kind that is chosen, and then those of the others: without scripts the form does not know when another
/// kind is chosen. A field that the kind has not is refused when the condition is added.
fn fields(events: &[EventKind], chosen: &str) -> Vec<Field> {
    let (those, others): (Vec<&EventKind>, Vec<&EventKind>) = events.iter().partition(|e| e.name == chosen);
    let mut all: Vec<Field> = Vec::new();
    for field in those.into_iter().chain(others).flat_map(|event| &event.fields) {
        if !all.iter().any(|known| known.name == field.name) {
            all.push(field.clone());
        }
    }
    all
}

pub(super) fn said(row: &Row) -> Option<Form> {
    let Leaf::Sequence { first, window, then, within } = &row.leaf else { return None };
    let form = if row.negated { Form::default().with("negated", "yes") } else { Form::default() };
    let form = form.with("first", &first.kind.node).with("then", &then.kind.node);
    let form = form.with("within_n", within.count.to_string()).with("within_unit", within.unit.many());
    let form = event::said_filter(form, first.filter.as_ref(), ONE)?;
    let form = event::said_filter(form, then.filter.as_ref(), SECOND)?;
    Some(window::said(form, window.as_ref().map(|w| w.node)))
}

pub(super) fn read(events: &[EventKind], given: &Given<'_>) -> Result<Row, Wrong> {
    let side = |name: &str, names: Names| -> Result<Events, Wrong> {
        let kind = events.iter().find(|event| event.name == given.get(name));
        let kind = kind.ok_or_else(|| Wrong::new(name, "Choose a kind of event"))?;
        let filter = event::read_filter(given, names)?;
        let has = |field: &str| kind.field(field).is_some();
        if let Some(field) = filter.as_ref().and_then(|filter| event::other_field(filter, &has)) {
            let (field, title) = (field.replace('_', " "), kind.title.to_lowercase());
            return Err(Wrong::new(&names.first(), format!("“{title}” has no “{field}”")));
        }
        Ok(Events { kind: kind.name.as_str().into(), filter })
    };
    let (first, then) = (side("first", ONE)?, side("then", SECOND)?);
    let unit = Unit::parse(given.get("within_unit"))
        .ok_or_else(|| Wrong::new("within_unit", "Choose hours, days, weeks, months or years"))?;
    let count = given.number("within_n", "how much later")?;
    if !(1..=unit.most()).contains(&count) {
        let text = format!("Enter a length from 1 to {} {}", unit.most(), unit.many());
        return Err(Wrong::new("within_n", text));
    }
    let window = window::read(given)?.map(Spanned::from);
    let leaf = Leaf::Sequence { first, window, then, within: Length { count, unit } };
    Ok(Row { leaf, negated: given.negated() })
}
