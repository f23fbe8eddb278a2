//! A draft studied: what each part says, how careful to be with it and how many it selects; what the whole says, and whom
//! of it could be written to. Numbers only.

use super::drafts::SegmentDraft;
use super::{Counted, Reading, check, could_be, optional_mail, readable, reading};
use crate::app::App;
use crate::error::{AppError, Result};
use crate::scope::Known;
use discreet_access::{Allowed, CheckSegment, CountSegment};
use discreet_domain::{Cell, Code, CodeKind, Label, Timestamp, Topic};
use discreet_engine::Index;
use discreet_segment::ast::Expr;
use discreet_segment::outline::{Group, Outline, Part, Place};
use discreet_segment::{CodePattern, Parsed, english};
use std::collections::BTreeMap;

/// Codes offered for one search, at most.
pub const MOST_CODES: usize = 20;
/// Values offered of one attribute, at most.
pub const MOST_VALUES: usize = 12;

/// What one row or group says.
#[derive(Clone, Debug)]
pub struct Said {
    /// In words; empty for an empty group.
    pub sentence: String,
    /// How careful to be with it.
    pub label: Label,
    /// How many it selects by itself; `None` if it is not in order.
    pub count: Option<Cell>,
    /// What is wrong with it, in words.
    pub wrong: Vec<String>,
}

/// A draft, studied.
#[derive(Debug)]
pub struct Study {
    /// By place.
    pub parts: BTreeMap<Place, Said>,
    /// The whole, if it is in order and not empty.
    pub whole: Option<Reading>,
    /// How many the whole selects, and what the gate would say.
    pub counted: Option<Counted>,
    /// The topic it was counted for.
    pub topic: Topic,
    /// Why the typed text cannot be read.
    pub unread: Option<String>,
    /// The one row without which the whole would be less sensitive: where, how careful then, and how many then.
    pub lesser: Option<(Place, Label, Cell)>,
    /// When it was counted.
    pub at: Timestamp,
}

/// A code or subtree to choose.
#[derive(Clone, Debug)]
pub struct Offer {
    /// As a segment writes it: `icd10:E11*`.
    pub pattern: String,
    /// What it is called.
    pub name: String,
    /// How many have it.
    pub count: Cell,
    /// How careful to be with it.
    pub label: Label,
}

impl App {
    /// Studies a draft.
    ///
    /// # Errors
    /// The database's.
    pub async fn study(
        &self,
        by: Allowed<CountSegment>,
        draft: &SegmentDraft,
        now: Timestamp,
    ) -> Result<Study> {
        let scope = self.scope(draft.from.map(|(id, _)| discreet_domain::SegmentId::from_uuid(id))).await?;
        let topic = draft.topic.clone().unwrap_or_else(|| self.first_topic());
        let whole = draft.outline.expr().and_then(|expr| checked(&expr, &scope).ok());
        let label = whole.as_ref().map_or(Label::L0, |checked| checked.label());
        let mut parts = BTreeMap::new();
        {
            // Let go of before the log is written: the index follows it.
            let indexed = self.indexed(now).await?;
            let index = &indexed.live()?.index;
            say(
                &draft.outline.root,
                &Place::default(),
                &mut |expr| count(expr, &scope, index, now),
                &mut parts,
            );
        }
        // Nothing is told before the log has it; parts are counted, too, where the whole is not in order.
        let greatest = parts.values().map(|said| said.label).max().unwrap_or(Label::L0).max(label);
        self.note_count(by.actor(), greatest, now).await?;
        let counted = match &whole {
            Some(checked) => {
                let setting = could_be(&topic, self.zone().day_of(now));
                Some(self.funnel(checked, &setting, &optional_mail().with_label(label), now).await?)
            }
            None => None,
        };
        let indexed = self.indexed(now).await?;
        let index = &indexed.live()?.index;
        let lesser = whole.as_ref().and_then(|_| lesser(&draft.outline, label, &scope, index, now));
        let unread = draft.unread.as_ref().and_then(|text| {
            let error = discreet_segment::parse(text).err()?;
            Some(AppError::Syntax(Box::new(error), text.clone()).to_string())
        });
        let whole = whole.map(|checked| reading(&checked, &scope));
        Ok(Study { parts, whole, counted, topic, unread, lesser, at: now })
    }
    fn first_topic(&self) -> Topic {
        let first = self.settings().topics.into_keys().next();
        first.and_then(|topic| Topic::parse(&topic).ok()).unwrap_or_else(Topic::marketing)
    }

