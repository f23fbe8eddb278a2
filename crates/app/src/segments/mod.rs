//! Segments: checked, counted, explained, saved. Drafts of the visual builder are in `drafts`, what it shows beside them
//! in `study`, saved ones and their versions in `library`, why one patient is in or out in `why`.

pub mod bench;
pub mod drafts;
pub mod library;
pub mod study;
pub mod why;

use crate::app::App;
use crate::documents::{Document, Draft};
use crate::error::{AppError, Result};
use crate::scope::Known;
use discreet_access::{Action, Allowed, CheckSegment, CountSegment, ListSegments, SaveSegment, SaveValueSet};
use discreet_audit::Event;
use discreet_domain::{
    Actor, CampaignId, Cell, Day, Label, MessageId, PatientId, SegmentId, Timestamp, Topic,
};
use discreet_policy::{
    Ask, Block, CampaignStanding, Classification, Denied, Known as Fact, Owner, Remuneration, Setting, What,
    classify, judge,
};
use discreet_segment::ast::Expr;
use discreet_segment::{Checked, CodePattern, Pattern, english};
use discreet_store::{DocumentKind, Lane};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is sealed of a segment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SegmentContent {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What is sealed of a value set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ValueSetContent {
    pub(crate) name: String,
    pub(crate) codes: Vec<String>,
}

impl ValueSetContent {
    pub(crate) fn patterns(&self) -> Result<Vec<CodePattern>> {
        self.codes.iter().map(|text| pattern(text)).collect()
    }
}

/// A code or subtree, as the segment language writes it.
fn pattern(text: &str) -> Result<CodePattern> {
    let bad =
        || AppError::invalid("a value set's codes are written as in a segment: `icd10:E11*`, `loinc:4548-4`");
    let value = serde_json::Value::String(text.to_owned());
    match serde_json::from_value::<Pattern>(value) {
        Ok(Pattern::Code(code)) => Ok(code),
        Ok(Pattern::Set(_)) | Err(_) => Err(bad()),
    }
}

/// What a segment is called to those who may not see its name.
pub const RESTRICTED: &str = "Restricted segment";

/// A saved segment's label: at least what it was when it was saved, more if one was raised since.
fn label_now(document: &Document<SegmentContent>, checked: Option<&Checked>) -> Label {
    checked.map_or(document.label, |checked| checked.label().max(document.label))
}

/// Refuses those who may not see what a segment is called and says; `access` decides. What it means, if it still holds
/// together; why not, is told only to those.
pub(crate) fn readable<A: Action>(
    by: &Allowed<A>,
    document: &Document<SegmentContent>,
    scope: &Known,
) -> Result<Result<Checked>> {
    let checked = check(&document.content.text, scope);
    match by.may_read_segment(label_now(document, checked.as_ref().ok()), document.author) {
        true => Ok(checked),
        false => Err(restricted()),
    }
}

fn restricted() -> AppError {
    AppError::conflict(
        "this segment is about something sensitive: whoever wrote it may see it, and a privacy officer",
    )
}

/// Which segment: one typed now, or a saved one.
#[derive(Clone, Debug)]
pub enum Which {
    /// This text.
    Text(String),
    /// The saved segment of this name, in its current version.
    Saved(String),
}

/// A segment as its reviewer sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    /// The canonical text.
    pub text: String,
    /// As a tree.
    pub json: serde_json::Value,
    /// One sentence.
    pub sentence: String,
    /// The same as an outline.
    pub outline: String,
    /// The greatest label of anything it mentions.
    pub label: Label,
    /// What that means.
    pub label_meaning: &'static str,
    /// What it rests on.
    pub bases: Vec<&'static str>,
    /// What is allowed but perhaps not meant.
    pub hints: Vec<String>,
}

/// A saved segment.
#[derive(Clone, Debug, Serialize)]
pub struct Saved {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The current version.
    pub version: u64,
    /// Its label.
    pub label: Label,
    /// Its text.
    pub text: String,
    /// It is sensitive, and not for whoever asks to read: it has neither name nor text here.
    pub restricted: bool,
}

/// A segment's count, and what the gate would say to optional mail about a topic.
#[derive(Clone, Debug)]
pub struct Counted {
    /// How many are in.
    pub count: Cell,
    /// For how many it cannot be told.
    pub unknown: Cell,
    /// How many of those in could be written to.
    pub eligible: Cell,
    /// The others, by the first rule that says no.
    pub refused: BTreeMap<Denied, Cell>,
    /// The segment's label.
    pub label: Label,
}

