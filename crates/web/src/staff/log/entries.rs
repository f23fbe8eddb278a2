//! Entries of the log: newest first, by person, act, date or record.

use super::tabs;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Form;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::{self, Choice, Tabs};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use discreet_access::ReadAudit;
use discreet_app::log_pages::{ACTS, LogEntry, LogFilter, LogLine, LogPage};
use discreet_domain::{Day, Timestamp, Zone};
use std::collections::HashMap;

const FIELDS: [&str; 5] = ["person", "act", "from", "to", "record"];

/// A page of the log.
#[derive(Template, Debug)]
#[template(path = "staff/log/entries.html")]
pub(crate) struct Entries {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    zone: Zone,
    people: Vec<(String, String)>,
    page: LogPage,
    /// The query of the next page.
    older: Option<String>,
    filtered: bool,
    /// Not the newest page.
    further: bool,
}

/// One entry.
#[derive(Template, Debug)]
#[template(path = "staff/log/entry.html")]
pub(crate) struct Entry {
    frame: Frame,
    zone: Zone,
    entry: LogEntry,
}

impl Entries {
    fn time(&self, line: &LogLine) -> String {
        when::time(&self.zone, line.at)
    }
    fn looked_back(&self, to: &Timestamp) -> String {
        when::day(self.zone.day_of(*to))
    }
    fn person_choices(&self) -> Vec<Choice> {
        let everyone = Choice::new(&self.form, "person", "", "Everyone");
        let named = self.people.iter().map(|(id, name)| Choice::new(&self.form, "person", id, name));
        std::iter::once(everyone).chain(named).collect()
    }
    fn act_choices(&self) -> Vec<Choice> {
        let all = Choice::new(&self.form, "act", "", "Everything");
        let named = ACTS.iter().map(|(word, title)| Choice::new(&self.form, "act", word, title));
        std::iter::once(all).chain(named).collect()
    }
}
impl Entry {
    fn time(&self) -> String {
        when::time(&self.zone, self.entry.line.at)
    }
}

/// What is asked for; what cannot be read is said beside the field and asked for no further.
fn read(query: &HashMap<String, String>, zone: &Zone, form: &mut Form) -> LogFilter {
    for field in FIELDS {
        form.set(field, query.get(field).map_or("", |text| text.trim()));
    }
    let day = |form: &mut Form, field: &str| {
        let text = form.value(field).to_owned();
        match Day::parse(&text) {
            Ok(day) => Some(day),
            Err(_) if text.is_empty() => None,
            Err(_) => {
                form.wrong(field, "Enter a date, like 2026-11-24");
                None
            }
        }
    };
    let from = day(form, "from").map(|day| zone.start_of(day));
    let to = day(form, "to").map(|day| zone.start_of(day.plus_days(1)));
    let patient = form.value("record").parse().ok();
    if patient.is_none() && !form.value("record").is_empty() {
        form.wrong("record", "Enter a record’s id, as it stands in the address of its page");
    }
    let act = ACTS.iter().map(|(word, _)| *word).find(|word| *word == form.value("act"));
    LogFilter {
        user: form.value("person").parse().ok(),
        act: act.map(str::to_owned),
        patient,
        from,
        to,
        before: query.get("before").and_then(|n| n.parse().ok()),
    }
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Entries>> {
    let zone = site.app.zone();
    let mut form = Form::default();
    let filter = read(&query, &zone, &mut form);
    let people = site.app.log_people(signed.leave(&site, ReadAudit).await?).await?;
    let page = match form.is_fine() {
        true => site.app.log_page(signed.leave(&site, ReadAudit).await?, &filter).await?,
        false => LogPage::default(),
    };
    let filtered = FIELDS.iter().any(|field| !form.value(field).is_empty());
    let older = page.older.map(|before| {
        let mut next = form_urlencoded::Serializer::new(String::new());
        for field in FIELDS.iter().filter(|field| !form.value(field).is_empty()) {
            next.append_pair(field, form.value(field));
        }
        next.append_pair("before", &before.to_string()).finish()
    });
    Ok(Page(Entries {
        frame: Frame::of(&site, &signed, Section::Audit).await?,
        tabs: tabs(&signed, "/audit"),
        form,
        zone,
        people: people.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        page,
        older,
        filtered,
        further: filter.before.is_some(),
    }))
}

pub(crate) async fn show_one(
    State(site): State<Site>,
    signed: Signed,
    Path(n): Path<u64>,
) -> Result<Page<Entry>> {
    let entry = site.app.log_entry(signed.leave(&site, ReadAudit).await?, n).await?;
    let frame = Frame::of(&site, &signed, Section::Audit).await?;
    Ok(Page(Entry { frame, zone: site.app.zone(), entry }))
}

/// The proof that an entry is in the log, as a file: the line, the path to the root, the signed checkpoint.
pub(crate) async fn prove(State(site): State<Site>, signed: Signed, Path(n): Path<u64>) -> Result<Response> {
    let proof = site.app.prove(signed.leave(&site, ReadAudit).await?, n).await?;
    let hex = |hash: &[u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let path: Vec<String> = proof.path.iter().map(hex).collect();
    let text = format!(
        "entry {n}\n{}\n\npath\n{}\n\ncheckpoint\n{}",
        proof.line,
        path.join("\n"),
        proof.checkpoint.as_text()
    );
    let as_file = format!("attachment; filename=\"entry-{n}-proof.txt\"");
    let told = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, as_file),
    ];
    Ok((told, text).into_response())
}
