//! How the columns of one file are read: its header laid against our columns, by our own names or by a mapping.

use super::rows::Fields;
use super::table::{DERIVED, Kind, KindSpec};
use crate::limits::{LONGEST_EVIDENCE, LONGEST_FIELD};
use crate::mapping::FileRule;
use crate::reason::{Expected, Field, FileProblem, Reason};
use crate::{DateOrder, text};
use discreet_domain::{Catalog, catalog};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Longest header that is shown in a warning.
const LONGEST_HEADER: usize = 40;

/// Where a column of ours comes from.
#[derive(Debug)]
enum From {
    Column(usize),
    Constant(String),
}

/// A column of ours.
#[derive(Debug)]
struct Slot {
    name: Cow<'static, str>,
    from: From,
    values: BTreeMap<String, String>,
    /// The names file in which the cell is looked up.
    lookup: Option<String>,
}

/// How a file is read.
#[derive(Debug)]
pub(crate) struct Plan {
    pub spec: &'static KindSpec,
    pub dates: DateOrder,
    /// How many fields a row must have.
    pub width: usize,
    slots: Vec<Slot>,
    /// Slots that are attributes or event fields of the catalog and no columns of the table.
    pub extra: Vec<String>,
}

/// A plan, and what of the header is not in it.
pub(crate) struct Planned {
    pub plan: Plan,
    pub warnings: Vec<Reason>,
}

impl Plan {
    /// Lays a header against our columns.
    pub fn of(
        spec: &'static KindSpec,
        header: &Fields,
        rule: Option<&FileRule>,
        catalog: &Catalog,
    ) -> Result<Planned, FileProblem> {
        let mut plan = Plan {
            spec,
            dates: rule.map_or(DateOrder::Iso, |rule| rule.dates),
            width: header.len(),
            slots: Vec::new(),
            extra: Vec::new(),
        };
        let mut unknown = Vec::new();
        for (at, title) in header.iter().enumerate() {
            plan.column(at, title.trim().trim_start_matches('\u{feff}'), rule, catalog, &mut unknown)?;
        }
        // A constant stands in for a column that the file does not have.
        let constants = rule.into_iter().flat_map(|rule| &rule.constants);
        for (name, value) in constants.filter(|(name, _)| !header_fills(header, rule, name)) {
            plan.add(name, From::Constant(value.clone()), rule, catalog, &mut unknown)?;
        }
        let missing: Vec<String> =
            spec.required.iter().filter(|r| plan.slot(r).is_none()).map(|r| wanted(r, rule)).collect();
        // Headers are named in warnings only if this is a header at all, and not a first row of data.
        if missing.is_empty() {
            Ok(Planned { plan, warnings: unknown })
        } else {
            Err(FileProblem::MissingColumns { names: missing })
        }
    }

    fn column(
        &mut self,
        at: usize,
        title: &str,
        rule: Option<&FileRule>,
        catalog: &Catalog,
        unknown: &mut Vec<Reason>,
    ) -> Result<(), FileProblem> {
        let Some(rule) = rule else {
            let name = text::word(title);
            return self.add(&name, From::Column(at), None, catalog, unknown);
        };
        match rule.targets(title) {
            Some(names) => {
                for name in names {
                    self.add(name, From::Column(at), Some(rule), catalog, unknown)?;
                }
            }
            None if rule.ignores(title) => {}
            None => unknown.push(Reason::UnknownColumn { field: shown(title, at) }),
        }
        Ok(())
    }

