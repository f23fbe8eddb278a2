//! A written clinic, read back with nothing but a JSON and a CSV reader.

use discreet_clinic::{Plan, Summary, write_folder};
use discreet_domain::{Timestamp, Zone};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The instant of export in all tests: ten in the morning in New York.
pub(crate) const NOW: &str = "2026-11-24T15:00:00Z";

pub(crate) fn plan(patients: u32, seed: u64) -> Plan {
    let zone = Zone::named("America/New_York").unwrap();
    Plan { patients, seed, now: Timestamp::parse(NOW).unwrap(), zone }
}

/// A clinic read back.
pub(crate) struct Clinic {
    pub(crate) summary: Summary,
    pub(crate) resources: BTreeMap<String, Vec<Value>>,
    pub(crate) tables: BTreeMap<String, Vec<HashMap<String, String>>>,
    pub(crate) digest: String,
}

/// Large enough for rates; made once.
pub(crate) static LARGE: LazyLock<Clinic> = LazyLock::new(|| clinic(5000, 2));

pub(crate) fn clinic(patients: u32, seed: u64) -> Clinic {
    let dir = tempfile::tempdir().unwrap();
    let summary = write_folder(dir.path(), &plan(patients, seed)).unwrap();
    let mut hash = Sha256::new();
    let mut resources = BTreeMap::new();
    for (name, bytes) in files(&dir.path().join("fhir")) {
        hash.update(&bytes);
        let lines = std::str::from_utf8(&bytes).unwrap().lines();
        resources.insert(name, lines.map(|line| serde_json::from_str(line).unwrap()).collect());
    }
    let mut tables = BTreeMap::new();
    for (name, bytes) in files(&dir.path().join("csv")) {
        hash.update(&bytes);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        tables.insert(name, reader.deserialize().map(Result::unwrap).collect());
    }
    let digest = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Clinic { summary, resources, tables, digest }
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

impl Clinic {
    pub(crate) fn patients(&self) -> &[Value] {
        &self.resources["Patient"]
    }
    /// What a patient's record says of mail, old addresses apart.
    pub(crate) fn emails(patient: &Value) -> Vec<&str> {
        let telecom = patient["telecom"].as_array().unwrap();
        let current = telecom.iter().filter(|t| t["system"] == "email" && t["use"] != "old");
        current.map(|t| t["value"].as_str().unwrap()).collect()
    }
    pub(crate) fn count(&self, of: impl Fn(&Value) -> bool) -> u64 {
        self.patients().iter().filter(|p| of(p)).count() as u64
    }
}

pub(crate) fn is_merged(patient: &Value) -> bool {
    patient["link"][0]["type"] == "replaced-by"
}

/// The first and last day a birth date can mean, for comparison as text.
pub(crate) fn born(patient: &Value) -> (String, String) {
    let text = patient["birthDate"].as_str().unwrap();
    if text.len() == 10 {
        (text.to_owned(), text.to_owned())
    } else {
        (format!("{text}-01"), format!("{text}-31"))
    }
}

/// Under eighteen.
pub(crate) fn is_minor(patient: &Value) -> bool {
    born(patient).1.as_str() > "2008-11-24"
}
