//! Writes the bench population: `cargo run --release -p discreet-clinic --example bench_data -- FOLDER [PATIENTS [SEED]]`,
//! and says how many rows there are, as JSON.

use discreet_clinic::bench::write_folder;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let patients = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let rows = write_folder(&folder, patients, seed, &mut |_| {})?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&rows)?)?;
    Ok(())
}
