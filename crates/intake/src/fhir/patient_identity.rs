//! Who a Patient resource is about: identifiers, name, contact, address.

use super::elements::{Address, ContactPoint, HumanName, Ident, Period};
use super::lax::{Lax, Number};
use super::patient::{Patient, put};
use super::row::Row;
use crate::limits::{LONGEST_FIELD, LONGEST_ID, LONGEST_SYSTEM, LONGEST_WORD, MOST_IDENTIFIERS, MOST_PHONES};
use crate::reason::{Expected, Reason};
use crate::{text, vocabulary};
use discreet_domain::{Identifier, Identity, PersonName, PostalAddress, Value};
use std::collections::BTreeMap;

/// Most street lines and given names kept.
const MOST_PARTS: usize = 10;

/// Reads the identity; what of the address is an attribute goes into `attributes`.
pub(super) fn identity(
    patient: &Patient<'_>,
    row_id: &Identifier,
    attributes: &mut BTreeMap<String, Value>,
    row: &mut Row<'_, '_>,
) -> Identity {
    for (bad, field) in [
        (patient.identifier.any_bad(), "identifier"),
        (patient.name.any_bad(), "name"),
        (patient.telecom.any_bad(), "telecom"),
        (patient.address.any_bad(), "address"),
    ] {
        if bad {
            row.warn(Reason::bad(field, Expected::List));
        }
    }
    let mut identifiers = vec![row_id.clone()];
    identifiers.extend(mrns(patient, row));
    identifiers.sort_unstable();
    identifiers.dedup();
    identifiers.truncate(MOST_IDENTIFIERS);
    Identity {
        identifiers,
        name: name(patient),
        emails: emails(patient, row),
        phones: phones(patient),
        address: address(patient, attributes, row),
    }
}

/// Identifier systems that are never kept, whatever their type says: SSN, ITIN.
const DROPPED_SYSTEMS: [&str; 4] = [
    "http://hl7.org/fhir/sid/us-ssn",
    "urn:oid:2.16.840.1.113883.4.1",
    "http://hl7.org/fhir/sid/us-itin",
    "urn:oid:2.16.840.1.113883.4.2",
];

/// Medical record numbers, each with the authority that gave it. Where no identifier is typed as one, those without
/// any type: SSNs, driver's licences and passports are typed, or known by their system or form.
fn mrns(patient: &Patient<'_>, row: &Row<'_, '_>) -> Vec<Identifier> {
    let usable = || patient.identifier.each().filter(|id| !DROPPED_SYSTEMS.contains(&id.system.text()));
    let has_type = |id: &Ident<'_>, code: &str| {
        id.kind.good().is_some_and(|kind| kind.coding.each().any(|c| c.code.text() == code))
    };
    let typed: Vec<Identifier> =
        usable().filter(|id| has_type(id, "MR")).filter_map(|id| identifier(id, row)).collect();
    if !typed.is_empty() {
        return typed;
    }
    let untyped = usable().filter(|id| id.kind.is_absent() && !looks_like_ssn(id.value.text()));
    untyped.filter_map(|id| identifier(id, row)).collect()
}

fn identifier(id: &Ident<'_>, row: &Row<'_, '_>) -> Option<Identifier> {
    let value = text::clean_owned(id.value.text(), LONGEST_ID)?;
    let assigner = || id.assigner.good().and_then(|a| text::clean_owned(a.display.text(), LONGEST_SYSTEM));
    let source = text::clean_owned(id.system.text(), LONGEST_SYSTEM)
        .or_else(assigner)
        .unwrap_or_else(|| row.desk.mrn_source());
    Some(Identifier { source, value })
}

pub(crate) fn looks_like_ssn(value: &str) -> bool {
    let shape: String = value.trim().chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    shape == "999-99-9999" || shape == "999 99 9999"
}

/// A period that has an end is over: nothing here knows what day it is, and an address about to end is not worth the
/// risk.
fn is_over(period: &Lax<Period<'_>>) -> bool {
    period.good().is_some_and(|p| !p.end.is_absent())
}

