//! A record as a page shows it: who it is, what is known in words, how careful to be with each line.

use crate::app::{App, Look};
use crate::chart::{Chart, Known};
use crate::error::{AppError, Result};
use crate::open::open_chart;
use discreet_access::{Allowed, ShowPatient};
use discreet_audit::{Reason, Whom};
use discreet_domain::catalog::{BIRTH_DATE, Kind};
use discreet_domain::{
    Catalog, Code, CodeFact, CodeKind, EventFact, Identifier, Identity, Label, Part, PatientId, Phi, System,
    Timestamp, Value, When, label_of,
};
use discreet_policy::AddressStanding;
use discreet_store::{PatientRow, PatientState};
use std::collections::HashMap;

/// Attributes that follow from others, which a page shows already.
const DERIVED: [&str; 3] = ["has_email", "email_domain", "has_phone"];
/// For how long one receipt lets a page open a record, in seconds.
const LOOK_SECONDS: i64 = 60;

/// Who a record is about and how it stands: the head of each of its pages.
#[derive(Clone, Debug)]
pub struct Head {
    /// Whose.
    pub patient: PatientId,
    /// As they are called.
    pub name: String,
    /// The record number shown.
    pub number: Option<String>,
    /// Every number it is known by.
    pub numbers: Vec<String>,
    /// Born.
    pub birth: Option<When>,
    /// The address that is written to.
    pub email: Option<String>,
    /// Known to have died.
    pub deceased: bool,
    /// A current patient.
    pub active: bool,
    /// Under an agreed restriction.
    pub restricted: bool,
    /// How sure the address is.
    pub address: AddressStanding,
    /// Why no mail goes to the address, if it is suppressed.
    pub suppressed: Option<String>,
}

/// An attribute, in words.
#[derive(Clone, Debug)]
pub struct AttributeLine {
    /// Its name in the catalog.
    pub name: String,
    /// For people.
    pub title: String,
    /// Its value.
    pub words: String,
    /// Its value, if it is a date.
    pub date: Option<When>,
    /// How careful to be.
    pub label: Label,
    /// Staff put it right.
    pub corrected: bool,
}

/// A code or an event, in words.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id, in hexadecimal.
    pub id: String,
    /// Its kind, as the catalog names it.
    pub kind: String,
    /// Its kind, for people.
    pub title: String,
    /// When; since when, of what lasts.
    pub at: Option<When>,
    /// Until when, of what lasted.
    pub until: Option<When>,
    /// What.
    pub words: String,
    /// How careful to be.
    pub label: Label,
}

/// A record, opened whole.
#[derive(Clone, Debug)]
pub struct View {
    /// Who.
    pub head: Head,
    /// What is known.
    pub attributes: Vec<AttributeLine>,
    /// What happened and what holds, newest first; what has no date is last.
    pub lines: Vec<Line>,
}

/// A chart with all that was needed to open it.
pub(crate) struct OpenedChart {
    pub(crate) row: PatientRow,
    pub(crate) chart: Chart,
    pub(crate) keys: discreet_vault::PatientKeys,
}

