//! How errors read: `tests/golden/errors.txt` holds inputs, each with everything said about it. A changed text is
//! accepted by running the test with `UPDATE_GOLDEN=1` and reading the difference.

use crate::scope::World;
use discreet_segment::parse;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/errors.txt");
const RULE: &str = "========\n";

/// Everything said about a text: the syntax error, or the errors of `check`, or its hints.
fn said(text: &str, world: &World) -> String {
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err(error) => return error.render(text),
    };
    match parsed.check(world) {
        Err(errors) => errors.iter().map(|error| error.render(text)).collect(),
        Ok(checked) => checked.hints().iter().map(|hint| hint.render(text)).collect(),
    }
}

#[test]
fn errors_read_as_the_golden_file_says() {
    let golden = std::fs::read_to_string(GOLDEN).unwrap();
    let world = World::new();
    let mut now = String::new();
    for block in golden.split(RULE).filter(|block| !block.trim().is_empty()) {
        let input: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        let text = input.join("\n");
        let output = said(&text, &world);
        assert!(!output.is_empty(), "nothing is said about {text}");
        let shown: String = input.iter().map(|line| format!("> {line}\n")).collect();
        now.push_str(&format!("{RULE}{shown}{output}"));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &now).unwrap();
        return;
    }
    assert!(now == golden, "errors changed; now they are:\n{now}");
}

#[test]
fn without_a_table_of_zip_codes_distance_is_refused() {
    let world = World { zips: false, ..World::new() };
    assert_eq!(
        said("zip within 25 miles of 94110", &world),
        "error: distance between ZIP codes is not supported here: there is no table of their places\n  \
         |\n\
         1 | zip within 25 miles of 94110\n  \
         | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  \
         = a list of ZIP codes, or `zip starts with 941`, can be asked\n"
    );
}

#[test]
fn errors_are_data_too() {
    let error = parse("age > 5 adn sex = male").unwrap_err();
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        serde_json::json!({
            "span": {"start": 8, "end": 11},
            "message": "unexpected `adn`",
            "expected": ["`and`", "`or`", "the end"],
            "suggestion": "and",
            "help": null,
        })
    );
    let errors =
        parse("sex = male and not (agee > 5 or missing zip)").unwrap().check(&World::new()).unwrap_err();
    let error = &serde_json::to_value(&errors).unwrap()[0];
    assert_eq!(error["kind"], "unknown_attribute");
    assert_eq!(error["path"], serde_json::json!([1, 0, 0]));
    assert_eq!(error["suggestion"], "age");
}
