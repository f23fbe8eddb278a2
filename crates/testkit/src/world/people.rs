//! Patients for an import: every text that could give one away carries the canary.

use std::fmt::Write;

/// Stands in every name, number, address and text of a test's patients: found in clear anywhere, it is a leak.
pub const CANARY: &str = "Zz-Canary";

/// A patient, as a row of `patients.csv` and whatever rows belong to it. Of age, in California, with an address, opted in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The number all its texts are made of.
    pub n: usize,
    /// The address; empty for none.
    pub email: String,
    /// The birth date, as a file has it.
    pub birth: String,
    /// Female or male.
    pub sex: &'static str,
    /// The state.
    pub state: &'static str,
    /// Known to have died.
    pub deceased: bool,
    /// Still a patient of the source.
    pub active: bool,
    /// Withdrawn by the source.
    pub in_error: bool,
    /// When it opted in to marketing, if it did.
    pub opted_in: Option<&'static str>,
    /// When it opted out, if it did.
    pub opted_out: Option<&'static str>,
    /// Conditions: ICD-10 codes and the status the file gives them.
    pub conditions: Vec<(&'static str, &'static str)>,
    /// Appointments: time and status.
    pub visits: Vec<(&'static str, &'static str)>,
}

impl Person {
    /// The patient of this number.
    pub fn new(n: usize) -> Person {
        Person {
            n,
            email: address(n),
            birth: format!("19{:02}-{:02}-{:02}", 40 + n % 50, 1 + n % 12, 1 + n % 28),
            sex: if n.is_multiple_of(2) { "female" } else { "male" },
            state: "CA",
            deceased: false,
            active: true,
            in_error: false,
            opted_in: Some("2026-01-15T12:00:00Z"),
            opted_out: None,
            conditions: vec![("E11.9", "active")],
            visits: Vec::new(),
        }
    }
    /// The family name: nobody else has it.
    pub fn family(&self) -> String {
        format!("{CANARY}-F{}", self.n)
    }
    /// The medical record number.
    pub fn mrn(&self) -> String {
        format!("{CANARY}-M{}", self.n)
    }
}

/// The address of the person of this number.
pub fn address(n: usize) -> String {
    format!("{}-{n}@example.com", CANARY.to_lowercase())
}

/// So many patients, numbered from `first` on.
pub fn people(first: usize, count: usize) -> Vec<Person> {
    (first..first + count).map(Person::new).collect()
}

/// As [`files`], with what the source says of which record replaces which: by number, the replaced one first.
pub fn files_merging(people: &[Person], merged: &[(usize, usize)]) -> Vec<(String, String)> {
    let mut all = files(people);
    let into = |line: &str| {
        let of = |(old, _): &&(usize, usize)| line.starts_with(&format!("p{old},"));
        merged.iter().find(of).map_or_else(String::new, |(_, new)| format!("p{new}"))
    };
    if let Some((_, patients)) = all.first_mut() {
        let rows: String = patients.lines().skip(1).map(|line| format!("{line},{}\n", into(line))).collect();
        let head = patients.lines().next().unwrap_or_default();
        *patients = format!("{head},merged_into\n{rows}");
    }
    all
}

/// The CSV files of these patients: name and text.
pub fn files(people: &[Person]) -> Vec<(String, String)> {
    let mut patients = String::from(
        "id,mrn,family,given,birth_date,sex,email,phone,address,city,state,zip,deceased,active,status\n",
    );
    let mut conditions = String::from("id,patient,system,code,display,onset,status\n");
    let mut appointments = String::from("id,patient,time,status,reason\n");
    let mut consents = String::from("patient,topic,channel,action,time,text_version,method,evidence\n");
    for p in people {
        let n = p.n;
        let status = if p.in_error { "entered-in-error" } else { "active" };
        let _ = writeln!(
            patients,
            "p{n},{},{},{CANARY}-G{n},{},{},{},555-0100,{CANARY} Street {n},Oakland,{},94601,{},{},{status}",
            p.mrn(),
            p.family(),
            p.birth,
            p.sex,
            p.email,
            p.state,
            p.deceased,
            p.active,
        );
        for (at, (code, status)) in p.conditions.iter().enumerate() {
            let _ = writeln!(
                conditions,
                "c{n}-{at},p{n},icd10,{code},{CANARY} diagnosis {code},2020-02-11,{status}"
            );
        }
        for (at, (time, status)) in p.visits.iter().enumerate() {
            let _ = writeln!(appointments, "a{n}-{at},p{n},{time},{status},{CANARY} reason {n}");
        }
        for (action, time) in [("granted", p.opted_in), ("withdrawn", p.opted_out)] {
            if let Some(time) = time {
                let _ = writeln!(consents, "p{n},marketing,email,{action},{time},v1,paper,{CANARY} form {n}");
            }
        }
    }
    [
        ("patients", patients),
        ("conditions", conditions),
        ("appointments", appointments),
        ("consents", consents),
    ]
    .map(|(name, text)| (format!("{name}.csv"), text))
    .into()
}