impl App {
    /// The head of a record, for a reason.
    ///
    /// # Errors
    /// No such patient, merged, erased; the database's.
    pub async fn head(
        &self,
        by: &Allowed<ShowPatient>,
        reason: Reason,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<Phi<Head>> {
        let look = look(by, &[Part::Identity, Part::Facts], reason, note);
        let opened = self.open_one(by.action().patient, look, now).await?;
        Ok(Phi::new(self.head_of(&opened).await?))
    }
    /// A record, for a reason.
    ///
    /// # Errors
    /// No such patient, merged, erased; the database's.
    pub async fn view(
        &self,
        by: &Allowed<ShowPatient>,
        reason: Reason,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<Phi<View>> {
        let look = look(by, &[Part::Identity, Part::Facts, Part::Events], reason, note);
        let opened = self.open_one(by.action().patient, look, now).await?;
        let head = self.head_of(&opened).await?;
        let names = self.vocabulary().await?;
        let catalog = self.catalog();
        let facts = &opened.chart.facts;
        let current = facts.attributes.iter().filter(|known| known.is_current());
        let told = current.filter(|known| !DERIVED.contains(&known.fact.name.as_str()));
        let attributes = told
            .filter_map(|known| {
                let (name, value) = (&known.fact.name, known.fact.value.as_ref()?);
                let entry = catalog.attribute(name);
                Some(AttributeLine {
                    name: name.clone(),
                    title: entry.map_or_else(|| name.replace('_', " "), |a| a.title.clone()),
                    words: words_of(value, &names),
                    date: match value {
                        Value::When(when) => Some(*when),
                        _ => None,
                    },
                    label: entry.map_or(Label::L2, |a| a.label),
                    corrected: facts.is_corrected(name),
                })
            })
            .collect();
        let mut lines: Vec<Line> = current_facts(&facts.codes).map(|fact| code_line(fact, &names)).collect();
        let events = opened.chart.chunks.iter().flat_map(|chunk| current_facts(&chunk.events));
        lines.extend(events.map(|fact| event_line(fact, &catalog, &names)));
        let zone = self.zone();
        lines.sort_by_key(|line| std::cmp::Reverse(line.at.map(|at| at.span(&zone).0)));
        Ok(Phi::new(View { head, attributes, lines }))
    }

    /// Records a look and opens what it covers of a live record.
    pub(crate) async fn open_one(
        &self,
        patient: PatientId,
        look: Look<'_>,
        now: Timestamp,
    ) -> Result<OpenedChart> {
        let row = self.store.read().await?.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        live(&row)?;
        let with_events = look.parts.contains(&Part::Events);
        let reader = self.vault.bulk(self.record(look, now).await?);
        let mut reading = self.store.read().await?;
        let row = reading.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        live(&row)?;
        let chunks = if with_events { reading.chunks(&[patient]).await? } else { Vec::new() };
        drop(reading);
        let keys = self.keys_of_one(patient).await?;
        let chart = open_chart(&reader, &keys, &row, chunks, now)?;
        Ok(OpenedChart { row, chart, keys })
    }

    async fn head_of(&self, opened: &OpenedChart) -> Result<Head> {
        let OpenedChart { row, chart, .. } = opened;
        let suppressed = match row.address_tag {
            Some(tag) => self.store.read().await?.suppressions(Some(&[tag])).await?.pop().map(|(_, why)| why),
            None => None,
        };
        let identity = &chart.identity;
        let numbers = numbers(identity);
        Ok(Head {
            patient: row.id,
            name: called(identity),
            number: numbers.first().cloned(),
            numbers,
            birth: birth_of(chart),
            email: identity.emails.first().cloned(),
            deceased: row.deceased,
            active: row.active,
            restricted: row.restricted,
            address: row.address_standing,
            suppressed,
        })
    }
}

pub(crate) fn look<'a>(
    by: &Allowed<ShowPatient>,
    parts: &'a [Part],
    reason: Reason,
    note: Option<&'a str>,
) -> Look<'a> {
    let whom = Whom::One(by.action().patient);
    Look { actor: by.actor(), whom, parts, reason, seconds: LOOK_SECONDS, note }
}

/// A record that another stands for, or that was erased, is not opened.
pub(crate) fn live(row: &PatientRow) -> Result<()> {
    match row.state {
        PatientState::Live => Ok(()),
        PatientState::Merged => Err(AppError::conflict("this record is part of another one now")),
        PatientState::Erased => Err(AppError::conflict("this patient was erased")),
    }
}

pub(crate) fn current_facts<T>(all: &[Known<T>]) -> impl Iterator<Item = &T> {
    all.iter().filter(|known| known.is_current()).map(|known| &known.fact)
}

pub(crate) fn birth_of(chart: &Chart) -> Option<When> {
    let known = chart.facts.attributes.iter().find(|k| k.is_current() && k.fact.name == BIRTH_DATE)?;
    match known.fact.value {
        Some(Value::When(when)) => Some(when),
        _ => None,
    }
}

