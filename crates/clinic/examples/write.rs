//! Writes a clinic into a folder: `cargo run --release -p discreet-clinic --example write -- FOLDER [PATIENTS [SEED]]`,
//! and says what is true of it, as JSON.

use discreet_clinic::{Plan, write_folder};
use discreet_domain::{Timestamp, Zone};
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

const NOW: &str = "2026-11-24T15:00:00Z";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let patients = arguments.next().map_or(Ok(20_000), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(42), |text| text.parse())?;
    let plan = Plan { patients, seed, now: Timestamp::parse(NOW)?, zone: Zone::named("America/New_York")? };
    let summary = write_folder(&folder, &plan)?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&summary)?)?;
    Ok(())
}
