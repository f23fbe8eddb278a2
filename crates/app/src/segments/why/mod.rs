//! Why one patient is in a segment or not, row by row and in one sentence: the same words on the command line and in the
//! browser. It is about a person: every answer is in the log before it is given, with the reason for it.

mod facts;
mod sentence;

use super::{Found, Which, study};
use crate::app::{App, Look};
use crate::error::{AppError, Result};
use crate::scope::Known;
use discreet_access::{Allowed, ExplainMembership, NameSegments};
use discreet_audit::{Reason, Whom};
use discreet_domain::{Label, Part, Phi, SegmentId, Timestamp, Zone};
use discreet_engine::{Question, Step, Why};
use discreet_segment::ast::Expr;
use discreet_segment::english;
use discreet_segment::outline::{Join, Place};
use discreet_segment::truth::Truth;
use discreet_store::DocumentKind;

/// For how long the receipt of one answer is good, in seconds.
const LOOK_SECONDS: i64 = 60;

/// A saved segment by name, to ask about.
#[derive(Clone, Debug)]
pub struct Named {
    /// Which.
    pub id: SegmentId,
    /// Its name.
    pub name: String,
    /// Its current version.
    pub version: u64,
    /// How careful to be with it.
    pub label: Label,
}

/// Why somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Because<'a> {
    /// As a code.
    pub reason: Reason,
    /// In words, sealed in the log.
    pub note: Option<&'a str>,
}

/// Why one patient is in a segment or not.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The segment's name, if it is a saved one.
    pub name: Option<String>,
    /// How careful to be with the answer: as with anything the segment asks about.
    pub label: Label,
    /// In, out, or (`None`) out because something is not known.
    pub answer: Truth,
    /// Its rows, as the builder numbers them.
    pub root: Row,
}

/// A condition, or a group of them, with its answer for one patient.
#[derive(Clone, Debug)]
pub struct Row {
    /// `4.1`; empty for the whole.
    pub number: String,
    /// What joins its parts, if it is a group.
    pub join: Option<Join>,
    /// In English.
    pub words: String,
    /// True, false, or (`None`) unknown.
    pub answer: Truth,
    /// How careful to be with it.
    pub label: Label,
    /// What decided it.
    pub facts: Vec<Told>,
    /// How many facts more there are.
    pub more: usize,
    /// The rows of a group, or of the segment that a condition names.
    pub parts: Vec<Row>,
}

/// A fact in words.
#[derive(Clone, Debug)]
pub struct Told {
    /// With its dates.
    pub words: String,
    /// How careful to be with it.
    pub label: Label,
}

/// A sign for an answer; never shown without its word.
pub const fn mark(answer: Truth) -> &'static str {
    match answer {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    }
}
/// An answer in a word.
pub const fn word(answer: Truth) -> &'static str {
    match answer {
        Some(true) => "true",
        Some(false) => "false",
        None => "unknown",
    }
}

impl Explained {
    /// How many of its facts are sensitive.
    pub fn sensitive_facts(&self) -> usize {
        fn count(row: &Row) -> usize {
            let own = row.facts.iter().filter(|fact| fact.is_sensitive()).count();
            own + row.parts.iter().map(count).sum::<usize>()
        }
        count(&self.root)
    }
    /// The answer itself tells something sensitive, because the segment asks about it.
    pub fn is_sensitive(&self) -> bool {
        self.label >= Label::L3
    }
}

impl Told {
    /// Not shown unless asked for.
    pub fn is_sensitive(&self) -> bool {
        self.label >= Label::L3
    }
}

impl App {
    /// The saved segments by name, to ask about one patient.
    ///
    /// # Errors
    /// The database's.
    pub async fn segment_names(&self, _by: Allowed<NameSegments>) -> Result<Vec<Named>> {
        let all = self.documents::<super::SegmentContent>(DocumentKind::Segment).await?;
        let named = |document: crate::documents::Document<super::SegmentContent>| Named {
            id: SegmentId::from_uuid(document.id),
            name: document.content.name,
            version: document.version,
            label: document.label,
        };
        let mut names: Vec<Named> = all.into_iter().map(named).collect();
        names.sort_by_key(|segment| segment.name.to_lowercase());
        Ok(names)
    }
    /// What a saved segment is called.
    ///
    /// # Errors
    /// No such segment; the database's.
    pub async fn segment_name(&self, by: Allowed<NameSegments>, id: SegmentId) -> Result<Named> {
        let all = self.segment_names(by).await?;
        all.into_iter().find(|segment| segment.id == id).ok_or(AppError::NotFound("segment"))
    }