    /// The values an attribute has here, the most frequent first, with how many patients have each.
    ///
    /// # Errors
    /// The database's.
    pub async fn offer_values(
        &self,
        by: Allowed<CheckSegment>,
        attribute: &str,
        now: Timestamp,
    ) -> Result<Vec<(String, Cell)>> {
        let label = self.scope(None).await?.attribute_label(attribute).unwrap_or_default();
        self.note_count(by.actor(), label, now).await?;
        let indexed = self.indexed(now).await?;
        let mut values = indexed.live()?.index.values(attribute);
        values.truncate(MOST_VALUES);
        Ok(values)
    }
    /// Codes of a kind whose name or text has all these words, the most frequent first; of ICD-10 also the stems they are
    /// under.
    ///
    /// # Errors
    /// The database's.
    pub async fn offer_codes(
        &self,
        by: Allowed<CheckSegment>,
        kind: CodeKind,
        words: &str,
        now: Timestamp,
    ) -> Result<Vec<Offer>> {
        let names = self.vocabulary().await?;
        let indexed = self.indexed(now).await?;
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let mut offers: Vec<Offer> = Vec::new();
        for (code, count) in indexed.live()?.index.codes(kind) {
            let name = names.get(&code).cloned().unwrap_or_default();
            let text = format!("{} {}", name.to_lowercase(), code.value.to_lowercase());
            if !words.iter().all(|word| text.contains(word)) {
                continue;
            }
            if let Some(stem) = stem(&code)
                && !offers.iter().any(|o| o.pattern == stem.to_string())
            {
                let name =
                    format!("{} and everything under it", names.get(&stem.code).unwrap_or(&stem.code.value));
                offers.push(Offer {
                    label: stem.label(),
                    pattern: stem.to_string(),
                    name,
                    count: Cell::of(0),
                });
            }
            let pattern = CodePattern::exact(code.system.clone(), &code.value);
            offers.push(Offer { label: pattern.label(), pattern: pattern.to_string(), name, count });
            if offers.len() >= MOST_CODES {
                break;
            }
        }
        let scope = self.scope(None).await?;
        for offer in offers.iter_mut().filter(|offer| offer.pattern.ends_with('*')) {
            let text = format!("had {} {}", kind.name(), offer.pattern);
            if let Ok(checked) = check(&text, &scope) {
                offer.count = indexed.live()?.index.select(&checked, now).count();
            }
        }
        // Nothing is told before the log has it.
        let label = offers.iter().map(|offer| offer.label).max().unwrap_or_default();
        self.note_count(by.actor(), label, now).await?;
        Ok(offers)
    }
    /// What codes written in a segment are called.
    ///
    /// # Errors
    /// The database's.
    pub async fn code_names(
        &self,
        _by: Allowed<CheckSegment>,
        patterns: &[CodePattern],
    ) -> Result<Vec<Option<String>>> {
        let names = self.vocabulary().await?;
        Ok(patterns.iter().map(|pattern| names.get(&pattern.code).cloned()).collect())
    }
    /// Names of saved segments that are for them to read, and of value sets, for lists to choose from.
    ///
    /// # Errors
    /// The database's.
    pub async fn names_to_choose(&self, by: Allowed<CheckSegment>) -> Result<(Vec<String>, Vec<String>)> {
        let segments = self.documents::<super::SegmentContent>(discreet_store::DocumentKind::Segment).await?;
        let scope = self.scope(None).await?;
        let sets = self.documents::<super::ValueSetContent>(discreet_store::DocumentKind::ValueSet).await?;
        let names = |mut all: Vec<String>| {
            all.sort_by_key(|name| name.to_lowercase());
            all
        };
        Ok((
            names(
                segments
                    .into_iter()
                    .filter(|s| readable(&by, s, &scope).is_ok())
                    .map(|s| s.content.name)
                    .collect(),
            ),
            names(sets.into_iter().map(|s| s.content.name).collect()),
        ))
    }
}

/// The category an ICD-10 code belongs to: its first three letters.
fn stem(code: &Code) -> Option<CodePattern> {
    let category = code.value.get(..3).filter(|category| category.len() < code.value.len())?;
    (code.system == discreet_domain::System::Icd10).then(|| CodePattern::under(code.system.clone(), category))
}

pub(super) fn checked(
    expr: &Expr,
    scope: &Known,
) -> std::result::Result<discreet_segment::Checked, Vec<String>> {
    let parsed = Parsed::from_expr(expr.clone()).map_err(|e| vec![e.message])?;
    parsed.check(scope).map_err(|errors| {
        errors
            .into_iter()
            .map(|e| match e.suggestion {
                Some(word) => format!("{}. Did you mean {word}?", e.message),
                None => e.message,
            })
            .collect()
    })
}

fn count(expr: &Expr, scope: &Known, index: &Index, now: Timestamp) -> Said {
    let sentence = english::sentence(expr, scope);
    match checked(expr, scope) {
        Ok(checked) => {
            let count = Some(index.select(&checked, now).count());
            Said { sentence, label: checked.label(), count, wrong: Vec::new() }
        }
        Err(wrong) => Said { sentence, label: Label::L0, count: None, wrong },
    }
}

/// Says every part, by place.
fn say(
    group: &Group,
    place: &Place,
    count: &mut impl FnMut(&Expr) -> Said,
    parts: &mut BTreeMap<Place, Said>,
) {
    let whole = Outline { root: group.clone() }.expr();
    let said = whole.map_or_else(empty, |expr| count(&expr));
    parts.insert(place.clone(), said);
    for (at, part) in group.parts.iter().enumerate() {
        let place = place.part(at);
        match part {
            Part::Row(row) => drop(parts.insert(place, count(&row.expr()))),
            Part::Group(inner) => say(inner, &place, count, parts),
        }
    }
}

fn empty() -> Said {
    Said { sentence: String::new(), label: Label::L0, count: None, wrong: Vec::new() }
}

/// The only row that makes the whole as sensitive as it is, if there is one and it uses health information.
fn lesser(
    outline: &Outline,
    label: Label,
    scope: &Known,
    index: &Index,
    now: Timestamp,
) -> Option<(Place, Label, Cell)> {
    if label < Label::L2 {
        return None;
    }
    for (place, group) in outline.groups() {
        for at in 0..group.parts.len() {
            let place = place.part(at);
            let mut without = outline.clone();
            without.act(discreet_segment::outline::Act::Remove(place.clone())).ok()?;
            let Some(checked) = without.expr().and_then(|expr| checked(&expr, scope).ok()) else { continue };
            if checked.label() < label && matches!(outline.part(&place), Some(Part::Row(_))) {
                return Some((place, checked.label(), index.select(&checked, now).count()));
            }
        }
    }
    None
}
