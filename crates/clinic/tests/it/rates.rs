//! Whether it is believable.

use crate::read::{LARGE, clinic};
use discreet_clinic::{Summary, patient_id};
use std::collections::{HashMap, HashSet};

#[test]
fn rates_are_those_of_a_clinic() {
    let summary = &LARGE.summary;
    let people = &summary.people;
    let check = |what: &str, count: u64, permille: std::ops::RangeInclusive<u64>| {
        let rate = count * 1000 / summary.patients;
        assert!(permille.contains(&rate), "{what}: {rate} of a thousand");
    };
    check("deceased", people.deceased, 9..=22);
    check("inactive", people.inactive, 5..=16);
    check("minors", people.minors, 150..=205);
    check("duplicates and merged", people.duplicates + people.merged, 5..=16);
    check("shared", people.shared_address, 18..=50);
    check("no address", people.no_address, 100..=150);
    check("bad address", people.malformed_address + people.placeholder_address, 6..=17);
    check("opted in", summary.marketing.granted, 550..=640);
    check("withdrawn", summary.marketing.withdrawn, 40..=80);
    check("diabetes overdue", summary.segments[2].records, 15..=60);
    let facts: u64 = summary.facts.values().sum();
    let average = facts as f64 / summary.patients as f64;
    assert!((25.0..31.0).contains(&average), "{average} facts a patient: {:?}", summary.facts);
    for segment in &summary.segments {
        assert!(segment.living >= 11, "{segment:?}");
        assert!(segment.records >= segment.living);
    }
}

#[test]
fn activity_has_a_long_tail() {
    let clinic = &*LARGE;
    let mut each: HashMap<&str, u64> = HashMap::new();
    for row in &clinic.tables["events"] {
        *each.entry(&row["patient"]).or_default() += 1;
    }
    let mut counts: Vec<u64> = each.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let total: u64 = counts.iter().sum();
    let top: u64 = counts.iter().take(250).sum();
    assert!(counts[0] > 200, "busiest {}", counts[0]);
    assert!(
        top * 100 / total > 35,
        "a twentieth of all patients do {} of a hundred things",
        top * 100 / total
    );
}

#[test]
fn problems_go_together() {
    let clinic = &*LARGE;
    let mut has: HashMap<&str, HashSet<&str>> = HashMap::new();
    for condition in &clinic.resources["Condition"] {
        let code = condition["code"]["coding"][0]["code"].as_str().unwrap();
        let patient = condition["subject"]["reference"].as_str().unwrap();
        has.entry(patient).or_default().insert(code.split('.').next().unwrap());
    }
    let rate = |given: &dyn Fn(&HashSet<&str>) -> bool, code: &str| {
        let of: Vec<_> = has.values().filter(|h| given(h)).collect();
        of.iter().filter(|h| h.contains(code)).count() as f64 / of.len() as f64
    };
    let diabetes = rate(&|h| h.contains("E11"), "I10");
    assert!(diabetes > 1.7 * rate(&|h| !h.contains("E11"), "I10"), "{diabetes}");
    assert!(rate(&|h| h.contains("F32"), "F41") > 2.0 * rate(&|h| !h.contains("F32"), "F41"));
    let mut treated = HashMap::new();
    for request in &clinic.resources["MedicationRequest"] {
        let code = request["medicationCodeableConcept"]["coding"][0]["code"].as_str().unwrap();
        treated
            .entry(code)
            .or_insert_with(HashSet::new)
            .insert(request["subject"]["reference"].as_str().unwrap());
    }
    assert!(treated["860975"].iter().all(|p| has[p].contains("E11")), "metformin without diabetes");
    assert!(treated.len() > 25);
}

#[test]
fn fifty_patients_show_everything() {
    for seed in [1, 2, 77] {
        let clinic = clinic(50, seed);
        let Summary { people, marketing, reach, segments, facts, .. } = &clinic.summary;
        for (what, count) in [
            ("duplicate", people.duplicates),
            ("merged", people.merged),
            ("deceased", people.deceased),
            ("inactive", people.inactive),
            ("minor", people.minors),
            ("shared", people.shared_address),
            ("none", people.no_address),
            ("malformed", people.malformed_address),
            ("placeholder", people.placeholder_address),
            ("untidy", people.untidy_address),
            ("month of birth", people.birth_month_only),
            ("withdrawal", marketing.withdrawn),
            ("eligible", reach.eligible),
            ("torn", reach.eligible_but_mailbox_withdrew),
        ] {
            assert!(count > 0, "{what} at seed {seed}");
        }
        for segment in segments.iter().filter(|s| s.name != "Spanish, Medicare or Medicaid") {
            assert!(segment.living > 0, "{} at seed {seed}", segment.name);
        }
        assert!(facts.values().all(|n| *n > 0), "{facts:?}");
        let names = clinic.patients().iter().map(|p| p["name"].to_string());
        assert!(names.filter(|n| !n.is_ascii()).count() > 3);
        assert!(clinic.patients().iter().any(|p| p["name"][1]["use"] == "nickname"));
        let replaced = &clinic.patients()[1]["link"][0]["other"]["reference"];
        assert_eq!(*replaced, format!("Patient/{}", patient_id(0)));
        assert_eq!(clinic.patients()[0]["link"][0]["type"], "replaces");
    }
}
