//! NDJSON and Bundles: `cargo fuzz run fhir seeds`
#![no_main]

use discreet_domain::Zone;
use discreet_intake::{Format, Item, Options, read_stream};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = Options::new(Zone::utc());
    for format in [Format::Ndjson, Format::Json] {
        let mut sink = |_: Item| -> Result<(), ()> { Ok(()) };
        let _ = read_stream("a", format, bytes, &options, &mut sink);
    }
});
