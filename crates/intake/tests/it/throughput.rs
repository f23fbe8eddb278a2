//! How fast FHIR and CSV are read:
//! `DISCREET_MEASURE=1 cargo test --release -p discreet-intake --test it -- throughput --nocapture`

use crate::reading::*;
use discreet_intake::*;
use flate2::read::GzDecoder;
use std::convert::Infallible;
use std::io::Read;
use std::time::Instant;

fn measured(name: &str, format: Format, bytes: &[u8], options: &Options) {
    let mut records = 0_u64;
    let mut sink = |item| -> Result<(), Infallible> {
        records += u64::from(matches!(item, Item::Record(_)));
        Ok(())
    };
    let start = Instant::now();
    let mut passes = 0;
    while start.elapsed().as_secs_f64() < 2.0 {
        read_stream(name, format, bytes, options, &mut sink).unwrap();
        passes += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = (bytes.len() * passes) as f64 / 1e6;
    println!("{name:40} {:8.1} MB/s {:10.0} records/s", megabytes / seconds, records as f64 / seconds);
}

#[test]
fn throughput() {
    if std::env::var_os("DISCREET_MEASURE").is_none() {
        return;
    }
    let mut options = options();
    let all = |folder: &str| -> Vec<std::path::PathBuf> {
        let Some(folder) = samples(folder) else { return vec![] };
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        paths.sort();
        paths
    };
    for path in all("pysynthea-ma-12/ndjson").into_iter().chain(all("bulk-fhir-10-patients")) {
        let mut bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|e| e == "gz") {
            let mut text = Vec::new();
            GzDecoder::new(&bytes[..]).read_to_end(&mut text).unwrap();
            bytes = text;
        }
        if bytes.len() > 300_000 {
            measured(path.file_name().unwrap().to_str().unwrap(), Format::Ndjson, &bytes, &options);
        }
    }
    options.mapping = Mapping::named("synthea");
    for path in all("synthea-csv-ma-27") {
        let bytes = std::fs::read(&path).unwrap();
        if bytes.len() > 50_000 {
            measured(path.file_name().unwrap().to_str().unwrap(), Format::Csv, &bytes, &options);
        }
    }
}