fn called(identity: &Identity) -> String {
    let name = &identity.name;
    let first = name.preferred.as_ref().or_else(|| name.given.first());
    let words: Vec<&str> =
        first.into_iter().chain([&name.family]).map(|word| word.trim()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() { "No name on record".to_owned() } else { words.join(" ") }
}

/// Record numbers first, then the ids that sources gave.
fn numbers(identity: &Identity) -> Vec<String> {
    let is_number = |id: &&Identifier| id.source.ends_with("/mrn");
    let (first, rest): (Vec<&Identifier>, Vec<&Identifier>) =
        identity.identifiers.iter().partition(is_number);
    first.into_iter().chain(rest).map(|id| id.value.clone()).collect()
}

/// A code system as people write it.
fn system(system: &System) -> &str {
    match system {
        System::Icd10 => "ICD-10",
        System::Snomed => "SNOMED CT",
        System::Loinc => "LOINC",
        System::RxNorm => "RxNorm",
        System::Cvx => "CVX",
        System::Cpt => "CPT",
        System::Hcpcs => "HCPCS",
        System::Ndc => "NDC",
        System::Local => "local code",
        System::Other(uri) => uri,
    }
}

/// A thing with codes: its name, then the first code.
pub(crate) fn named(codes: &[Code], names: &HashMap<Code, String>) -> String {
    let code = codes.first().map(|code| format!("{} {}", system(&code.system), code.value));
    let name = codes.iter().find_map(|code| names.get(code)).cloned();
    match (name, code) {
        (Some(name), Some(code)) => format!("{name} · {code}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => "no code".to_owned(),
    }
}

fn words_of(value: &Value, names: &HashMap<Code, String>) -> String {
    match value {
        Value::Text(text) => text.replace('_', " "),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::When(when) => when.to_string(),
        Value::Code(code) => named(std::slice::from_ref(code), names),
        Value::Set(words) => words.join(", "),
    }
}

const fn title_of(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Condition => "Condition",
        CodeKind::Medication => "Medicine",
        CodeKind::Procedure => "Procedure",
        CodeKind::Immunization => "Immunization",
        CodeKind::Allergy => "Allergy",
        CodeKind::CarePlan => "Care plan",
    }
}

pub(crate) fn label_of_all<'a>(
    codes: impl IntoIterator<Item = &'a Code>,
    at_least: Label,
    restricted: bool,
) -> Label {
    let greatest = codes.into_iter().map(|c| label_of(&c.system, &c.value, false)).max().unwrap_or(at_least);
    if restricted { Label::L4 } else { greatest.max(at_least) }
}

/// How careful to be with a code.
pub(crate) fn label_of_code(fact: &CodeFact) -> Label {
    label_of_all(&fact.codes, Label::L2, fact.restricted)
}
/// How careful to be with an event.
pub(crate) fn label_of_event(fact: &EventFact, catalog: &Catalog) -> Label {
    let at_least = catalog.event(&fact.kind).map_or(Label::L2, |kind| kind.label);
    let codes = fact.fields.iter().filter_map(|(_, value)| match value {
        Value::Code(code) => Some(code),
        _ => None,
    });
    label_of_all(codes, at_least, fact.restricted)
}

fn code_line(fact: &CodeFact, names: &HashMap<Code, String>) -> Line {
    Line {
        id: format!("{:032x}", fact.id.0),
        kind: fact.kind.name().to_owned(),
        title: title_of(fact.kind).to_owned(),
        at: fact.onset,
        until: fact.end,
        words: named(&fact.codes, names),
        label: label_of_code(fact),
    }
}

fn event_line(fact: &EventFact, catalog: &Catalog, names: &HashMap<Code, String>) -> Line {
    let kind = catalog.event(&fact.kind);
    let field = |name: &str| fact.field(name).map(|value| words_of(value, names));
    let words = if fact.kind == "observation" {
        let value = [field("value"), field("unit"), field("text")].into_iter().flatten();
        let value = value.collect::<Vec<_>>().join(" ");
        [field("code"), Some(value)].into_iter().flatten().filter(|w| !w.is_empty()).collect::<Vec<_>>()
    } else {
        let shown = |kind: Kind| kind != Kind::Date;
        let fields = fact
            .fields
            .iter()
            .filter(|(name, _)| kind.and_then(|k| k.field(name)).is_none_or(|field| shown(field.kind)));
        fields.map(|(_, value)| words_of(value, names)).filter(|w| !w.is_empty()).collect()
    };
    Line {
        id: format!("{:032x}", fact.id.0),
        kind: fact.kind.clone(),
        title: kind.map_or_else(|| fact.kind.replace('_', " "), |k| k.title.clone()),
        at: Some(fact.at),
        until: None,
        words: words.join(" · "),
        label: label_of_event(fact, catalog),
    }
}

/// The kinds of lines there are: name and title.
pub fn kinds() -> Vec<(String, String)> {
    let codes = CodeKind::ALL.iter().map(|kind| (kind.name().to_owned(), title_of(*kind).to_owned()));
    let events = Catalog::builtin().events.into_iter().map(|kind| (kind.name, kind.title));
    codes.chain(events).collect()
}
