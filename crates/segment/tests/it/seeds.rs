//! The fuzzer's seeds as a plain test: each does what its name says.

use crate::round_trip::reads;
use discreet_segment::parse;

#[test]
fn seeds_do_what_their_names_say() {
    let mut seeds = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
        reads(&text);
        match parse(&text) {
            Ok(parsed) => assert!(name.starts_with("valid_"), "{name} reads as {parsed}"),
            Err(error) => assert!(name.starts_with("broken_"), "{name}: {}", error.render(&text)),
        }
        seeds += 1;
    }
    assert!(seeds >= 60, "{seeds}");
}
