//! Facts as a small table, for people who read why a test failed.

use crate::moments::Clock;
use discreet_domain::{CodeFact, CodeStatus, EventFact, PatientFacts, Value, When};
use std::fmt::Write;

/// One line for each fact: its kind, what it is, and the rest.
pub fn shown(patient: &PatientFacts) -> String {
    let mut lines =
        Lines(format!("  patient {}, version {}\n", patient.patient.uuid().as_u128(), patient.version));
    for (name, value) in &patient.attributes {
        lines.add("attribute", name, &value_of(value));
    }
    for fact in &patient.codes {
        lines.add(fact.kind.name(), &codes_of(fact), &code_rest(fact));
    }
    for fact in &patient.events {
        lines.add("event", &fact.kind, &event_rest(fact));
    }
    for state in &patient.consents {
        let what = format!("{} by {}", state.topic, state.channel.name());
        lines.add("consent", &what, if state.granted { "granted" } else { "withdrawn" });
    }
    lines.0
}

/// When, and where.
pub fn clock_of(clock: &Clock) -> String {
    let Clock { now, zone } = clock;
    format!("{now}, in {} {} {}", zone.name(), zone.day_of(*now), zone.clock_of(*now))
}

/// Yes, no or unknown.
pub fn truth(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

struct Lines(String);

impl Lines {
    fn add(&mut self, kind: &str, what: &str, rest: &str) {
        writeln!(self.0, "    {kind:<12} {what:<24} {rest}").expect("a text takes text");
    }
}

fn value_of(value: &Value) -> String {
    match value {
        Value::When(when) => when.to_string(),
        Value::Code(code) => code.to_string(),
        other => format!("{other:?}"),
    }
}

fn codes_of(fact: &CodeFact) -> String {
    fact.codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn code_rest(fact: &CodeFact) -> String {
    let time = |when: Option<When>| when.map_or("-".to_owned(), |when| when.to_string());
    let status = if fact.status == CodeStatus::Active { "active" } else { "past" };
    format!("{} to {}, {status}{}", time(fact.onset), time(fact.end), hidden(fact.restricted))
}

fn event_rest(fact: &EventFact) -> String {
    let fields = fact.fields.iter().map(|(name, value)| format!(" {name}={}", value_of(value)));
    format!("{}{}{}", fact.at, fields.collect::<String>(), hidden(fact.restricted))
}

fn hidden(restricted: bool) -> &'static str {
    if restricted { ", restricted" } else { "" }
}