/// A segment found, with the version it was found in.
pub(crate) struct Found {
    pub(crate) id: Option<SegmentId>,
    pub(crate) version: Option<u64>,
    pub(crate) checked: Checked,
}

impl Saved {
    fn of(document: Document<SegmentContent>) -> Saved {
        Saved {
            id: document.id.to_string(),
            name: document.content.name,
            version: document.version,
            label: document.label,
            text: document.content.text,
            restricted: false,
        }
    }
}

impl App {
    pub(crate) async fn find_segment<A: Action>(
        &self,
        by: &Allowed<A>,
        which: &Which,
        scope: &Known,
    ) -> Result<Found> {
        match which {
            Which::Text(text) => Ok(Found { id: None, version: None, checked: check(text, scope)? }),
            Which::Saved(name) => {
                let saved =
                    self.document_named::<SegmentContent>(DocumentKind::Segment, name, "segment").await?;
                let checked = readable(by, &saved, scope)??;
                Ok(Found { id: Some(SegmentId::from_uuid(saved.id)), version: Some(saved.version), checked })
            }
        }
    }

    /// Reads a segment: its canonical text, its meaning in English, its label.
    ///
    /// # Errors
    /// What is wrong with the text, with places and suggestions.
    pub async fn read_segment(&self, by: Allowed<CheckSegment>, which: &Which) -> Result<Reading> {
        let scope = self.scope(None).await?;
        let found = self.find_segment(&by, which, &scope).await?;
        Ok(reading(&found.checked, &scope))
    }
    /// Notes that people were counted by something that is no saved segment; before anything is told.
    pub(crate) async fn note_count(&self, by: Actor, label: Label, now: Timestamp) -> Result<()> {
        let event = Event::Counted { segment: None, version: None, label };
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by, event, now).await
    }

    /// Counts a segment, and how many of those in it the gate would let optional mail about `topic` reach.
    ///
    /// # Errors
    /// What is wrong with the text; the database's.
    pub async fn count_segment(
        &self,
        by: Allowed<CountSegment>,
        which: &Which,
        topic: &Topic,
        now: Timestamp,
    ) -> Result<Counted> {
        let scope = self.scope(None).await?;
        let found = self.find_segment(&by, which, &scope).await?;
        let label = found.checked.label();
        let event = Event::Counted { segment: found.id, version: found.version, label };
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by.actor(), event, now).await?;
        let setting = could_be(topic, self.zone().day_of(now));
        self.funnel(&found.checked, &setting, &optional_mail().with_label(label), now).await
    }

    /// Who is in, and what the gate would say to each: numbers only.
    pub(crate) async fn funnel(
        &self,
        checked: &Checked,
        setting: &Setting,
        classified: &Classification,
        now: Timestamp,
    ) -> Result<Counted> {
        let resting = self.store.read().await?.resting(None, now).await?;
        let indexed = self.indexed(now).await?;
        let live = indexed.live()?;
        let selection = live.index.select(checked, now);
        let ask = Ask {
            message: MessageId::from_u128(0),
            campaign: CampaignId::from_u128(0),
            patient: PatientId::from_u128(0),
            requirements: classified.requirements,
            label: checked.label(),
            not_after: Timestamp::MAX,
        };
        let verdicts = selection.tally(&live.standings, |standing| match standing {
            Some(standing) => judge(&standing.facts(setting, &resting), &ask, now).err(),
            None => Some(Denied::Unreadable),
        });
        let eligible = verdicts.get(&None).copied().unwrap_or_default();
        let refused = verdicts.into_iter().filter_map(|(denied, n)| denied.map(|d| (d, n))).collect();
        Ok(Counted {
            count: selection.count(),
            unknown: selection.unknown(),
            eligible,
            refused,
            label: checked.label(),
        })
    }

    /// Saves a segment: a new one, or a new version of the one of that name. Nothing happens if it means the same.
    ///
    /// # Errors
    /// What is wrong with the text or name; the database's.
    pub async fn save_segment(
        &self,
        by: Allowed<SaveSegment>,
        name: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<Saved> {
        let tag = self.name_tag(DocumentKind::Segment.name(), name);
        let known = self.store.read().await?.document_named(DocumentKind::Segment, tag).await?;
        let scope = self.scope(known.map(|(id, _)| SegmentId::from_uuid(id))).await?;
        let checked = check(text, &scope)?;
        let text = canonical(checked.expr());
        let content = SegmentContent { name: name.trim().to_owned(), text: text.clone() };
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let draft = Draft {
            kind: DocumentKind::Segment,
            name,
            label: checked.label(),
            author: by.user(),
            hash: checked.fingerprint().0.to_vec(),
            content: &content,
        };
        let (id, version, new) = self.write_document(&mut tx, draft, now).await?;
        if new {
            let segment = SegmentId::from_uuid(id);
            let event = Event::SegmentSaved { segment, version, label: checked.label() };
            self.settle_one(tx, by.actor(), event, now).await?;
        }
        Ok(Saved {
            id: id.to_string(),
            name: content.name,
            version,
            label: checked.label(),
            text,
            restricted: false,
        })
    }

    /// The saved segments, oldest first; of those that are not for them to read without name and text.
    ///
    /// # Errors
    /// The database's.
    pub async fn segments(&self, by: Allowed<ListSegments>) -> Result<Vec<Saved>> {
        let all = self.documents::<SegmentContent>(DocumentKind::Segment).await?;
        let scope = self.scope(None).await?;
        let saved = |document: Document<SegmentContent>| {
            let label = label_now(&document, check(&document.content.text, &scope).ok().as_ref());
            let restricted = !by.may_read_segment(label, document.author);
            let saved = Saved { label, restricted, ..Saved::of(document) };
            match restricted {
                true => Saved { name: RESTRICTED.to_owned(), text: String::new(), ..saved },
                false => saved,
            }
        };
        Ok(all.into_iter().map(saved).collect())
    }

    /// Saves a value set: named codes and subtrees, written as in a segment.
    ///
    /// # Errors
    /// A code that cannot be read; the database's.
    pub async fn save_value_set(
        &self,
        by: Allowed<SaveValueSet>,
        name: &str,
        codes: &[String],
        now: Timestamp,
    ) -> Result<u64> {
        let mut content = ValueSetContent { name: name.trim().to_owned(), codes: codes.to_vec() };
        let patterns = content.patterns()?;
        if patterns.is_empty() {
            return Err(AppError::invalid("a value set needs at least one code"));
        }
        let label = patterns.iter().map(CodePattern::label).max().unwrap_or_default();
        content.codes = patterns.into_iter().map(|p| Pattern::Code(p).to_string()).collect();
        content.codes.sort_unstable();
        content.codes.dedup();
        let hash = Sha256::digest(content.codes.join("\n")).to_vec();
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let kind = DocumentKind::ValueSet;
        let draft = Draft { kind, name, label, author: by.user(), hash, content: &content };
        let (_, version, new) = self.write_document(&mut tx, draft, now).await?;
        if new {
            let name_tag = self.name_tag(kind.name(), name).hex();
            self.settle_one(tx, by.actor(), Event::ValueSetSaved { name_tag, version }, now).await?;
        }
        Ok(version)
    }
}

