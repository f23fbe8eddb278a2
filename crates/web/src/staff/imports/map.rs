//! What the columns of uploaded files mean.

use super::words::{column_title, date_orders, delimiter, kind_title, note, size, thousands};
use super::{Step, id_of};
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts;
use crate::staff::signed::{Fragment, Signed};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, Import, ReadUpload};
use discreet_app::AppError;
use discreet_app::import::ListedFormat;
use discreet_app::uploads::{Choice, Choices, JobKind, MappedFile, Mapping};
use discreet_domain::ImportId;

/// The page.
#[derive(Template, Debug)]
#[template(path = "staff/imports/map.html")]
pub(crate) struct Map {
    frame: Frame,
    form: Form,
    id: String,
    source: String,
    remembered: bool,
    values: bool,
    can_see_values: bool,
    steps: Vec<(&'static str, bool, bool)>,
    /// Files that are read as they are, or not at all.
    plain: Vec<Plain>,
    files: Vec<File>,
}

/// A file without anything to map.
#[derive(Debug)]
pub(crate) struct Plain {
    name: String,
    size: String,
    what: String,
    tone: &'static str,
}

/// A file whose columns are mapped.
#[derive(Debug)]
pub(crate) struct File {
    n: usize,
    name: String,
    about: String,
    problem: Option<String>,
    rejected: Option<String>,
    /// Value, words, chosen.
    kinds: Vec<(String, String, bool)>,
    dates: Vec<(&'static str, &'static str, bool)>,
    columns: Vec<Col>,
    /// Our column, what it is called, its value.
    fixed: Vec<(String, String, String)>,
    taken: bool,
}

/// A column.
#[derive(Debug)]
pub(crate) struct Col {
    at: usize,
    title: String,
    values: String,
    options: Vec<(String, String, bool)>,
    check: String,
    tone: &'static str,
}

fn plain(file: &MappedFile) -> Option<Plain> {
    let (what, tone) = match (file.format, file.own, &file.problem) {
        (None, ..) => ("Not a format we read. It is passed over.".to_owned(), "state-warn"),
        (Some(ListedFormat::Csv), Some(kind), None) => {
            (format!("{} in Discreet’s own format. Nothing to map.", kind_title(kind)), "state-ok")
        }
        (Some(ListedFormat::Csv), _, problem) if file.columns.is_empty() => {
            (capital(problem.as_deref().unwrap_or("no columns")), "state-bad")
        }
        (Some(ListedFormat::Csv), ..) => return None,
        (Some(ListedFormat::Ndjson | ListedFormat::Json), ..) => {
            ("FHIR R4. Nothing to map.".to_owned(), "state-ok")
        }
    };
    Some(Plain { name: file.shown.clone(), size: size(file.bytes), what, tone })
}

fn mapped(file: &MappedFile, values: bool) -> File {
    let rows = thousands(file.rows as u64);
    let seen = if file.more { format!("first {rows} rows looked at") } else { format!("{rows} rows") };
    let kinds =
        Mapping::kinds().map(|kind| (kind.to_owned(), kind_title(kind).to_owned(), file.kind == kind));
    let mut kinds: Vec<(String, String, bool)> = kinds.collect();
    kinds.push((String::new(), "Do not import this file".to_owned(), file.kind.is_empty()));
    let rejected = (file.rejected > 0 && file.problem.is_none() && !file.kind.is_empty())
        .then(|| format!("{} of the {rows} rows looked at would be rejected.", thousands(file.rejected)));
    File {
        n: file.n,
        name: file.shown.clone(),
        about: format!("{} · {seen} · {}", size(file.bytes), delimiter(file.delimiter)),
        problem: file.problem.as_deref().map(capital),
        rejected,
        kinds,
        dates: date_orders(file.dates),
        columns: (0..file.columns.len()).filter_map(|at| column(file, at, values)).collect(),
        fixed: file.fixed.iter().map(|(n, v)| (n.clone(), column_title(n), v.clone())).collect(),
        taken: !file.kind.is_empty(),
    }
}

fn column(file: &MappedFile, at: usize, values: bool) -> Option<Col> {
    let column = file.columns.get(at)?;
    let chosen = column.ours.join("+");
    let option = |value: &str, words: String| (value.to_owned(), words, value == chosen);
    let mut options = vec![option("", "Do not import".to_owned())];
    if file.kind == "patients" {
        options.push(option("id+mrn", "Record number, also the row’s id".to_owned()));
    }
    options.extend(file.targets.iter().map(|(name, needed)| {
        let star = if *needed { " (needed)" } else { "" };
        option(name, format!("{}{star}", column_title(name)))
    }));
    let (check, tone) = note(file, column);
    let shown: Vec<&str> = column.values.iter().map(|value| value.expose().as_str()).collect();
    let hidden = if column.filled == 0 { "empty" } else { "••• ••• •••" };
    Some(Col {
        at,
        title: column.title.clone().unwrap_or_else(|| format!("Column {}", at + 1)),
        values: if values && !shown.is_empty() { shown.join(" · ") } else { hidden.to_owned() },
        options,
        check,
        tone,
    })
}

async fn page(site: &Site, signed: &Signed, id: ImportId, form: Form) -> Result<Map> {
    let frame = Frame::of(site, signed, Section::Imports).await?;
    let mapping = site.app.mapping(&signed.leave(site, Import).await?, id, site.now())?;
    let values = mapping.values;
    Ok(Map {
        frame,
        form,
        id: id.to_string(),
        source: mapping.source,
        remembered: mapping.remembered,
        values,
        can_see_values: signed.can(ActionName::ReadUpload),
        steps: Step::Map.all(),
        plain: mapping.files.iter().filter_map(plain).collect(),
        files: mapping.files.iter().filter(|file| plain(file).is_none()).map(|f| mapped(f, values)).collect(),
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Page<Map>> {
    Ok(Page(page(&site, &signed, id_of(&id)?, Form::default()).await?))
}

/// What was chosen, of the files the page showed.
fn choices(posted: &Posted, mapping: &Mapping) -> Choices {
    let shown = mapping.files.iter().filter(|file| posted.sent(&format!("kind-{}", file.n)));
    let choice = |file: &MappedFile| {
        let n = file.n;
        let column = |at: usize| {
            let sent = posted.get(&format!("col-{n}-{at}"));
            (at, sent.split('+').filter(|word| !word.is_empty()).map(str::to_owned).collect())
        };
        let fixed = file
            .fixed
            .iter()
            .map(|(name, _)| (name.clone(), posted.get(&format!("fixed-{n}-{name}")).to_owned()));
        let choice = Choice {
            kind: posted.get(&format!("kind-{n}")).to_owned(),
            dates: super::words::date_order(posted.get(&format!("dates-{n}"))),
            columns: (0..file.columns.len())
                .filter(|at| posted.sent(&format!("col-{n}-{at}")))
                .map(column)
                .collect(),
            fixed: fixed.collect(),
        };
        (n, choice)
    };
    Choices(shown.map(choice).collect())
}

pub(crate) async fn choose(
    State(site): State<Site>,
    signed: Signed,
    Fragment(fragment): Fragment,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let id = id_of(&id)?;
    let mapping = site.app.mapping(&signed.leave(&site, Import).await?, id, site.now())?;
    site.app.map_columns(signed.leave(&site, Import).await?, id, &choices(&posted, &mapping))?;
    match posted.get("do") {
        "show" => site.app.show_values(signed.leave(&site, ReadUpload).await?, id, site.now()).await?,
        "check" => {
            let by = signed.leave(&site, Import).await?;
            let begun = site.app.begin_job(by, id, JobKind::Check, site.clock()).await;
            return match begun {
                Ok(()) => Ok(GoTo::page(format!("/imports/{id}/check")).into_response()),
                Err(AppError::Invalid(text) | AppError::Conflict(text)) => {
                    let mut form = Form::default();
                    form.wrong("", capital(&text));
                    Ok(Again(page(&site, &signed, id, form).await?).into_response())
                }
                Err(other) => Err(other.into()),
            };
        }
        _ if fragment => return Ok(Page(page(&site, &signed, id, Form::default()).await?).into_response()),
        _ => {}
    }
    Ok(GoTo::page(format!("/imports/{id}/map")).into_response())
}
