//! The saved segments: their versions, what became of them, who is in them by an attribute.

use super::{RESTRICTED, Saved, SegmentContent, check, label_now, readable, reading};
use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, CountSegment, ListSegments};
use discreet_domain::{Cell, Label, SegmentId, Timestamp, Viewer};
use discreet_segment::english;
use discreet_store::DocumentKind;

/// Rows of a breakdown, at most; the rest is one row.
pub const MOST_ROWS: usize = 12;

/// A saved segment as the library shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which.
    pub id: SegmentId,
    /// Its name; of one that is restricted, what it is called instead.
    pub name: String,
    /// It is sensitive, and not for whoever asks to read: neither name nor sentence is told.
    pub restricted: bool,
    /// Its version.
    pub version: u64,
    /// How careful to be with it.
    pub label: Label,
    /// In words; `None` if it does not hold together any more (a value set or nested segment has gone).
    pub sentence: Option<String>,
    /// What it rests on.
    pub bases: Vec<&'static str>,
    /// When this version was saved.
    pub changed: Timestamp,
}

/// One version of a segment.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number.
    pub version: u64,
    /// Who saved it, by name.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// How careful to be with it.
    pub label: Label,
    /// Its text.
    pub text: String,
    /// One condition a line, in words.
    pub outline: String,
}

/// How a segment divides by an attribute. No count in it can be worked out that is hidden.
#[derive(Clone, Debug)]
pub struct Divided {
    /// Value and how many; `None`: hidden, to protect another.
    pub rows: Vec<(String, Option<Cell>)>,
    /// How many all together.
    pub all: Cell,
}

impl App {
    /// The saved segments, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn library(&self, by: Allowed<ListSegments>) -> Result<Vec<Listed>> {
        let scope = self.scope(None).await?;
        let mut listed = Vec::new();
        for document in self.documents::<SegmentContent>(DocumentKind::Segment).await? {
            let checked = check(&document.content.text, &scope).ok();
            let label = label_now(&document, checked.as_ref());
            let restricted = !by.may_read_segment(label, document.author);
            let read = checked.filter(|_| !restricted).map(|checked| reading(&checked, &scope));
            listed.push(Listed {
                id: SegmentId::from_uuid(document.id),
                name: if restricted { RESTRICTED.to_owned() } else { document.content.name },
                restricted,
                version: document.version,
                label,
                bases: read.as_ref().map(|r| r.bases.clone()).unwrap_or_default(),
                sentence: read.map(|r| r.sentence),
                changed: document.at,
            });
        }
        listed.sort_by_key(|segment| segment.name.to_lowercase());
        Ok(listed)
    }
    /// A saved segment.
    ///
    /// # Errors
    /// No such segment; one that is not for them to read; the database's.
    pub async fn segment(&self, by: Allowed<ListSegments>, id: SegmentId) -> Result<Saved> {
        self.readable_segment(&by, id).await
    }
    /// All versions of a segment, the newest first; of those that are not for them to read without text.
    ///
    /// # Errors
    /// No such segment; one that is not for them to read; the database's.
    pub async fn segment_versions(&self, by: Allowed<ListSegments>, id: SegmentId) -> Result<Vec<Version>> {
        let newest = self.readable_segment(&by, id).await?.version;
        let scope = self.scope(None).await?;
        let mut versions = Vec::new();
        for version in (1..=newest).rev() {
            let mut document = self.document::<SegmentContent>(id.uuid(), version).await?;
            if readable(&by, &document, &scope).is_err() {
                document.content.text = String::new();
            }
            let parsed = discreet_segment::parse(&document.content.text);
            let outline = parsed.map(|p| english::outline(p.expr(), &scope)).unwrap_or_default();
            let author = match document.author {
                Some(author) => self.store.read().await?.account(author).await?.map(|a| a.name),
                None => None,
            };
            versions.push(Version {
                version,
                author: author.unwrap_or_default(),
                at: document.at,
                label: document.label,
                text: document.content.text,
                outline,
            });
        }
        Ok(versions)
    }
    /// How those in a segment divide by an attribute, as this viewer may know it.
    ///
    /// # Errors
    /// What is wrong with the text; the database's.
    pub async fn divide(
        &self,
        by: Allowed<CountSegment>,
        text: &str,
        attribute: &str,
        now: Timestamp,
    ) -> Result<Divided> {
        let scope = self.scope(None).await?;
        if scope.attribute_label(attribute).is_none() {
            return Err(AppError::NotFound("attribute"));
        }
        let checked = check(text, &scope)?;
        let label = checked.label().max(scope.attribute_label(attribute).unwrap_or_default());
        self.note_count(by.actor(), label, now).await?;
        let indexed = self.indexed(now).await?;
        let selection = indexed.live()?.index.select(&checked, now);
        let found = selection.breakdown(attribute);
        let mut rows = found.values;
        let rest: u64 = rows.iter().skip(MOST_ROWS).map(|(_, cell)| cell.exact()).sum();
        rows.truncate(MOST_ROWS);
        if rest > 0 {
            rows.push(("All others".to_owned(), Cell::of(rest)));
        }
        if found.others.exact() > 0 {
            rows.push(("Not known".to_owned(), found.others));
        }
        Ok(Divided { rows: protected(rows, by.viewer()), all: selection.count() })
    }
}

/// Where exactly one cell is hidden for being small, the others and their sum would tell it: the next smallest is hidden
/// too (complementary suppression).
fn protected(rows: Vec<(String, Cell)>, viewer: Viewer) -> Vec<(String, Option<Cell>)> {
    let small = |cell: Cell| cell.shown_to(viewer).number().is_none();
    let hidden = rows.iter().filter(|(_, cell)| small(*cell)).count();
    let next = match hidden {
        1 => rows
            .iter()
            .filter(|(_, cell)| !small(*cell) && cell.exact() > 0)
            .map(|(_, cell)| cell.exact())
            .min(),
        _ => None,
    };
    let mut to_hide = next;
    rows.into_iter()
        .map(|(value, cell)| {
            if to_hide == Some(cell.exact()) && !small(cell) {
                to_hide = None;
                return (value, None);
            }
            (value, Some(cell))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(counts: &[u64], viewer: Viewer) -> Vec<String> {
        let rows = counts.iter().map(|n| (n.to_string(), Cell::of(*n))).collect();
        let said =
            |cell: Option<Cell>| cell.map_or("not shown".to_owned(), |c| c.shown_to(viewer).to_string());
        protected(rows, viewer).into_iter().map(|(_, cell)| said(cell)).collect()
    }

    #[test]
    fn a_lone_small_cell_takes_the_next_smallest_with_it() {
        let numbers = |counts: &[u64]| shown(counts, Viewer::SeesNumbers);
        assert_eq!(numbers(&[100, 50, 7, 0]), ["100", "not shown", "<11", "0"]);
        assert_eq!(numbers(&[100, 50, 7, 3]), ["100", "50", "<11", "<11"]);
        assert_eq!(numbers(&[100, 50]), ["100", "50"]);
        assert_eq!(numbers(&[50, 50, 7]), ["not shown", "50", "<11"], "one of two that are equal");
        assert_eq!(numbers(&[7]), ["<11"]);
        assert_eq!(shown(&[100, 50, 7], Viewer::SeesPatients), ["100", "50", "7"]);
    }
}
