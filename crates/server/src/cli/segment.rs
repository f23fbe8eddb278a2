//! `discreet segment`, `discreet valueset`.

use crate::cli::patients::reason;
use crate::cli::segment_bench::BenchArgs;
use crate::cli::text_or_stdin;
use crate::clock::now;
use crate::output::{Out, cell_text, put_cell, table};
use crate::wire::{Failure, Result, leave};
use clap::{Args, Subcommand};
use discreet_access::{
    CheckSegment, CountSegment, ExplainMembership, ListSegments, SaveSegment, SaveValueSet, Who,
};
use discreet_app::App;
use discreet_app::patients::Reason;
use discreet_app::segments::why::{Because, Explained, Row, mark, word};
use discreet_app::segments::{Counted, Reading, Which};
use discreet_domain::{PatientId, Topic, Viewer};
use serde_json::{Map, Value, json};

/// Which segment: its text, `-` for standard input, or `--saved NAME`.
#[derive(Debug, Args)]
pub struct Subject {
    /// The segment's text, or `-` to read it from standard input.
    #[arg(required_unless_present = "saved", conflicts_with = "saved", value_name = "TEXT")]
    text: Option<String>,
    /// A saved segment.
    #[arg(long, value_name = "NAME")]
    saved: Option<String>,
}

impl Subject {
    fn which(self) -> Result<Which> {
        match (self.text, self.saved) {
            (_, Some(name)) => Ok(Which::Saved(name)),
            (Some(text), None) => Ok(Which::Text(text_or_stdin(&text)?)),
            (None, None) => Err(Failure::Usage("a segment's text, or --saved NAME".to_owned())),
        }
    }
}

/// Check, count, explain and save segments.
#[derive(Debug, Subcommand)]
pub enum Segment {
    /// Say whether a segment holds together, and its canonical text.
    Check(Subject),
    /// Say in English what a segment means, how sensitive it is, what it rests on.
    Explain(Subject),
    /// Count a segment, and how many of those in it may be written to.
    Count {
        #[command(flatten)]
        subject: Subject,
        /// For mail about this topic.
        #[arg(long, default_value = "marketing", value_parser = topic)]
        topic: Topic,
    },
    /// The saved segments.
    List,
    /// Save a segment: a new one, or a new version.
    Save {
        /// Its name.
        name: String,
        /// Its text, or `-`.
        text: String,
    },
    /// Say how fast segments are counted over this installation's patients.
    Bench(BenchArgs),
    /// Why one patient is in a segment or not.
    Why {
        /// The patient's id.
        patient: PatientId,
        /// Why you ask: care, patient_request, correction, investigation, privacy_review, other.
        #[arg(long, value_parser = reason)]
        reason: Reason,
        #[command(flatten)]
        subject: Subject,
    },
}

/// Named sets of codes for segments: `@name`.
#[derive(Debug, Subcommand)]
pub enum ValueSet {
    /// Save a set: a new one, or a new version.
    Save {
        /// Its name.
        name: String,
        /// Codes as in a segment: `icd10:E11*`, `loinc:4548-4`.
        #[arg(required = true)]
        codes: Vec<String>,
    },
}

/// Reads a topic argument.
pub fn topic(text: &str) -> std::result::Result<Topic, String> {
    Topic::parse(text).map_err(|e| e.to_string())
}

impl Segment {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            Segment::Check(subject) => {
                let reading =
                    app.read_segment(leave(app, who, CheckSegment).await?, &subject.which()?).await?;
                let text = || {
                    let hints: String = reading.hints.iter().map(|h| format!("\n\n{h}")).collect();
                    format!("{}{hints}", reading.text)
                };
                out.answer(&json!(reading), text);
            }
            Segment::Explain(subject) => {
                let reading =
                    app.read_segment(leave(app, who, CheckSegment).await?, &subject.which()?).await?;
                out.answer(&json!(reading), || explained(&reading));
            }
            Segment::Count { subject, topic } => {
                let by = leave(app, who, CountSegment).await?;
                let viewer = by.viewer();
                let counted = app.count_segment(by, &subject.which()?, &topic, now()).await?;
                out.answer(&counted_json(&counted, viewer), || counted_text(&counted, &topic, viewer));
            }
            Segment::List => {
                let all = app.segments(leave(app, who, ListSegments).await?).await?;
                let rows: Vec<Vec<String>> = all
                    .iter()
                    .map(|s| vec![s.name.clone(), s.version.to_string(), s.label.to_string(), s.text.clone()])
                    .collect();
                out.answer(&json!(all), || table(&["name", "version", "label", "text"], &rows));
            }
            Segment::Save { name, text } => {
                let text = text_or_stdin(&text)?;
                let saved =
                    app.save_segment(leave(app, who, SaveSegment).await?, &name, &text, now()).await?;
                out.answer(&json!(saved), || format!("Saved `{}`, version {}.", saved.name, saved.version));
            }
            Segment::Bench(args) => args.run(app, who, out).await?,
            Segment::Why { patient, reason, subject } => {
                let by = leave(app, who, ExplainMembership { patient }).await?;
                let because = Because { reason, note: None };
                let why = app.why(by, &subject.which()?, because, now()).await?;
                // To care staff or the privacy officer, whose look is in the log.
                let why = why.expose();
                out.answer(&why_json(why), || why_text(why));
            }
        }
        Ok(())
    }
}