    /// Why one patient is in a segment or not.
    ///
    /// # Errors
    /// What is wrong with the text; no such patient; the database's.
    pub async fn why(
        &self,
        by: Allowed<ExplainMembership>,
        which: &Which,
        because: Because<'_>,
        now: Timestamp,
    ) -> Result<Phi<Explained>> {
        let scope = self.scope(None).await?;
        let found = self.find_segment(&by, which, &scope).await?;
        let patient = by.action().patient;
        let note = note(&found, because.note);
        let look = Look {
            actor: by.actor(),
            whom: Whom::One(patient),
            parts: &[Part::Facts, Part::Events],
            reason: because.reason,
            seconds: LOOK_SECONDS,
            note: Some(&note),
        };
        let receipt = self.record(look, now).await?;
        let indexed = self.indexed(now).await?;
        let question = Question { segment: &found.checked, at: now, words: &scope };
        let why = indexed.live()?.index.why(&receipt, patient, &question, now);
        let why = why.map_err(|_| AppError::NotFound("patient"))?;
        let name = match which {
            Which::Saved(name) => Some(name.trim().to_owned()),
            Which::Text(_) => None,
        };
        let teller = Teller { scope: &scope, zone: self.zone() };
        let expr = found.checked.expr();
        Ok(why.map(|why| Explained {
            name,
            label: found.checked.label(),
            answer: why.answer,
            root: teller.root(&why, expr),
        }))
    }
}

/// What the log is told beside the code of the reason. Names of segments may be sensitive: it has the id.
fn note(found: &Found, words: Option<&str>) -> String {
    let asked = match (found.id, found.version) {
        (Some(id), Some(version)) => format!("Asked why in or out of segment {id}, version {version}."),
        _ => "Asked why in or out of a segment that is not saved.".to_owned(),
    };
    words.map_or_else(|| asked.clone(), |words| format!("{words} {asked}"))
}

/// Puts the engine's answer into words.
struct Teller<'a> {
    scope: &'a Known,
    zone: Zone,
}

impl Teller<'_> {
    fn root(&self, why: &Why, expr: &Expr) -> Row {
        let (inner, _, _) = peeled(why, Some(expr));
        let group = matches!(inner.step, Step::All | Step::Any);
        // A single condition is the first row of the whole, as in the builder.
        let place = if group { Place::default() } else { Place::default().part(0) };
        self.row(why, Some(expr), &place, None)
    }
    /// `expr`: the same node as it is written; there is none inside other segments, which are as sensitive as the `outer`.
    fn row(&self, why: &Why, expr: Option<&Expr>, place: &Place, outer: Option<Label>) -> Row {
        let (inner, inner_expr, negated) = peeled(why, expr);
        let own = expr.and_then(|expr| study::checked(expr, self.scope).ok()).map(|checked| checked.label());
        let label = own.or(outer).unwrap_or(Label::L4);
        let said = |otherwise: String| match expr {
            Some(expr) => english::sentence(expr, self.scope),
            None if negated => format!("not: {otherwise}"),
            None => otherwise,
        };
        let mut row = Row {
            number: place.shown(),
            join: None,
            words: String::new(),
            answer: why.answer,
            label,
            facts: Vec::new(),
            more: 0,
            parts: Vec::new(),
        };
        let written: &[Expr] = match inner_expr {
            Some(Expr::All(parts) | Expr::Any(parts)) => parts,
            _ => &[],
        };
        let parts = inner.parts.iter().enumerate();
        row.parts =
            parts.map(|(at, part)| self.row(part, written.get(at), &place.part(at), Some(label))).collect();
        match &inner.step {
            Step::Condition { english, facts, more } => {
                row.words = said(format!("a condition on {english}"));
                row.facts = facts.iter().map(|fact| self.told(fact)).collect();
                row.more = *more;
            }
            Step::Segment { name, .. } => row.words = said(format!("is in the segment “{name}”")),
            Step::All | Step::Any | Step::Not => {
                let join = match (&inner.step, negated) {
                    (Step::Any, false) => Join::Any,
                    (Step::Any, true) => Join::None,
                    (_, true) => Join::NotAll,
                    (_, false) => Join::All,
                };
                row.words = join.title().to_owned();
                row.join = Some(join);
            }
        }
        row
    }
}

/// A node without the `not`s before it, and whether they turn it round.
fn peeled<'a>(why: &'a Why, expr: Option<&'a Expr>) -> (&'a Why, Option<&'a Expr>, bool) {
    let (mut why, mut expr, mut negated) = (why, expr, false);
    while matches!(why.step, Step::Not)
        && let Some(part) = why.parts.first()
    {
        expr = match expr {
            Some(Expr::Not(written)) => Some(written.as_ref()),
            _ => None,
        };
        (why, negated) = (part, !negated);
    }
    (why, expr, negated)
}
