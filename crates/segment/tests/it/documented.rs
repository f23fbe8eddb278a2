//! The examples of docs/segments.md are segments: each reads, checks, and prints as a text that means the same.

use crate::scope::World;
use discreet_segment::parse;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/segments.md");

/// The examples: blocks of code that are no error. A line that goes on with `and` or `or` belongs to the one before.
fn examples() -> Vec<String> {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let blocks = page.split("```\n").skip(1).step_by(2).filter(|block| !block.starts_with("error:"));
    let mut found: Vec<String> = Vec::new();
    for block in blocks {
        for (at, line) in block.lines().enumerate() {
            let goes_on = at > 0 && (line.starts_with("and ") || line.starts_with("or "));
            match found.last_mut().filter(|_| goes_on) {
                Some(last) => *last = format!("{last}\n{line}"),
                None => found.push(line.to_owned()),
            }
        }
    }
    found
}

#[test]
fn every_example_is_a_segment() {
    let mut world = World { places: true, ..World::new() };
    world.save("Adults who like to be outdoors", "age >= 18 and interests has any (walking, gardening)");
    let examples = examples();
    assert!(examples.len() >= 30, "{examples:?}");
    for text in examples {
        let parsed = parse(&text).unwrap_or_else(|error| panic!("{}", error.render(&text)));
        let checked = parsed.check(&world).unwrap_or_else(|errors| panic!("{}", errors[0].render(&text)));
        let again = parse(&parsed.to_string()).unwrap().check(&world).unwrap();
        assert_eq!(checked.fingerprint(), again.fingerprint(), "{text}");
    }
}
