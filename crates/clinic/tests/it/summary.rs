//! The summary, counted again from the files alone.

use crate::read::{Clinic, LARGE, is_merged, is_minor};
use discreet_domain::EmailAddress;
use serde_json::Value;
use std::collections::HashMap;

/// The summary, counted again from the files alone.
#[test]
fn the_summary_is_true() {
    let clinic = &*LARGE;
    let people = &clinic.summary.people;
    let remaining = |of: &dyn Fn(&Value) -> bool| clinic.count(|p| !is_merged(p) && of(p));
    assert_eq!(people.merged, clinic.count(is_merged));
    assert_eq!(people.records, remaining(&|_| true));
    let dead = |p: &Value| p["deceasedBoolean"] == true || p.get("deceasedDateTime").is_some();
    assert_eq!(people.deceased, remaining(&dead));
    assert_eq!(people.inactive, remaining(&|p| p["active"] == false));
    assert_eq!(people.minors, remaining(&is_minor));
    assert_eq!(people.birth_month_only, remaining(&|p| p["birthDate"].as_str().unwrap().len() == 7));
    let usable = |p: &Value| Clinic::emails(p).into_iter().find_map(|e| EmailAddress::parse(e).ok());
    assert_eq!(people.usable_address, remaining(&|p| usable(p).is_some()));
    assert_eq!(people.no_address, remaining(&|p| Clinic::emails(p).is_empty()));
    assert_eq!(
        people.malformed_address + people.placeholder_address,
        remaining(&|p| !Clinic::emails(p).is_empty() && usable(p).is_none())
    );
    let mut owners: HashMap<String, u64> = HashMap::new();
    for address in clinic.patients().iter().filter(|p| !is_merged(p)).filter_map(usable) {
        *owners.entry(address.folded()).or_default() += 1;
    }
    assert_eq!(people.shared_address, owners.values().filter(|n| **n > 1).sum::<u64>());

    let mut last: HashMap<&str, (&str, bool)> = HashMap::new();
    for row in
        clinic.tables["consents"].iter().filter(|r| r["topic"] == "marketing" && r["channel"] == "email")
    {
        let said = (row["time"].as_str(), row["action"] == "granted");
        let word = last.entry(&row["patient"]).or_insert(said);
        *word = (*word).max(said);
    }
    let says =
        |p: &Value, yes| last.get(p["id"].as_str().unwrap()).is_some_and(|(_, granted)| *granted == yes);
    assert_eq!(clinic.summary.marketing.granted, remaining(&|p| says(p, true)));
    assert_eq!(clinic.summary.marketing.withdrawn, remaining(&|p| says(p, false)));
    let eligible =
        |p: &Value| says(p, true) && usable(p).is_some() && !is_minor(p) && !dead(p) && p["active"] == true;
    assert_eq!(clinic.summary.reach.eligible, remaining(&eligible));
}