/// Official, then usual, then unmarked; old and maiden names only where there is no other.
fn name(patient: &Patient<'_>) -> PersonName {
    let rank = |name: &&HumanName<'_>| match (is_over(&name.period), name.usage.text()) {
        (false, "official") => 0,
        (false, "usual") => 1,
        (false, "") => 2,
        (false, "temp") => 3,
        (_, "nickname" | "anonymous") => 6,
        (true, _) => 5,
        _ => 4,
    };
    let word = |t: &str| text::clean_owned(t, LONGEST_WORD);
    let all = || patient.name.each();
    let preferred = all()
        .filter(|n| n.usage.text() == "nickname" && !is_over(&n.period))
        .find_map(|n| n.given.each().find_map(|given| word(&given.0)).or_else(|| word(n.text.text())));
    let Some(best) = all().filter(|n| n.usage.text() != "nickname").min_by_key(rank) else {
        return PersonName { preferred, ..PersonName::default() };
    };
    let given: Vec<String> = best.given.each().filter_map(|g| word(&g.0)).take(MOST_PARTS).collect();
    let family = word(best.family.text());
    // A name in one piece is not taken apart: which part is which cannot be told.
    let family = family.or_else(|| word(best.text.text()).filter(|_| given.is_empty()));
    PersonName { family: family.unwrap_or_default(), given, preferred }
}

/// The contact points of one system that are in use, best first: by rank, then by use.
fn contacts<'p, 'a>(patient: &'p Patient<'a>, systems: &[&str], uses: &[&str]) -> Vec<&'p ContactPoint<'a>> {
    let in_use = |c: &&ContactPoint<'_>| {
        systems.contains(&c.system.text()) && c.usage.text() != "old" && !is_over(&c.period)
    };
    let mut contacts: Vec<&ContactPoint<'a>> = patient.telecom.each().filter(in_use).collect();
    let order = |c: &&ContactPoint<'_>| {
        let rank = match c.rank {
            Lax::Good(Number(rank)) if rank >= 1.0 => rank.min(1e6) as u32,
            _ => u32::MAX,
        };
        let usage = uses.iter().position(|u| *u == c.usage.text()).unwrap_or(uses.len());
        (rank, usage)
    };
    contacts.sort_by_key(order);
    contacts
}

fn emails(patient: &Patient<'_>, row: &mut Row<'_, '_>) -> Vec<String> {
    let mut addresses = Vec::new();
    for contact in contacts(patient, &["email"], &["home", "mobile", "", "temp", "work"]) {
        if contact.value.is_bad() {
            row.warn(Reason::bad("telecom.value", Expected::Text));
        }
        row.desk.emails(row.place, contact.value.text(), &mut addresses);
    }
    addresses.into_iter().map(|a| a.as_str().to_owned()).collect()
}

fn phones(patient: &Patient<'_>) -> Vec<String> {
    let contacts = contacts(patient, &["phone", "sms"], &["mobile", "home", "", "temp", "work"]);
    let mut phones: Vec<String> = Vec::new();
    for phone in contacts.into_iter().filter_map(|c| text::clean_owned(c.value.text(), LONGEST_WORD)) {
        if !phones.contains(&phone) && phones.len() < MOST_PHONES {
            phones.push(phone);
        }
    }
    phones
}

/// The current address, home first.
fn address(
    patient: &Patient<'_>,
    attributes: &mut BTreeMap<String, Value>,
    row: &mut Row<'_, '_>,
) -> PostalAddress {
    let rank = |a: &&Address<'_>| match a.usage.text() {
        "home" => 0,
        "" => 1,
        "temp" => 2,
        "work" => 3,
        _ => 4,
    };
    let current = patient.address.each().filter(|a| a.usage.text() != "old" && !is_over(&a.period));
    let Some(best) = current.min_by_key(rank) else { return PostalAddress::default() };
    let word = |t: &str| text::clean_owned(t, LONGEST_WORD);
    let country = word(best.country.text()).map(|c| vocabulary::country(&c));
    let given_state = word(best.state.text());
    let state = given_state.as_deref().and_then(vocabulary::state);
    let domestic = country.as_deref().is_none_or(|c| c == "US");
    if given_state.is_some() && state.is_none() && domestic {
        row.warn(Reason::UnknownState);
    }
    let zip = zip(best, state, domestic, row);
    put(attributes, "city", word(best.city.text()));
    put(attributes, "county", word(best.district.text()));
    put(attributes, "state", state.map(str::to_owned));
    put(attributes, "zip", zip.as_ref().map(|z| z.five.clone()));
    put(attributes, "country", country);
    PostalAddress {
        lines: best
            .line
            .each()
            .filter_map(|l| text::clean_owned(&l.0, LONGEST_FIELD))
            .take(MOST_PARTS)
            .collect(),
        city: word(best.city.text()),
        state: state.map(str::to_owned).or(given_state),
        zip: zip.map(|z| z.full),
    }
}

fn zip(
    address: &Address<'_>,
    state: Option<&str>,
    domestic: bool,
    row: &mut Row<'_, '_>,
) -> Option<vocabulary::ZipCode> {
    let given = address.postal_code.text();
    let zip = vocabulary::zip(given, state).filter(|_| domestic);
    if zip.is_none() && domestic && !given.trim().is_empty() {
        row.warn(Reason::BadZip);
    }
    zip
}