    fn add(
        &mut self,
        name: &str,
        from: From,
        rule: Option<&FileRule>,
        catalog: &Catalog,
        unknown: &mut Vec<Reason>,
    ) -> Result<(), FileProblem> {
        let at = match &from {
            From::Column(at) => *at,
            From::Constant(_) => usize::MAX,
        };
        let name: Cow<'static, str> = match self.spec.columns().find(|column| *column == name) {
            Some(column) => Cow::Borrowed(column),
            None if self.spec.kind == Kind::Patients && DERIVED.contains(&name) => {
                unknown.push(Reason::DerivedColumn { field: Cow::Owned(name.to_owned()) });
                return Ok(());
            }
            None if self.spec.open && is_in_catalog(self.spec.kind, name, catalog) => {
                self.extra.push(name.to_owned());
                Cow::Owned(name.to_owned())
            }
            None => {
                unknown.push(Reason::UnknownColumn { field: shown(name, at) });
                return Ok(());
            }
        };
        if self.slot(&name).is_some() {
            return Err(FileProblem::RepeatedColumn { name: name.into_owned() });
        }
        let values = rule.and_then(|r| r.values.get(name.as_ref())).cloned().unwrap_or_default();
        let lookup = rule.and_then(|r| r.lookup.get(name.as_ref())).cloned();
        self.slots.push(Slot { name, from, values, lookup });
        Ok(())
    }

    fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }

    /// The names file a column is looked up in.
    pub fn lookup(&self, name: &str) -> Option<&str> {
        self.slot(name)?.lookup.as_deref()
    }

    /// The cell of a column as it stands, with its breaks.
    pub fn raw<'f>(&'f self, fields: &'f Fields, name: &str) -> Option<&'f str> {
        match &self.slot(name)?.from {
            From::Column(at) => fields.get(*at),
            From::Constant(value) => Some(value),
        }
    }

    /// The cell of a column, cleaned; none if it is empty.
    pub fn cell<'f>(&'f self, fields: &'f Fields, name: &str) -> Result<Option<Cow<'f, str>>, Reason> {
        let Some(raw) = self.raw(fields, name) else { return Ok(None) };
        let longest = if name == "evidence" { LONGEST_EVIDENCE } else { LONGEST_FIELD };
        match text::clean(raw, longest) {
            None if text::too_long(raw, longest) => Err(bad(name, Expected::Text)),
            Some(cell) if matches!(cell.as_ref(), "NULL" | "\\N") => Ok(None),
            cell => Ok(cell),
        }
    }

    /// What the mapping makes of a cell; itself if it says nothing.
    pub fn translated<'f>(&'f self, name: &str, cell: Cow<'f, str>) -> Cow<'f, str> {
        let values = self.slot(name).map(|slot| &slot.values);
        let Some(values) = values.filter(|values| !values.is_empty()) else { return cell };
        values.get(&cell.to_lowercase()).map_or(cell, |to| Cow::Borrowed(to.as_str()))
    }
}

pub(crate) fn bad(name: &str, expected: Expected) -> Reason {
    Reason::Bad { field: Cow::Owned(name.to_owned()), expected }
}

fn is_in_catalog(kind: Kind, name: &str, catalog: &Catalog) -> bool {
    match kind {
        Kind::Patients => catalog.attribute(name).is_some(),
        // The code of an event comes with its system in a column beside it.
        Kind::Events => name == "system" || catalog.events.iter().any(|event| event.field(name).is_some()),
        _ => false,
    }
}

fn header_fills(header: &Fields, rule: Option<&FileRule>, name: &str) -> bool {
    let targets = |title: &str| rule.and_then(|rule| rule.targets(title.trim()));
    header.iter().any(|title| targets(title).is_some_and(|names| names.iter().any(|n| n == name)))
}

/// What a missing column is called in the file: by the mapping if it names it.
fn wanted(name: &str, rule: Option<&FileRule>) -> String {
    match rule.and_then(|rule| rule.title_of(name)) {
        Some(title) => format!("{title} (for {name})"),
        None => name.to_owned(),
    }
}

/// A header, if it looks like one; else its number. A file without a header row would show data here.
pub(crate) fn shown(title: &str, at: usize) -> Field {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '(' | ')' | '/' | '#');
    let digits = title.chars().filter(char::is_ascii_digit).count();
    let looks = title.len() <= LONGEST_HEADER
        && title.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && title.chars().all(plain)
        && digits <= 2;
    Cow::Owned(if looks { format!("`{title}`") } else { format!("number {}", at.saturating_add(1)) })
}

/// Whether a name can be a column at all, for the check of mappings.
pub(crate) fn may_be_column(spec: &KindSpec, name: &str) -> bool {
    let word =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    spec.columns().any(|column| column == name) || (spec.open && word && name != catalog::AGE)
}
