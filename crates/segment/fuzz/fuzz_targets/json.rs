//! Any JSON: a tree that is one in text too, or an error.
#![no_main]

use discreet_segment::{Parsed, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &str| {
    match Parsed::from_json(json) {
        Ok(parsed) => assert_eq!(parse(parsed.text()).expect("its text reads").expr(), parsed.expr()),
        Err(error) => assert!(json.get(error.span.start..error.span.end).is_some()),
    }
});