/// Parses and checks a text.
pub(crate) fn check(text: &str, scope: &Known) -> Result<Checked> {
    let parsed = discreet_segment::parse(text).map_err(|e| AppError::Syntax(Box::new(e), text.to_owned()))?;
    parsed.check(scope).map_err(|errors| AppError::Check(errors, text.to_owned()))
}

fn canonical(expr: &Expr) -> String {
    expr.to_string()
}

fn reading(checked: &Checked, scope: &Known) -> Reading {
    let text = canonical(checked.expr());
    let json = discreet_segment::parse(&text)
        .ok()
        .and_then(|p| serde_json::from_str(&p.to_json()).ok())
        .unwrap_or(serde_json::Value::Null);
    Reading {
        json,
        sentence: english::sentence(checked.expr(), scope),
        outline: english::outline(checked.expr(), scope),
        label: checked.label(),
        label_meaning: checked.label().meaning(),
        bases: checked.bases().iter().map(|b| b.name()).collect(),
        hints: checked.hints().iter().map(|h| h.render(&text)).collect(),
        text,
    }
}

/// How optional mail of the mildest kind is classified: general health education.
fn optional_mail() -> Classification {
    classify(&[Block {
        what: Some(What::GeneralHealth),
        owner: Some(Owner::None),
        health_related: Some(true),
        remuneration: [Remuneration::None].into(),
    }])
}

/// The setting of a campaign that could be: nothing but the people decides.
fn could_be(topic: &Topic, today: Day) -> Setting {
    Setting {
        sending: Fact::Is(true),
        campaign: Fact::Is(CampaignStanding::Running),
        relay: Fact::Is(true),
        topic: Some(topic.clone()),
        today,
    }
}
