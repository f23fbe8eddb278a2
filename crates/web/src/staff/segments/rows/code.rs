//! A condition on codes: found by name, ticked, with everything under them or not.

use super::{Control, Given, Knowing, Wrong, window};
use crate::staff::form::Form;
use crate::staff::parts::{self, Choice};
use askama::Template;
use discreet_domain::CodeKind;
use discreet_segment::ast::{Leaf, Tense};
use discreet_segment::outline::Row;
use discreet_segment::{Pattern, Spanned};

pub(super) const fn title(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Condition => "Condition",
        CodeKind::Medication => "Medicine",
        CodeKind::Procedure => "Procedure",
        CodeKind::Immunization => "Immunization",
        CodeKind::Allergy => "Allergy",
        CodeKind::CarePlan => "Care plan",
    }
}

/// Codes chosen, a field to find more, and what was found.
#[derive(Template, Debug)]
#[template(path = "staff/segments/codes.html")]
struct Codes {
    chosen: Vec<Choice>,
    found: Vec<Choice>,
    typed: String,
    search: String,
    problem: Option<String>,
}

/// What was found, by itself.
#[derive(Template, Debug)]
#[template(path = "staff/segments/codes.html", block = "found")]
pub(crate) struct Found {
    found: Vec<Choice>,
    typed: String,
}

fn offers(form: &Form, knowing: &Knowing) -> Vec<Choice> {
    let words = |o: &discreet_app::segments::study::Offer| {
        let name = if o.name.is_empty() { "no name in the data" } else { &o.name };
        format!("{name} · {} · {}", o.pattern.replace(':', " "), knowing.shown(o.count))
    };
    let new = knowing.codes.iter().filter(|o| !form.all("codes").contains(&o.pattern));
    new.map(|o| Choice { value: o.pattern.clone(), label: words(o), hint: None, chosen: false }).collect()
}

pub(crate) fn found(typed: &str, knowing: &Knowing) -> Found {
    Found { found: offers(&Form::default(), knowing), typed: typed.to_owned() }
}

pub(super) fn controls(kind: CodeKind, form: &Form, knowing: &Knowing) -> Vec<Control> {
    let done = matches!(kind, CodeKind::Procedure | CodeKind::Immunization);
    let now = if done { "has had" } else { "has now" };
    let ever = if done { "has had (recorded as past)" } else { "has now or had once" };
    let tenses = [("has", now), ("had", ever)].map(|(value, label)| Choice::new(form, "tense", value, label));
    let mut all = vec![Control::of(parts::select(form, "tense", title(kind), tenses.into()))];
    let name_of = |code: &String| {
        let name = knowing.names.iter().find(|(pattern, _)| pattern == code).map(|(_, name)| name.as_str());
        match name {
            Some(name) if !name.is_empty() => format!("{name} · {}", code.replace(':', " ")),
            _ => code.replace(':', " "),
        }
    };
    let chosen = form.all("codes").iter();
    all.push(Control::of(Codes {
        chosen: chosen
            .map(|c| Choice { value: c.clone(), label: name_of(c), hint: None, chosen: true })
            .collect(),
        found: offers(form, knowing),
        typed: form.value("found").to_owned(),
        search: knowing.search.clone(),
        problem: form.problem("codes").map(str::to_owned),
    }));
    if !knowing.sets.is_empty() {
        let mut sets = vec![Choice::new(form, "set", "", "none")];
        sets.extend(knowing.sets.iter().map(|name| Choice::new(form, "set", name, name)));
        all.push(Control::of(parts::select(form, "set", "Or any code of a set", sets)));
    }
    let not = [Choice::new(form, "negated", "yes", "Only those who do not have it")].into();
    all.push(Control::of(parts::ticks(form, "negated", "The other way round", not)));
    all.push(window::control(form, window::Offered::All));
    all
}

pub(super) fn said(row: &Row) -> Option<Form> {
    let Leaf::Code { tense, codes, onset, .. } = &row.leaf else { return None };
    let mut form = Form::default().with("tense", if *tense == Tense::Has { "has" } else { "had" });
    let texts = codes.iter().filter(|c| matches!(c.node, Pattern::Code(_))).map(|c| c.node.to_string());
    form.set_all("codes", texts.collect());
    let mut sets = codes.iter().filter_map(|c| match &c.node {
        Pattern::Set(name) => Some(name.clone()),
        Pattern::Code(_) => None,
    });
    form.set("set", sets.next().unwrap_or_default());
    if sets.next().is_some() {
        return None;
    }
    if row.negated {
        form.set("negated", "yes");
    }
    Some(window::said(form, onset.as_ref().map(|w| w.node)))
}

pub(super) fn read(kind: CodeKind, given: &Given<'_>) -> Result<Row, Wrong> {
    let tense = if given.get("tense") == "had" { Tense::Had } else { Tense::Has };
    let mut codes: Vec<Spanned<Pattern>> = Vec::new();
    for text in given.all("codes").into_iter().filter(|text| !text.is_empty()) {
        let pattern = serde_json::from_value::<Pattern>(serde_json::Value::String(text.clone()));
        let pattern = pattern
            .map_err(|_| Wrong::new("codes", format!("{text} is no code: write it like icd10:E11*")))?;
        codes.push(pattern.into());
    }
    if !given.get("set").is_empty() {
        codes.push(Pattern::Set(given.get("set").to_owned()).into());
    }
    if codes.is_empty() {
        return Err(Wrong::new("codes", "Find and tick at least one code, or choose a set"));
    }
    let onset = window::read(given)?.map(Spanned::from);
    Ok(Row { leaf: Leaf::Code { tense, kind, codes, onset }, negated: given.negated() })
}
