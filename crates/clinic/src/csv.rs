//! Rows of the CSV files that hold what FHIR has no everyday resource for. Every value is a word, an id or a time from
//! our own tables, so nothing needs quoting (a test reads it all back).

use crate::model::{ConsentAct, OnlineEvent};
use crate::plan::patient_id;
use std::io::{self, Write};

/// Header of `events.csv`.
pub(crate) const EVENTS: &str = "patient,kind,time,page,campaign,link";
/// Header of `consents.csv`.
pub(crate) const CONSENTS: &str = "patient,topic,channel,action,time,text_version,method";
/// Header of `interests.csv`.
pub(crate) const INTERESTS: &str = "patient,attribute,words";

/// One row of `events.csv`.
pub(crate) fn event(to: &mut impl Write, patient: u32, event: &OnlineEvent) -> io::Result<()> {
    write!(to, "{},{},{},", patient_id(patient), event.kind, event.at)?;
    let page = event.page;
    let path = if page.starts_with('/') { "" } else { "/topics/" };
    let (year, month) = event.issue;
    match event.kind {
        "page_view" => writeln!(to, "{path}{page},,"),
        "email_open" => writeln!(to, ",newsletter-{year:04}-{month:02},"),
        "email_click" => writeln!(to, ",newsletter-{year:04}-{month:02},{path}{page}"),
        _ => writeln!(to, ",,"),
    }
}

/// One row of `consents.csv`.
pub(crate) fn consent(to: &mut impl Write, patient: u32, act: &ConsentAct) -> io::Result<()> {
    let action = if act.granted { "granted" } else { "withdrawn" };
    let patient = patient_id(patient);
    let ConsentAct { topic, channel, at, text_version, method, .. } = act;
    writeln!(to, "{patient},{topic},{channel},{action},{at},{text_version},{method}")
}

/// One row of `interests.csv`.
pub(crate) fn words(to: &mut impl Write, patient: u32, attribute: &str, words: &[&str]) -> io::Result<()> {
    writeln!(to, "{},{attribute},{}", patient_id(patient), words.join(";"))
}
