//! The demo's segments, asked of the files by comparing strings: a third opinion beside the generator's and the
//! engine's. Now is ten in the morning in New York, in winter; half a year ago it was summer.

use crate::read::{Clinic, LARGE, NOW, born, is_merged, is_minor};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

const TOMORROW: &str = "2026-11-25";
const IN_14_DAYS: &str = "2026-12-08T15:00:00Z";
const IN_90_DAYS: &str = "2027-02-22T15:00:00Z";
const MONTHS_AGO_6: &str = "2026-05-24T14:00:00Z";
const MONTHS_AGO_12: &str = "2025-11-24T15:00:00Z";
const MONTHS_AGO_18: &str = "2025-05-24T14:00:00Z";
const DATE_12_MONTHS_AGO: &str = "2025-11-24";
const DATE_24_MONTHS_AGO: &str = "2024-11-24";

/// Ids of patients, those of merged records replaced.
type Ids = HashSet<String>;

struct Asked<'a> {
    clinic: &'a Clinic,
    survivors: HashMap<String, String>,
}

impl Asked<'_> {
    fn of(clinic: &Clinic) -> Asked<'_> {
        let merged = clinic.patients().iter().filter(|p| is_merged(p));
        let link = |p: &Value| (text(&p["id"]), id_of(&p["link"][0]["other"]));
        Asked { clinic, survivors: merged.map(link).collect() }
    }
    fn whose(&self, id: &str) -> String {
        self.survivors.get(id).map_or(id, String::as_str).to_owned()
    }
    /// Whose resources of a kind pass a test.
    fn having(&self, name: &str, test: impl Fn(&Value) -> bool) -> Ids {
        let subject = |r: &Value| {
            let fields = [&r["subject"], &r["participant"][0]["actor"], &r["beneficiary"]];
            self.whose(&id_of(fields.into_iter().find(|f| f.is_object()).unwrap()))
        };
        self.clinic.resources[name].iter().filter(|r| test(r)).map(subject).collect()
    }
    /// Whose rows of a table pass a test.
    fn with_row(&self, name: &str, test: impl Fn(&HashMap<String, String>) -> bool) -> Ids {
        self.clinic.tables[name].iter().filter(|r| test(r)).map(|r| self.whose(&r["patient"])).collect()
    }
    fn with_word(&self, attribute: &str, wanted: &[&str]) -> Ids {
        self.with_row("interests", |r| {
            r["attribute"] == attribute && r["words"].split(';').any(|w| wanted.contains(&w))
        })
    }
    /// Whose last word on the newsletter was yes.
    fn subscribed(&self) -> Ids {
        let mut last: HashMap<String, (&str, bool)> = HashMap::new();
        let rows = self.clinic.tables["consents"].iter();
        for row in rows.filter(|r| r["topic"] == "newsletter" && r["channel"] == "email") {
            let said = (row["time"].as_str(), row["action"] == "granted");
            let word = last.entry(self.whose(&row["patient"])).or_insert(said);
            *word = (*word).max(said);
        }
        last.into_iter().filter(|(_, (_, yes))| *yes).map(|(id, _)| id).collect()
    }
    fn booked(&self, until: &str) -> Ids {
        self.having("Appointment", |r| r["status"] == "booked" && within(&r["start"], NOW, until))
    }
    /// How many records pass a test of the patient and its id.
    fn count(&self, test: impl Fn(&Value, &str) -> bool) -> u64 {
        self.clinic.count(|p| !is_merged(p) && test(p, p["id"].as_str().unwrap()))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
fn id_of(reference: &Value) -> String {
    text(&reference["reference"]).split('/').nth(1).unwrap().to_owned()
}
fn code(resource: &Value) -> &str {
    resource["code"]["coding"][0]["code"].as_str().unwrap()
}
fn within(value: &Value, from: &str, to: &str) -> bool {
    value.as_str().is_some_and(|t| t >= from && t < to)
}
fn counted(name: &str) -> u64 {
    LARGE.summary.segments.iter().find(|s| s.name == name).unwrap().records
}

#[test]
fn outdoors_and_walkers() {
    let asked = Asked::of(&LARGE);
    let interested = asked.with_word("interests", &["walking", "gardening", "healthy_aging", "heart_health"]);
    let active = asked.with_word("lifestyle", &["active", "outdoors"]);
    let found = asked.count(|p, id| !is_minor(p) && (interested.contains(id) || active.contains(id)));
    assert_eq!(counted("Adults who like to be outdoors"), found);

    let walking = asked.with_word("interests", &["walking"]);
    let clicked = asked.with_row("events", |r| r["kind"] == "email_click" && *r["time"] >= *MONTHS_AGO_12);
    let subscribed = asked.subscribed();
    let found = asked.count(|_, id| walking.contains(id) && subscribed.contains(id) && clicked.contains(id));
    assert_eq!(counted("Newsletter readers who like walking"), found);
}

#[test]
fn gaps_in_care() {
    let asked = Asked::of(&LARGE);
    let diabetes = asked.having("Condition", |r| {
        code(r).starts_with("E11") && r["clinicalStatus"]["coding"][0]["code"] == "active"
    });
    let tested = asked
        .having("Observation", |r| code(r) == "4548-4" && within(&r["effectiveDateTime"], MONTHS_AGO_6, NOW));
    let found = asked.count(|_, id| diabetes.contains(id) && !tested.contains(id));
    assert_eq!(counted("Diabetes, A1c overdue"), found);

    let mammogram = asked.having("Procedure", |r| {
        code(r) == "77067" && within(&r["performedDateTime"], DATE_24_MONTHS_AGO, TOMORROW)
    });
    let found = asked.count(|p, id| {
        let (first, last) = born(p);
        let aged = first.as_str() > "1951-11-24" && last.as_str() <= "1976-11-24";
        p["gender"] == "female" && aged && !mammogram.contains(id)
    });
    assert_eq!(counted("Women 50–74 due for a mammogram"), found);
}

#[test]
fn visits_coming_and_missed() {
    let asked = Asked::of(&LARGE);
    let soon = asked.booked(IN_14_DAYS);
    assert_eq!(counted("Booked in the next 14 days"), asked.count(|_, id| soon.contains(id)));

    let seen = asked.having("Encounter", |r| within(&r["period"]["start"], MONTHS_AGO_18, NOW));
    let coming = asked.booked(IN_90_DAYS);
    let found = asked.count(|p, id| !is_minor(p) && !seen.contains(id) && !coming.contains(id));
    assert_eq!(counted("No visit in 18 months"), found);
}

#[test]
fn parents_and_spanish_speakers() {
    let asked = Asked::of(&LARGE);
    let said = asked.with_word("lifestyle", &["new_parent"]);
    let births = asked.having("Condition", |r| {
        code(r) == "Z39.2"
            && r["verificationStatus"]["coding"][0]["code"] != "entered-in-error"
            && within(&r["onsetDateTime"], DATE_12_MONTHS_AGO, TOMORROW)
    });
    let found = asked.count(|_, id| said.contains(id) || births.contains(id));
    assert_eq!(counted("New parents"), found);

    let public = asked
        .having("Coverage", |r| ["1", "2", "14"].contains(&r["type"]["coding"][0]["code"].as_str().unwrap()));
    let found = asked
        .count(|p, id| p["communication"][0]["language"]["coding"][0]["code"] == "es" && public.contains(id));
    assert_eq!(counted("Spanish, Medicare or Medicaid"), found);
}
