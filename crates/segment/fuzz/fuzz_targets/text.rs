//! Any text: a tree that prints and reads back as itself, or an error whose place is in the text.
#![no_main]

use discreet_domain::Catalog;
use discreet_segment::{Parsed, SavedSegment, Scope, ValueSet, english, parse};
use libfuzzer_sys::fuzz_target;

struct Builtin(Catalog);

impl Scope for Builtin {
    fn catalog(&self) -> &Catalog {
        &self.0
    }
    fn value_set(&self, _: &str) -> Option<ValueSet> {
        None
    }
    fn segment(&self, _: &str) -> Option<SavedSegment> {
        None
    }
}

fuzz_target!(|text: &str| {
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(text.get(error.span.start..error.span.end).is_some());
            error.render(text);
            return;
        }
    };
    let canonical = parsed.to_string();
    assert_eq!(parse(&canonical).expect("what is printed reads").expr(), parsed.expr());
    assert_eq!(Parsed::from_json(&parsed.to_json()).expect("what is written reads").expr(), parsed.expr());
    english::outline(parsed.expr(), &english::PlainWording);
    if let Err(errors) = parsed.check(&Builtin(Catalog::builtin())) {
        for error in errors {
            assert!(text.get(error.span.start..error.span.end).is_some());
            error.render(text);
        }
    }
});
