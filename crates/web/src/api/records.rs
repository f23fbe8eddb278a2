//! What programs send in: patients, facts, events, consents, in batches. Each goes the way of an import: matched, merged,
//! sealed; the same again changes nothing. Each item is taken or rejected on its own.

use super::body::Json;
use super::guard::Caller;
use super::problem::{Problem, Result};
use crate::site::Site;
use axum::extract::State;
use discreet_access::Import;
use discreet_app::App;
use discreet_app::import::{Imported, MOST_ITEMS, Table};
use discreet_domain::{Cell, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Patients.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patients {
    /// Name of the source; ids are unique within it, and it stays the same.
    #[schema(example = "ehr", pattern = "^[A-Za-z0-9._-]{1,60}$")]
    source: String,
    #[schema(max_items = 1000, min_items = 1)]
    items: Vec<Patient>,
}

/// Coded facts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    /// Name of the source; ids are unique within it, and it stays the same.
    #[schema(example = "ehr", pattern = "^[A-Za-z0-9._-]{1,60}$")]
    source: String,
    #[schema(max_items = 1000, min_items = 1)]
    items: Vec<Fact>,
}

/// Events.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Events {
    /// Name of the source; ids are unique within it, and it stays the same.
    #[schema(example = "ehr", pattern = "^[A-Za-z0-9._-]{1,60}$")]
    source: String,
    #[schema(max_items = 1000, min_items = 1)]
    items: Vec<Event>,
}

/// Opt-ins and opt-outs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consents {
    /// Name of the source; ids are unique within it, and it stays the same.
    #[schema(example = "ehr", pattern = "^[A-Za-z0-9._-]{1,60}$")]
    source: String,
    #[schema(max_items = 1000, min_items = 1)]
    items: Vec<Consent>,
}

/// What is laid out as a row of a table.
trait Texts {
    /// Its columns.
    const COLUMNS: &[&str];
    /// Those that are filled.
    fn values(&self) -> Vec<(&str, &str)>;
}

/// Fields that are texts, laid out as columns of the table of that name. `Debug` shows none.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($needed:ident)*; $($optional:ident)*; $($(#[$more_doc:meta])* $more:ident: $of:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $(pub(crate) $needed: String,)*
            $(#[serde(default)] pub(crate) $optional: Option<String>,)*
            $($(#[$more_doc])* #[serde(default)] pub(crate) $more: $of,)*
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(_)"))
            }
        }
        impl Texts for $name {
            const COLUMNS: &[&str] = &[$(stringify!($needed),)* $(stringify!($optional),)*];
            fn values(&self) -> Vec<(&str, &str)> {
                let mut values = vec![$((stringify!($needed), self.$needed.as_str()),)*];
                $(if let Some(value) = &self.$optional { values.push((stringify!($optional), value)); })*
                values
            }
        }
    };
}

texts! {
    /// A patient. Dates are ISO (`1980-05-06`); yes and no are `true` and `false`.
    Patient {
        id family birth_date;
        mrn mrn_system given preferred sex email phone address address2 city county state zip country language race
        ethnicity marital_status payer plan provider site deceased deceased_date active merged_into restricted status updated;
        /// Attributes of the catalog by name: text, number, boolean, or a list of words.
        attributes: BTreeMap<String, Value>,
    }
}

texts! {
    /// A coded fact. `onset` is when it began or was done.
    Fact {
        patient system code;
        id display onset end status restricted updated;
        /// What kind of fact.
        kind: FactKind,
    }
}

/// Kinds of coded facts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FactKind {
    #[default]
    Condition,
    Medication,
    Procedure,
    Immunization,
    Allergy,
    CarePlan,
}

impl FactKind {
    /// The table, and what it calls the beginning.
    const fn table(self) -> (&'static str, &'static str) {
        match self {
            FactKind::Condition => ("conditions", "onset"),
            FactKind::Medication => ("medications", "start"),
            FactKind::Procedure => ("procedures", "date"),
            FactKind::Immunization => ("immunizations", "date"),
            FactKind::Allergy => ("allergies", "onset"),
            FactKind::CarePlan => ("careplans", "start"),
        }
    }
}

texts! {
    /// An event. `kind` is `appointment`, `encounter`, `observation`, or a kind of the catalog such as `page_view`.
    Event {
        patient kind time;
        id status end class r#type provider site reason system code display value unit text category restricted updated;
        /// Fields of the kind, by name.
        fields: BTreeMap<String, Value>,
    }
}

