//! CSV, the first byte choosing the kind: `cargo fuzz run csv seeds`
#![no_main]

use discreet_domain::Zone;
use discreet_intake::{Format, Item, KINDS, Options, read_stream};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else { return };
    let spec = &KINDS[usize::from(*kind) % KINDS.len()];
    let options = Options::new(Zone::utc());
    let mut sink = |_: Item| -> Result<(), ()> { Ok(()) };
    let _ = read_stream(&format!("{}.csv", spec.name), Format::Csv, text, &options, &mut sink);
});
