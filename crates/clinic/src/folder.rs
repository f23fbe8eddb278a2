//! Writes a clinic: a folder with `fhir/*.ndjson` and `csv/*.csv`, patient after patient.

use crate::chart::chart;
use crate::csv;
use crate::fhir::{clinic, clinical, observation, patient, visit};
use crate::kin;
use crate::lines::Lines;
use crate::model::Chart;
use crate::plan::{Calendar, Plan};
use crate::summary::Summary;
use crate::tally::Tally;
use std::io;
use std::path::Path;

/// Writes the clinic of a plan into `dir`, which is made if need be, and says what is true of it. Files of the same
/// names are overwritten. Memory does not grow with the number of patients.
///
/// # Errors
/// When a file cannot be written.
pub fn write_folder(dir: &Path, plan: &Plan) -> io::Result<Summary> {
    write_folder_telling(dir, plan, &mut |_| {})
}

/// As [`write_folder`], and tells how many patients are done, every thousand and at the end.
///
/// # Errors
/// When a file cannot be written.
pub fn write_folder_telling(dir: &Path, plan: &Plan, done: &mut dyn FnMut(u32)) -> io::Result<Summary> {
    let calendar = plan.calendar();
    let mut files = Files::create(dir)?;
    let mut tally = Tally::new(plan);
    files.write_clinic()?;
    for index in 0..plan.patients {
        let chart = chart(plan.seed, &calendar, index);
        files.write(&chart, replaces(plan, &calendar, &chart))?;
        tally.add(&chart);
        if index % 1000 == 999 {
            done(index + 1);
        }
    }
    done(plan.patients);
    Ok(tally.done(files.finish()?))
}

/// The record merged into this one, if the plan reaches that far.
fn replaces(plan: &Plan, calendar: &Calendar, chart: &Chart) -> Option<u32> {
    let next = chart.person.index.checked_add(1).filter(|next| *next < plan.patients)?;
    kin::replaces_next(plan.seed, calendar, &chart.person).then_some(next)
}

struct Files {
    organization: Lines,
    location: Lines,
    practitioner: Lines,
    patient: Lines,
    coverage: Lines,
    condition: Lines,
    medication: Lines,
    procedure: Lines,
    immunization: Lines,
    observation: Lines,
    allergy: Lines,
    care_plan: Lines,
    appointment: Lines,
    encounter: Lines,
    events: Lines,
    consents: Lines,
    interests: Lines,
}

impl Files {
    fn create(dir: &Path) -> io::Result<Files> {
        let resource = |name| Lines::create(&dir.join("fhir"), name, "ndjson", None);
        let table = |name, header| Lines::create(&dir.join("csv"), name, "csv", Some(header));
        Ok(Files {
            organization: resource("Organization")?,
            location: resource("Location")?,
            practitioner: resource("Practitioner")?,
            patient: resource("Patient")?,
            coverage: resource("Coverage")?,
            condition: resource("Condition")?,
            medication: resource("MedicationRequest")?,
            procedure: resource("Procedure")?,
            immunization: resource("Immunization")?,
            observation: resource("Observation")?,
            allergy: resource("AllergyIntolerance")?,
            care_plan: resource("CarePlan")?,
            appointment: resource("Appointment")?,
            encounter: resource("Encounter")?,
            events: table("events", csv::EVENTS)?,
            consents: table("consents", csv::CONSENTS)?,
            interests: table("interests", csv::INTERESTS)?,
        })
    }

    fn write_clinic(&mut self) -> io::Result<()> {
        clinic::organizations().iter().try_for_each(|one| self.organization.json(one))?;
        clinic::locations().try_for_each(|one| self.location.json(&one))?;
        clinic::practitioners().try_for_each(|one| self.practitioner.json(&one))
    }

    fn write(&mut self, chart: &Chart, replaces: Option<u32>) -> io::Result<()> {
        let index = chart.person.index;
        self.patient.json(&patient::patient(&chart.person, replaces))?;
        if let Some(coverage) = clinic::coverage(&chart.person).filter(|_| !chart.person.is_merged()) {
            self.coverage.json(&coverage)?;
        }
        self.write_clinical(chart, index)?;
        self.write_visits(chart, index)?;
        self.write_tables(chart, index)
    }

    fn write_clinical(&mut self, chart: &Chart, index: u32) -> io::Result<()> {
        for (number, problem) in chart.problems.iter().enumerate() {
            self.condition.json(&clinical::condition(index, number, problem))?;
        }
        for (number, given) in chart.drugs.iter().enumerate() {
            self.medication.json(&clinical::medication_request(index, number, given))?;
        }
        for (number, done) in chart.procedures.iter().enumerate() {
            self.procedure.json(&clinical::procedure(index, number, done))?;
        }
        for (number, dose) in chart.vaccines.iter().enumerate() {
            self.immunization.json(&clinical::immunization(index, number, dose))?;
        }
        for (number, reading) in chart.readings.iter().enumerate() {
            self.observation.json(&observation::observation(index, number, reading))?;
        }
        for (number, allergy) in chart.allergies.iter().enumerate() {
            self.allergy.json(&clinical::allergy(index, number, allergy))?;
        }
        for (number, plan) in chart.plans.iter().enumerate() {
            self.care_plan.json(&clinical::care_plan(index, number, plan))?;
        }
        Ok(())
    }

    fn write_visits(&mut self, chart: &Chart, index: u32) -> io::Result<()> {
        for (number, one) in chart.visits.iter().enumerate() {
            if let Some(appointment) = visit::appointment(index, number, one) {
                self.appointment.json(&appointment)?;
            }
            if let Some(encounter) = visit::encounter(index, number, one, &chart.problems) {
                self.encounter.json(&encounter)?;
            }
        }
        Ok(())
    }

    fn write_tables(&mut self, chart: &Chart, index: u32) -> io::Result<()> {
        for event in &chart.online {
            self.events.row(|to| csv::event(to, index, event))?;
        }
        for act in &chart.consents {
            self.consents.row(|to| csv::consent(to, index, act))?;
        }
        for (attribute, words) in ["interests", "values", "lifestyle"].iter().zip(&chart.words) {
            if !words.is_empty() {
                self.interests.row(|to| csv::words(to, index, attribute, words))?;
            }
        }
        Ok(())
    }

    /// Writes what is left, and says how many lines each file has, headers apart.
    fn finish(self) -> io::Result<Vec<(&'static str, u64)>> {
        let clinic = [self.organization, self.location, self.practitioner, self.patient, self.coverage];
        let clinical = [
            self.condition,
            self.medication,
            self.procedure,
            self.immunization,
            self.observation,
            self.allergy,
            self.care_plan,
        ];
        let rest = [self.appointment, self.encounter, self.events, self.consents, self.interests];
        let all = clinic.into_iter().chain(clinical).chain(rest);
        all.map(Lines::finish).collect()
    }
}