texts! {
    /// An act of consent: `action` is `granted` or `withdrawn`. An opt-in never overrides a withdrawal made here.
    Consent {
        patient topic channel action time;
        text_version method evidence;
    }
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchResult {
    /// Under which number the log has it.
    import: String,
    /// Items taken, changed or not.
    taken: usize,
    /// Items that were rejected, by their place in the batch.
    rejected: Vec<ItemProblem>,
    /// Opt-ins that were not taken, because a withdrawal stands; left out below 11 for whoever may not see consents.
    #[serde(skip_serializing_if = "Option::is_none")]
    grants_refused: Option<u64>,
    /// What was left out of items that were taken, by reason code.
    warnings: BTreeMap<String, u64>,
}

/// Why an item was rejected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemProblem {
    /// Where in the request.
    #[schema(example = "/items/3")]
    pointer: String,
    /// A stable code.
    #[schema(example = "bad_field")]
    code: String,
    /// The same in words.
    reason: String,
}

/// Tables under way, and which item each of their rows is.
#[derive(Default)]
struct Laid {
    tables: BTreeMap<&'static str, (Table, Vec<usize>)>,
}

impl Laid {
    fn push(&mut self, kind: &'static str, columns: &[String], item: usize, values: &[(&str, &str)]) {
        let (table, items) =
            self.tables.entry(kind).or_insert_with(|| (Table::new(kind, columns.to_vec()), Vec::new()));
        table.push(values.iter().copied());
        items.push(item);
    }
    /// Which item a row is. The first row is on line 2.
    fn item(&self, file: &str, line: u64) -> Option<usize> {
        let (_, items) = self.tables.get(file.strip_suffix(".csv")?)?;
        items.get(usize::try_from(line.checked_sub(2)?).ok()?).copied()
    }
}

fn counted(items: usize) -> Result<()> {
    match items {
        1..=MOST_ITEMS => Ok(()),
        _ => Err(Problem::invalid(format!("a batch has 1 to {MOST_ITEMS} items")).at("/items")),
    }
}

fn columns(own: &[&str], more: BTreeSet<&String>) -> Vec<String> {
    own.iter().map(|name| (*name).to_owned()).chain(more.into_iter().cloned()).collect()
}

/// A value as a cell: text, number, yes or no, or words.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Array(words) => {
            words.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|words| words.join(";"))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// Cells of named values, each name one of `known`.
fn cells<'v>(
    values: &'v BTreeMap<String, Value>,
    known: &[String],
    pointer: &str,
) -> Result<Vec<(&'v str, String)>> {
    let one = |(name, value): (&'v String, &Value)| {
        let at = || format!("{pointer}/{name}");
        if !known.contains(name) {
            return Err(Problem::invalid(format!("there is no `{name}` in the catalog")).at(at()));
        }
        let cell = cell(value).ok_or_else(|| {
            Problem::invalid("a value is text, a number, true or false, or a list of words").at(at())
        })?;
        Ok((name.as_str(), cell))
    };
    values.iter().map(one).collect()
}

async fn import(
    site: &Site,
    caller: &Caller,
    source: &str,
    items: usize,
    laid: Laid,
) -> Result<Json<BatchResult>> {
    let by = caller.leave(site, Import).await?;
    let tables = laid.tables.values().map(|(table, _)| table.clone()).collect();
    let (app, clock, source) = (std::sync::Arc::clone(&site.app), site.clock(), source.to_owned());
    let imported = app.import_rows(by, &source, tables, clock.as_ref()).await?;
    Ok(Json(told(&imported, items, &laid, caller.viewer())))
}

fn told(imported: &Imported, items: usize, laid: &Laid, viewer: Viewer) -> BatchResult {
    let mut rejected: BTreeMap<usize, ItemProblem> = BTreeMap::new();
    for row in &imported.rejected {
        if let Some(item) = laid.item(&row.file, row.line) {
            rejected.entry(item).or_insert_with(|| ItemProblem {
                pointer: format!("/items/{item}"),
                code: row.code.clone(),
                reason: row.reason.clone(),
            });
        }
    }
    BatchResult {
        import: imported.id.to_string(),
        taken: items.saturating_sub(rejected.len()),
        rejected: rejected.into_values().collect(),
        // Of a batch of one, even a zero would tell what the patient said.
        grants_refused: match viewer {
            Viewer::SeesPatients => Some(imported.tally.grants_refused),
            Viewer::SeesNumbers => {
                Cell::of(imported.tally.grants_refused).shown_to(viewer).number().filter(|n| *n > 0)
            }
        },
        warnings: imported.report.warnings.clone(),
    }
}

