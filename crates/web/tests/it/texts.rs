//! Every text that is asked for exists, and every text that exists is asked for.

use discreet_words::Language;
use std::collections::BTreeSet;
use std::path::Path;

/// Where texts are asked for.
const PLACES: [&str; 3] = ["src/patient", "templates/patient", "../app/src/dispatch/service"];

fn sources() -> String {
    let mut all = std::fs::read_to_string(root("src/site.rs")).unwrap();
    for place in PLACES {
        for file in std::fs::read_dir(root(place)).unwrap() {
            all.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
        }
    }
    all
}

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The names in the file, in order.
fn messages(language: Language) -> Vec<&'static str> {
    let named = |line: &'static str| {
        let (name, _) = line.split_once(" =")?;
        name.starts_with(|c: char| c.is_ascii_lowercase()).then_some(name)
    };
    language.source().lines().filter_map(named).collect()
}

#[test]
fn every_text_that_is_asked_for_exists_and_the_other_way_round() {
    let sources = sources();
    let known: BTreeSet<&str> = messages(Language::English).into_iter().collect();
    for asks in ["say(\"", "fill(\"", "around(\"", "reach(\"", "around_in(\""] {
        for rest in sources.split(asks).skip(1) {
            let name = rest.split('"').next().unwrap();
            if asks == "reach(\"" {
                for way in ["call", "by-letter"] {
                    assert!(known.contains(format!("{name}-{way}").as_str()), "{name}-{way}");
                }
            } else {
                assert!(known.contains(name), "{name}");
            }
        }
    }
    for name in &known {
        let base = name.strip_suffix("-call").or_else(|| name.strip_suffix("-by-letter")).unwrap_or(name);
        let asked = [*name, base].iter().any(|name| sources.contains(&format!("\"{name}\"")));
        // Asked for by the crate itself.
        let own = ["day", "list"].contains(name);
        assert!(asked || own, "nobody asks for `{name}`");
    }
}
