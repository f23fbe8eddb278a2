//! Rows of `patients.csv`.

use super::events::expected;
use super::plan::bad;
use super::row::{CsvRow, Mapped, value_of};
use crate::fhir::looks_like_ssn;
use crate::limits::{LONGEST_ID, LONGEST_WORD, MOST_PHONES};
use crate::reason::{Expected, Reason};
use crate::record::{Incoming, PatientPart};
use crate::vocabulary::{self, Meaning, payer_of_text};
use crate::{limits, text};
use discreet_domain::catalog::{self, Kind};
use discreet_domain::{Identifier, Identity, PersonName, PostalAddress, Value, When};
use std::borrow::Cow;
use std::collections::BTreeMap;

type Attributes = BTreeMap<String, Value>;

/// A column, and what its words mean.
type Understood = (&'static str, fn(&str) -> Meaning);

pub(super) fn map(row: &mut CsvRow<'_, '_>) -> Mapped {
    let id = row.needed("id")?;
    let subject = row.identifier("id", &id)?;
    match row.status()?.as_deref() {
        None | Some("active") => {}
        Some("entered_in_error" | "deleted") => return row.emit(&subject, Incoming::Gone),
        Some(_) => return Err(bad("status", Expected::Word)),
    }
    let merged_into = match row.text("merged_into")? {
        Some(other) => Some(row.identifier("merged_into", &other)?),
        None => None,
    };
    let (deceased, deceased_at) = death(row)?;
    let active = row.flag("active")?.unwrap_or(true) && merged_into.is_none();
    let mut attributes = Attributes::new();
    let identity = identity(row, &subject, &mut attributes)?;
    person(row, &mut attributes)?;
    others(row, &mut attributes)?;
    let restricted = row.restricted()?;
    let part = PatientPart { identity, attributes, deceased, deceased_at, active, merged_into, restricted };
    row.emit(&subject, Incoming::Patient(Box::new(part)))
}

/// A date of death says that the patient is dead, even one that cannot be read.
fn death(row: &mut CsvRow<'_, '_>) -> Result<(bool, Option<When>), Reason> {
    let said = row.flag("deceased")?;
    let dated = row.text("deceased_date")?.is_some();
    let at = match row.time("deceased_date") {
        Ok(at) => at,
        Err(reason) => {
            row.warn(reason);
            None
        }
    };
    Ok((said == Some(true) || dated, at))
}

fn identity(
    row: &mut CsvRow<'_, '_>,
    subject: &Identifier,
    attributes: &mut Attributes,
) -> Result<Identity, Reason> {
    let mut identifiers = vec![subject.clone()];
    identifiers.extend(mrn(row)?);
    identifiers.sort_unstable();
    let given = row.word("given")?.into_iter();
    let name = PersonName {
        family: row.word("family")?.unwrap_or_default(),
        given: given.collect(),
        preferred: row.word("preferred")?,
    };
    let mut addresses = Vec::new();
    if let Some(cell) = row.text("email")? {
        row.desk.emails(row.place, &cell, &mut addresses);
    }
    let phones = row.text("phone")?.map(|cell| phones(&cell)).unwrap_or_default();
    Ok(Identity {
        identifiers,
        name,
        emails: addresses.iter().map(|a| a.as_str().to_owned()).collect(),
        phones,
        address: address(row, attributes)?,
    })
}

fn mrn(row: &mut CsvRow<'_, '_>) -> Result<Option<Identifier>, Reason> {
    let Some(value) = row.text("mrn")? else { return Ok(None) };
    // Social security numbers in the place of record numbers are not kept.
    if looks_like_ssn(&value) || value.len() > LONGEST_ID {
        row.warn(bad("mrn", Expected::Id));
        return Ok(None);
    }
    let source = row.word("mrn_system")?.unwrap_or_else(|| row.desk.mrn_source());
    Ok(Some(Identifier { source, value: value.into_owned() }))
}

fn phones(cell: &str) -> Vec<String> {
    cell.split([';', '|']).filter_map(|p| text::clean_owned(p, LONGEST_WORD)).take(MOST_PHONES).collect()
}

fn address(row: &mut CsvRow<'_, '_>, attributes: &mut Attributes) -> Result<PostalAddress, Reason> {
    let mut lines: Vec<String> = Vec::new();
    for name in ["address", "address2"] {
        // Looked at before it is cleaned: its breaks are between lines.
        row.text(name)?;
        let raw = row.plan.raw(row.fields, name).unwrap_or("");
        lines.extend(raw.lines().filter_map(|line| text::clean_owned(line, limits::LONGEST_FIELD)));
    }
    let country = row.word("country")?.map(|c| vocabulary::country(&c));
    let domestic = country.as_deref().is_none_or(|c| c == "US");
    let given_state = row.word("state")?;
    let state = given_state.as_deref().and_then(vocabulary::state);
    if given_state.is_some() && state.is_none() && domestic {
        row.warn(Reason::UnknownState);
    }
    let given_zip = row.text("zip")?;
    let zip = given_zip.as_deref().and_then(|zip| vocabulary::zip(zip, state)).filter(|_| domestic);
    if given_zip.is_some() && zip.is_none() && domestic {
        row.warn(Reason::BadZip);
    }
    let city = row.word("city")?;
    let county = row.word("county")?;
    for (name, value) in [
        ("city", city.clone()),
        ("county", county),
        ("state", state.map(str::to_owned)),
        ("zip", zip.as_ref().map(|z| z.five.clone())),
        ("country", country),
    ] {
        put(attributes, name, value);
    }
    Ok(PostalAddress {
        lines,
        city,
        state: state.map(str::to_owned).or(given_state),
        zip: zip.map(|z| z.full),
    })
}

/// The attributes whose words are translated to the catalog's. One that is not understood is left out with a warning.
fn person(row: &mut CsvRow<'_, '_>, attributes: &mut Attributes) -> Result<(), Reason> {
    match row.time(catalog::BIRTH_DATE) {
        Ok(born) => {
            let born = born.map(|when| match when {
                When::At(t) => When::Day(row.desk.options.zone.day_of(t)),
                other => other,
            });
            attributes.extend(born.map(|b| (catalog::BIRTH_DATE.to_owned(), Value::When(b))));
        }
        Err(reason) => row.warn(reason),
    }
    let understood: [Understood; 6] = [
        ("sex", vocabulary::sex),
        ("race", races),
        ("ethnicity", vocabulary::ethnicity),
        ("marital_status", vocabulary::marital_status),
        ("language", vocabulary::language),
        ("payer", payer),
    ];
    for (name, meaning_of) in understood {
        let Some(cell) = row.text(name)? else { continue };
        match meaning_of(&cell) {
            Meaning::Is(word) => put(attributes, name, Some(word)),
            Meaning::Unknown => {}
            Meaning::NotUnderstood => row.warn(bad(name, Expected::Word)),
        }
    }
    for name in ["plan", "provider", "site"] {
        let value = row.word(name)?;
        put(attributes, name, value);
    }
    Ok(())
}

/// One race, or several between semicolons.
fn races(cell: &str) -> Meaning {
    let mut known = Vec::new();
    for part in cell.split([';', '|']) {
        match vocabulary::race(part) {
            Meaning::Is(race) => known.push(race),
            Meaning::Unknown => {}
            Meaning::NotUnderstood => return Meaning::NotUnderstood,
        }
    }
    vocabulary::races_joined(known).map_or(Meaning::Unknown, Meaning::Is)
}

fn payer(cell: &str) -> Meaning {
    payer_of_text(cell, true).map_or(Meaning::NotUnderstood, |kind| Meaning::Is(kind.to_owned()))
}

/// Sets, and attributes the organization added to the catalog.
fn others(row: &mut CsvRow<'_, '_>, attributes: &mut Attributes) -> Result<(), Reason> {
    let plan = row.plan;
    let extra = plan.extra.iter().map(|name| Cow::Borrowed(name.as_str()));
    let sets = ["interests", "values", "lifestyle"].into_iter().map(Cow::Borrowed);
    for name in sets.chain(extra) {
        let Some(cell) = row.text(&name)? else { continue };
        let kind = row.desk.options.catalog.attribute(&name).map_or(Kind::Text, |a| a.kind);
        match value_of(kind, &cell, row) {
            Some(value) => {
                attributes.insert(name.into_owned(), value);
            }
            None => row.warn(bad(&name, expected(kind))),
        }
    }
    Ok(())
}

fn put(attributes: &mut Attributes, name: &str, value: Option<String>) {
    if let Some(value) = value {
        attributes.insert(name.to_owned(), Value::Text(value));
    }
}
