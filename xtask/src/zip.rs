//! `cargo xtask zip-table`: makes the table of ZIP codes' places of the postal codes of GeoNames
//! (<https://download.geonames.org/export/zip/US.zip>, CC BY 4.0). The format is written where the table is read:
//! crates/segment/src/places.rs. The same file always makes the same table.

use std::collections::BTreeMap;
use std::path::Path;

const TABLE: &str = "crates/segment/data/zip.bin";
const BITMAP: usize = 100_000 / 8;

/// Reads GeoNames' `US.txt` and writes the table.
pub fn run(root: &Path, source: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(source).map_err(|e| format!("{}: {e}", source.display()))?;
    let places = read(&text)?;
    let table = write(&places);
    std::fs::write(root.join(TABLE), &table).map_err(|e| format!("{TABLE}: {e}"))?;
    Ok(format!("{TABLE}: {} ZIP codes, {} bytes", places.len(), table.len()))
}

/// Latitude and longitude as the table has them, by ZIP code.
fn read(text: &str) -> Result<BTreeMap<u32, (u32, u32)>, String> {
    let mut places = BTreeMap::new();
    for line in text.lines() {
        let wrong = || format!("no postal code of GeoNames: {line}");
        let mut fields = line.split('\t');
        let mut field = |at: usize| fields.nth(at).ok_or_else(wrong);
        // country, postal code, place, state's name, state, county and its code, community and its code, latitude, longitude
        let (_, zip, state) = (field(0)?, field(0)?, field(2)?);
        let (latitude, longitude) = (field(4)?, field(0)?);
        // Without a state it is a military post office, which may be anywhere.
        if state.is_empty() {
            continue;
        }
        let zip: u32 = zip.parse().ok().filter(|_| zip.len() == 5).ok_or_else(wrong)?;
        let steps = |text: &str, from: f64| {
            let degrees: f64 = text.parse().ok().filter(|n: &f64| n.abs() <= from).ok_or_else(wrong)?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 3,600,000")]
            Ok::<u32, String>(((degrees + from) * 10_000.0).round() as u32)
        };
        // A second row of a code is what the place was before: the first counts.
        let place = (steps(latitude, 90.0)?, steps(longitude, 180.0)?);
        places.entry(zip).or_insert(place);
    }
    Ok(places)
}

fn write(places: &BTreeMap<u32, (u32, u32)>) -> Vec<u8> {
    let mut table = vec![0; BITMAP];
    for zip in places.keys() {
        if let Some(byte) = table.get_mut(*zip as usize / 8) {
            *byte |= 1 << (zip % 8);
        }
    }
    for (latitude, longitude) in places.values() {
        for number in [latitude, longitude] {
            table.extend(number.to_be_bytes().iter().skip(1));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_and_six_bytes_a_place() {
        let text = "US\t00002\tNome\tAlaska\tAK\tNome\t180\t\t\t-89.9999\t180\t4\n\
                    US\t09001\tAPO AE\t\t\t\t\t\t\t38.1\t15.6\t\n\
                    US\t00001\tNome\tAlaska\tAK\tNome\t180\t\t\t0\t-179.9997\t4\n";
        let table = write(&read(text).unwrap());
        assert_eq!(table.len(), BITMAP + 12);
        assert_eq!(table[0], 0b110);
        assert!(table[1..BITMAP].iter().all(|byte| *byte == 0));
        assert_eq!(table[BITMAP..], [0x0d, 0xbb, 0xa0, 0, 0, 3, 0, 0, 1, 0x36, 0xee, 0x80]);
    }

    #[test]
    fn anything_else_is_refused() {
        for line in ["", "US\t1", "US\t123\tx\ty\tAK\t\t\t\t\t1\t1", "US\t00001\tx\ty\tAK\t\t\t\t\t91\t1"] {
            assert!(read(&format!("{line}\n")).is_err(), "{line}");
        }
    }
}
