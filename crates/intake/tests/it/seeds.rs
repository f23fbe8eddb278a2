//! The fuzzer's seeds, as a plain test: each is read in every format and must only not panic. `fuzz/` is a crate of its
//! own for `cargo fuzz`.

use crate::reading::*;
use discreet_intake::*;
use std::path::Path;

#[test]
fn seeds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for format in [Format::Ndjson, Format::Json, Format::Csv] {
            for spec in &KINDS {
                read_bytes(&format!("{}.csv", spec.name), format, &bytes, &options());
                if format != Format::Csv {
                    break;
                }
            }
        }
        count += 1;
    }
    assert!(count >= 20, "{count}");
}
