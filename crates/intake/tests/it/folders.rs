//! Folders and files: order, gzip, names, errors.

use crate::reading::*;
use discreet_intake::*;
use flate2::{Compression, write::GzEncoder};
use std::convert::Infallible;
use std::io::Write;

fn zipped(text: &str) -> Vec<u8> {
    let mut to = GzEncoder::new(Vec::new(), Compression::fast());
    to.write_all(text.as_bytes()).unwrap();
    to.finish().unwrap()
}

#[test]
fn a_folder_of_all_kinds() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("deep")).unwrap();
    let patient = |id: &str| format!("{{\"resourceType\":\"Patient\",\"id\":\"{id}\"}}\n");
    std::fs::write(at("Patient.000.ndjson"), patient("p1")).unwrap();
    // Two members: as some exporters append.
    std::fs::write(at("deep/1.Patient.ndjson.gz"), [zipped(&patient("p2")), zipped(&patient("p3"))].concat())
        .unwrap();
    std::fs::write(at("Rosa_Diaz_1980.json"), patient("p4")).unwrap();
    std::fs::write(at("interests.csv.gz"), zipped("patient,words\np1,walking\n")).unwrap();
    std::fs::write(at("README.txt"), "hello").unwrap();
    std::fs::write(at(".DS_Store"), "x").unwrap();
    std::fs::write(at("z-encounter.ndjson"), "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"subject\":{\"reference\":\"Patient/p1\"},\"status\":\"finished\",\"period\":{\"start\":\"2026\"},\"serviceProvider\":{\"reference\":\"Organization/o\"}}\n").unwrap();
    std::fs::write(
        at("zz-organization.ndjson"),
        "{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"North\"}\n",
    )
    .unwrap();
    let seen = read_path(folder.path(), &options()).quiet();
    let mut ids: Vec<_> = seen
        .records()
        .iter()
        .filter(|r| r.what.kind() == "patient")
        .map(|r| r.subject.value.as_str())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["p1", "p2", "p3", "p4"]);
    assert_eq!(
        shown(seen.event().field("site").unwrap()),
        "North",
        "names are read before what refers to them"
    );
    assert_eq!(seen.report.skipped["file of an unknown type"], 1);
    let names: Vec<_> = seen.report.files.iter().map(|f| f.shown.as_str()).collect();
    let expected = [
        "zz-organization.ndjson",
        "patient.000.ndjson",
        "1.patient.ndjson",
        "file 3",
        "file 4 (.json)",
        "interests.csv",
        "z-encounter.ndjson",
    ];
    assert_eq!(names, expected);
    // The true name is there for those who may see it, as PHI.
    let real = seen
        .items
        .iter()
        .any(|i| matches!(i, Item::File { file: 4, name } if name.expose() == "Rosa_Diaz_1980.json"));
    assert!(real);
    assert!(!format!("{:?}{:?}", seen.items, seen.report).contains("Rosa"));
}

#[test]
fn a_file_that_breaks_off_ends_the_import() {
    let folder = tempfile::tempdir().unwrap();
    let whole = zipped(&"{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n".repeat(5_000));
    std::fs::write(folder.path().join("a.ndjson.gz"), &whole[..whole.len() - 9]).unwrap();
    let mut sink = |_| -> Result<(), Infallible> { Ok(()) };
    let error = read(&Source::at(folder.path()), &options(), &mut sink).unwrap_err();
    assert!(matches!(&error, ReadError::Io { shown, .. } if shown == "a.ndjson"), "{error}");
    let error = read(&Source::at(folder.path().join("nothing-here")), &options(), &mut sink).unwrap_err();
    assert!(error.to_string().starts_with("the source, after line 0:"), "{error}");
}

#[test]
fn the_sink_can_stop_it() {
    let text = "{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n".repeat(10);
    let mut taken = 0;
    let mut sink = |item: Item| {
        taken += usize::from(matches!(item, Item::Record(_)));
        if taken == 3 { Err("enough") } else { Ok(()) }
    };
    let error = read_stream("a.ndjson", Format::Ndjson, text.as_bytes(), &options(), &mut sink).unwrap_err();
    assert!(matches!(error, ReadError::Sink("enough")));
    assert_eq!(taken, 3);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("a.ndjson"), "{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n").unwrap();
    std::os::unix::fs::symlink(other.path(), folder.path().join("link")).unwrap();
    std::os::unix::fs::symlink(other.path().join("a.ndjson"), folder.path().join("b.ndjson")).unwrap();
    assert!(read_path(folder.path(), &options()).records().is_empty());
}