pub(crate) async fn patients(
    State(site): State<Site>,
    caller: Caller,
    Json(batch): Json<Patients>,
) -> Result<Json<BatchResult>> {
    counted(batch.items.len())?;
    let known = site.app.importable_attributes();
    let more: BTreeSet<&String> = batch.items.iter().flat_map(|item| item.attributes.keys()).collect();
    let columns = columns(Patient::COLUMNS, more);
    let mut laid = Laid::default();
    for (at, item) in batch.items.iter().enumerate() {
        let pointer = format!("/items/{at}/attributes");
        if let Some(twice) = item.attributes.keys().find(|name| Patient::COLUMNS.contains(&name.as_str())) {
            return Err(Problem::invalid("this is a field of its own").at(format!("{pointer}/{twice}")));
        }
        let attributes = cells(&item.attributes, &known, &pointer)?;
        let mut values = item.values();
        values.extend(attributes.iter().map(|(name, value)| (*name, value.as_str())));
        laid.push("patients", &columns, at, &values);
    }
    import(&site, &caller, &batch.source, batch.items.len(), laid).await
}

pub(crate) async fn facts(
    State(site): State<Site>,
    caller: Caller,
    Json(batch): Json<Facts>,
) -> Result<Json<BatchResult>> {
    counted(batch.items.len())?;
    let mut laid = Laid::default();
    for (at, item) in batch.items.iter().enumerate() {
        let (kind, beginning) = item.kind.table();
        let name = |column: &'static str| if column == "onset" { beginning } else { column };
        // What is given and done at once has no end.
        let has_end = item.kind != FactKind::Immunization;
        let columns: Vec<String> =
            Fact::COLUMNS.iter().filter(|c| has_end || **c != "end").map(|c| name(c).to_owned()).collect();
        let values: Vec<(&str, &str)> =
            item.values().into_iter().map(|(c, v)| (if c == "onset" { beginning } else { c }, v)).collect();
        laid.push(kind, &columns, at, &values);
    }
    import(&site, &caller, &batch.source, batch.items.len(), laid).await
}

/// The columns of events that have a table of their own.
fn event_columns(kind: &str) -> (&'static str, &'static [&'static str]) {
    match kind {
        "appointment" => (
            "appointments",
            &[
                "patient",
                "time",
                "id",
                "status",
                "end",
                "type",
                "provider",
                "site",
                "reason",
                "restricted",
                "updated",
            ],
        ),
        "encounter" => (
            "encounters",
            &[
                "patient",
                "time",
                "id",
                "status",
                "end",
                "class",
                "type",
                "provider",
                "site",
                "reason",
                "system",
                "code",
                "display",
                "restricted",
                "updated",
            ],
        ),
        "observation" => (
            "observations",
            &[
                "patient",
                "time",
                "id",
                "status",
                "system",
                "code",
                "display",
                "value",
                "unit",
                "text",
                "category",
                "restricted",
                "updated",
            ],
        ),
        _ => ("events", &["patient", "kind", "time", "id", "restricted", "updated"]),
    }
}

pub(crate) async fn events(
    State(site): State<Site>,
    caller: Caller,
    Json(batch): Json<Events>,
) -> Result<Json<BatchResult>> {
    counted(batch.items.len())?;
    let known = App::event_fields();
    let more: BTreeSet<&String> = batch.items.iter().flat_map(|item| item.fields.keys()).collect();
    let none = Vec::new();
    let mut laid = Laid::default();
    for (at, item) in batch.items.iter().enumerate() {
        let Some((_, fields)) = known.iter().find(|(kind, _)| *kind == item.kind) else {
            return Err(Problem::invalid("there is no such kind of event").at(format!("/items/{at}/kind")));
        };
        let (table, own) = event_columns(&item.kind);
        let own_table = table != "events";
        let fields =
            cells(&item.fields, if own_table { &none } else { fields }, &format!("/items/{at}/fields"))?;
        let columns = columns(own, if own_table { BTreeSet::new() } else { more.clone() });
        let mut values: Vec<(&str, &str)> =
            item.values().into_iter().map(|(c, v)| (if c == "type_" { "type" } else { c }, v)).collect();
        if let Some((name, _)) = values.iter().find(|(name, _)| !own.contains(name) && *name != "kind") {
            let detail = format!("a {} has no `{name}`", item.kind);
            return Err(Problem::invalid(detail).at(format!("/items/{at}/{name}")));
        }
        values.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
        laid.push(table, &columns, at, &values);
    }
    import(&site, &caller, &batch.source, batch.items.len(), laid).await
}

pub(crate) async fn consents(
    State(site): State<Site>,
    caller: Caller,
    Json(batch): Json<Consents>,
) -> Result<Json<BatchResult>> {
    counted(batch.items.len())?;
    let columns = columns(Consent::COLUMNS, BTreeSet::new());
    let mut laid = Laid::default();
    for (at, item) in batch.items.iter().enumerate() {
        laid.push("consents", &columns, at, &item.values());
    }
    import(&site, &caller, &batch.source, batch.items.len(), laid).await
}
