//! The table of ZIP codes' places, and distances by it. `DISCREET_TEST_GEONAMES` names the `US.txt` that the table is made
//! of; where it is set, every row is held against it.

use crate::scope::World;
use discreet_segment::checked::{Leaf, Node, ValueTest, ZipArea};
use discreet_segment::places::{EARTH_MILES, places};
use discreet_segment::{ZipLookup, limits, parse};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

fn area(zip: &str, miles: f64) -> Arc<ZipArea> {
    match places().area(zip, miles) {
        ZipLookup::Area { area, .. } => area,
        other => panic!("{other:?}"),
    }
}

/// Another formula than the one in use: the angle between two vectors, by its tangent.
fn slow_miles(from: (f64, f64), to: (f64, f64)) -> f64 {
    let vector = |(latitude, longitude): (f64, f64)| {
        let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
        [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
    };
    let ([a, b, c], [x, y, z]) = (vector(from), vector(to));
    let cross = [b * z - c * y, c * x - a * z, a * y - b * x];
    let length = cross.iter().map(|part| part * part).sum::<f64>().sqrt();
    EARTH_MILES * length.atan2(a * x + b * y + c * z)
}

fn zip() -> impl Strategy<Value = String> {
    select(area("67202", 0.0).known.iter().cloned().collect::<Vec<_>>())
}

#[test]
fn the_table_holds_what_it_should() {
    assert_eq!(places().count(), 40_979);
    assert_eq!(places().count(), area("94110", 1.0).known.len());
    for (zip, latitude, longitude) in
        [("94110", 37.7509, -122.4153), ("10001", 40.7484, -73.9967), ("99553", 54.143, -165.7854)]
    {
        let (lat, lon) = places().middle(zip).unwrap();
        assert!((lat - latitude).abs() < 1e-6 && (lon - longitude).abs() < 1e-6, "{zip}: {lat} {lon}");
    }
    for unknown in ["00000", "99999", "9411", "941100", "+9411", "abcde", "09001", ""] {
        assert_eq!(places().middle(unknown), None, "{unknown}");
    }
}

#[test]
fn every_row_of_the_source_is_there() {
    let Some(source) = std::env::var_os("DISCREET_TEST_GEONAMES") else { return };
    let mut seen = BTreeSet::new();
    for line in std::fs::read_to_string(source).unwrap().lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        // A military post office, or a place that the same code had before.
        if fields[4].is_empty() || !seen.insert(fields[1].to_owned()) {
            continue;
        }
        let (latitude, longitude) = places().middle(fields[1]).unwrap();
        let near = |found: f64, text: &str| (found - text.parse::<f64>().unwrap()).abs() < 1e-9;
        assert!(near(latitude, fields[9]) && near(longitude, fields[10]), "{line}");
    }
    assert_eq!(seen, *area("94110", 1.0).known.as_ref());
}

/// Known distances, to a mile: between the middles of downtowns.
#[test]
fn distances_are_those_of_the_map() {
    for (from, to, miles) in [("94103", "95814", 75.0), ("10001", "02108", 188.0), ("10001", "90012", 2446.0)]
    {
        let found = places().miles(from, to).unwrap();
        assert!((found - miles).abs() < 3.0, "{from} {to}: {found}");
    }
    assert_eq!(places().miles("94110", "94110"), Some(0.0));
    assert_eq!(places().miles("94110", "00000"), None);
}

/// A distance of exactly so many miles is inside; the next smaller number of miles leaves it out.
#[test]
fn the_edge_belongs_to_the_area() {
    for (from, to) in [("94110", "94103"), ("94110", "94601"), ("10001", "07030"), ("99553", "99571")] {
        let miles = places().miles(from, to).unwrap();
        assert!(area(from, miles).inside.contains(to), "{from} {to} {miles}");
        assert!(!area(from, miles.next_down()).inside.contains(to), "{from} {to} {miles}");
    }
}

#[test]
fn what_a_patient_has_counts_by_five_digits() {
    let area = area("94110", 5.0);
    for (zip, answer) in [
        ("94110", Some(true)),
        ("94103-1234", Some(true)),
        ("95814", Some(false)),
        ("00000", None),
        ("9411", None),
        ("", None),
    ] {
        assert_eq!(area.holds(zip), answer, "{zip}");
    }
}

#[test]
fn a_zip_code_without_a_place_is_refused_and_a_near_one_named() {
    for (zip, near) in [("94199", Some("94188")), ("94111", None), ("00000", None)] {
        match places().area(zip, 25.0) {
            ZipLookup::Unknown { meant } => assert_eq!(meant.as_deref(), near, "{zip}"),
            ZipLookup::Area { .. } => assert_eq!(zip, "94111"),
            ZipLookup::NoTable => panic!("there is one"),
        }
    }
}

#[test]
fn check_takes_the_area_and_pins_the_table() {
    let world = World { places: true, ..World::new() };
    let checked = parse("zip within 25 miles of 94110").unwrap().check(&world).unwrap();
    let Node::Leaf(Leaf::Attribute { test: ValueTest::Near(found), .. }) = checked.root() else {
        panic!("{:?}", checked.root());
    };
    assert_eq!(found.inside, area("94110", 25.0).inside);
    assert!(found.inside.len() > 100 && found.inside.contains("94601") && !found.inside.contains("95814"));
    assert!(serde_json::to_string(checked.pins()).unwrap().contains("zip_table"));
    for (miles, fits) in
        [("0", false), ("-1", false), ("0.1", true), ("500", true), ("500.1", false), ("x", false)]
    {
        let result = parse(&format!("zip within {miles} miles of 94110")).unwrap().check(&world);
        assert_eq!(result.is_ok(), fits, "{miles}");
    }
    assert_eq!(limits::MILES, 500.0);
}

proptest! {
    /// Both ways the same, and the same by another formula.
    #[test]
    fn distance_is_symmetric_and_true(from in zip(), to in zip()) {
        let miles = places().miles(&from, &to).unwrap();
        prop_assert_eq!(Some(miles), places().miles(&to, &from));
        let slow = slow_miles(places().middle(&from).unwrap(), places().middle(&to).unwrap());
        prop_assert!((miles - slow).abs() < 1e-3, "{} and {}", miles, slow);
    }

}

/// The long way asks about every ZIP code there is: a few areas will do.
const AREAS: u32 = 24;

static MIDDLES: LazyLock<Vec<(String, (f64, f64))>> = LazyLock::new(|| {
    let known = area("94110", 1.0).known.clone();
    known.iter().map(|zip| (zip.clone(), places().middle(zip).unwrap())).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(AREAS))]
    /// An area is what the long way finds, everybody asked; nobody stands on its edge by chance.
    #[test]
    fn areas_are_what_the_long_way_finds(zip in zip(), miles in 0.1..limits::MILES) {
        let middle = places().middle(&zip).unwrap();
        let area = area(&zip, miles);
        prop_assert!(area.inside.contains(&zip));
        for (other, their_middle) in MIDDLES.iter() {
            let slow = slow_miles(middle, *their_middle);
            if (slow - miles).abs() > 1e-3 {
                prop_assert_eq!(area.inside.contains(other), slow < miles, "{} {}", other, slow);
            }
        }
    }
}
