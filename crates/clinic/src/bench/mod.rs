//! The bench population: plain, skewed and large, in Discreet's own CSV format. Figures are taken on it, so it must
//! never change for a seed. "Now" is fixed in the data: [`now`].
//!
//! Per patient, on average: 3 conditions of 300, 2 medications of 200 (a third stopped), 6 appointments, 15 events of
//! two years, 2.9 acts of consent, 2.4 interests of 40. How active a patient is follows a Zipf–Mandelbrot law.

mod codes;
mod draw;
mod states;
mod zipf;

use crate::lines::Lines;
use codes::Codes;
use discreet_domain::Timestamp;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The instant the bench population was exported: 2026-11-01, noon UTC.
pub const fn now() -> Timestamp {
    Timestamp::from_micros(NOW_SECONDS * 1_000_000)
}

const NOW_SECONDS: i64 = 1_793_534_400;

/// Writes the bench population of a seed into `dir`, a CSV file for each kind; how many rows each has, by its name
/// without ending. Tells how many patients are done, every thousand.
///
/// # Errors
/// When a file cannot be written.
pub fn write_folder(
    dir: &Path,
    patients: u32,
    seed: u64,
    done: &mut dyn FnMut(u32),
) -> io::Result<BTreeMap<&'static str, u64>> {
    let mut files = Files::create(dir)?;
    let tables = Tables { conditions: Codes::conditions(), medications: Codes::medications() };
    for index in 0..patients {
        draw::patient(&mut files, &tables, seed, index)?;
        if index % 1000 == 999 {
            done(index + 1);
        }
    }
    files.finish()
}

struct Tables {
    conditions: Codes,
    medications: Codes,
}

struct Files {
    patients: Lines,
    conditions: Lines,
    medications: Lines,
    appointments: Lines,
    events: Lines,
    consents: Lines,
    interests: Lines,
}

impl Files {
    fn create(dir: &Path) -> io::Result<Files> {
        let table = |name, header| Lines::create(dir, name, "csv", Some(header));
        Ok(Files {
            patients: table(
                "patients",
                "id,mrn,family,given,birth_date,sex,email,state,zip,language,payer,deceased",
            )?,
            conditions: table("conditions", "patient,system,code,onset,end,status")?,
            medications: table("medications", "patient,system,code,start,end,status")?,
            appointments: table("appointments", "id,patient,time,status,type,provider,site")?,
            events: table("events", "patient,kind,time,page,campaign,link")?,
            consents: table("consents", "patient,topic,channel,action,time,text_version,method")?,
            interests: table("interests", "patient,attribute,words")?,
        })
    }
    fn finish(self) -> io::Result<BTreeMap<&'static str, u64>> {
        let clinical = [self.patients, self.conditions, self.medications, self.appointments];
        let all = clinical.into_iter().chain([self.events, self.consents, self.interests]);
        all.map(Lines::finish).collect()
    }
}
