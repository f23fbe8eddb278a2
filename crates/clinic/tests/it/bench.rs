//! The bench population: its averages, its skew, and that it never changes.

use discreet_clinic::bench;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fs;

type Table = Vec<HashMap<String, String>>;

fn population(patients: u32, seed: u64) -> (BTreeMap<String, Table>, String) {
    let dir = tempfile::tempdir().unwrap();
    let counts = bench::write_folder(dir.path(), patients, seed, &mut |_| {}).unwrap();
    let mut hash = Sha256::new();
    let mut tables = BTreeMap::new();
    for (name, count) in counts {
        let bytes = fs::read(dir.path().join(format!("{name}.csv"))).unwrap();
        hash.update(&bytes);
        let rows: Table =
            csv::Reader::from_reader(bytes.as_slice()).deserialize().map(Result::unwrap).collect();
        assert_eq!(rows.len() as u64, count, "{name}");
        tables.insert(name.to_owned(), rows);
    }
    (tables, hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

#[test]
fn averages_and_skew_are_those_of_the_page() {
    let (tables, digest) = population(4000, 1);
    let average = |count: usize| count as f64 / 4000.0;
    let words: usize = tables["interests"].iter().map(|row| row["words"].split(';').count()).sum();
    for (what, found, wanted) in [
        ("conditions", average(tables["conditions"].len()), 3.0),
        ("medications", average(tables["medications"].len()), 2.0),
        ("appointments", average(tables["appointments"].len()), 6.0),
        ("events", average(tables["events"].len()), 15.0),
        ("consents", average(tables["consents"].len()), 2.9),
        ("interests", average(words), 2.4),
    ] {
        assert!((found / wanted - 1.0).abs() < 0.06, "{what}: {found} instead of {wanted}");
    }
    let stopped = tables["medications"].iter().filter(|r| r["status"] == "stopped").count() as f64;
    assert!((stopped / tables["medications"].len() as f64 - 0.333).abs() < 0.03);
    let mut each: HashMap<&str, usize> = HashMap::new();
    tables["events"].iter().for_each(|row| *each.entry(&row["patient"]).or_default() += 1);
    assert!(each.values().any(|n| *n > 250), "busiest {:?}", each.values().max());
    // Pinned: figures are compared across versions of Discreet on this very data.
    assert_eq!(digest, "b37ee3efc505dfa74db317a731f7f24896e6a4dc65a606d3118cb0607b730578");
}

#[test]
fn now_is_fixed_in_the_data() {
    let (tables, _) = population(1500, 2);
    let now = bench::now().to_string();
    assert_eq!(now, "2026-11-01T12:00:00Z");
    for row in &tables["appointments"] {
        assert!(row["status"] != "booked" || row["time"] >= now, "{row:?}");
        assert!(row["time"].as_str() < "2027-01-31", "{row:?}");
    }
    for row in tables["events"].iter().chain(&tables["consents"]) {
        assert!(row["time"] < now, "{row:?}");
    }
    for row in tables["conditions"].iter().filter(|row| !row["end"].is_empty()) {
        assert!(row["end"] >= row["onset"], "{row:?}");
    }
}