impl ValueSet {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let ValueSet::Save { name, codes } = self;
        let by = leave(app, who, SaveValueSet).await?;
        let version = app.save_value_set(by, &name, &codes, now()).await?;
        out.answer(&json!({ "name": name, "version": version }), || {
            format!("Saved @{name}, version {version}.")
        });
        Ok(())
    }
}

fn explained(r: &Reading) -> String {
    let hints: String = r.hints.iter().map(|h| format!("\n\n{h}")).collect();
    format!(
        "Patients for whom:\n{}\n\nLabel {} ({}); rests on {} data.{hints}",
        r.outline,
        r.label,
        r.label_meaning,
        r.bases.join(", ")
    )
}

/// A count, for machines.
pub fn counted_json(counted: &Counted, viewer: Viewer) -> Value {
    let mut map = Map::new();
    put_cell(&mut map, "count", counted.count, viewer);
    put_cell(&mut map, "eligible", counted.eligible, viewer);
    put_cell(&mut map, "unknown", counted.unknown, viewer);
    map.insert("label".to_owned(), json!(counted.label));
    let refused: Map<String, Value> = counted
        .refused
        .iter()
        .map(|(denied, cell)| (denied.code().to_owned(), json!(cell.shown_to(viewer))))
        .collect();
    map.insert("refused".to_owned(), Value::Object(refused));
    Value::Object(map)
}

fn counted_text(counted: &Counted, topic: &Topic, viewer: Viewer) -> String {
    let cell = |c| cell_text(c, viewer);
    let mut rows = vec![vec!["in the segment".to_owned(), cell(counted.count)]];
    let mut refused: Vec<_> = counted.refused.iter().collect();
    refused.sort_by_key(|(_, cell)| std::cmp::Reverse(cell.exact()));
    rows.extend(refused.into_iter().map(|(denied, c)| vec![format!("  – {denied}"), cell(*c)]));
    rows.push(vec![format!("may be written to about {topic}"), cell(counted.eligible)]);
    let unknown = if counted.unknown.exact() == 0 {
        String::new()
    } else {
        format!(
            "\n\nFor {} it cannot be told: something the segment asks about is not known.",
            cell(counted.unknown)
        )
    };
    format!(
        "{}{unknown}\n\nLabel {} ({}).",
        table(&["", "patients"], &rows),
        counted.label,
        counted.label.meaning()
    )
}

fn facts(row: &Row) -> Vec<String> {
    let mut lines: Vec<String> = row.facts.iter().map(|fact| fact.words.clone()).collect();
    if row.more > 0 {
        lines.push(format!("and {} more", row.more));
    }
    lines
}

fn row_json(row: &Row) -> Value {
    json!({
        "number": row.number,
        "answer": word(row.answer),
        "condition": row.words,
        "facts": facts(row),
        "parts": row.parts.iter().map(row_json).collect::<Vec<_>>(),
    })
}

fn why_json(why: &Explained) -> Value {
    json!({
        "answer": word(why.answer),
        "sentence": why.sentence(true),
        "label": why.label,
        "row": row_json(&why.root),
    })
}

fn row_text(row: &Row, depth: usize) -> String {
    let indent = "   ".repeat(depth);
    let number = if row.number.is_empty() { String::new() } else { format!("{} ", row.number) };
    let colon = if row.join.is_some() { ":" } else { "" };
    let (mark, word, words) = (mark(row.answer), word(row.answer), &row.words);
    let mut lines = vec![format!("{indent}{mark} {word:<7} {number}{words}{colon}")];
    lines.extend(facts(row).into_iter().map(|fact| format!("{indent}             {fact}")));
    lines.extend(row.parts.iter().map(|part| row_text(part, depth + 1)));
    lines.join("\n")
}

fn why_text(why: &Explained) -> String {
    format!("{}\n\n{}", why.sentence(true), row_text(&why.root, 0))
}
