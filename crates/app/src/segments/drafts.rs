//! Segments in the making: what the visual builder shows and changes. Kept on the server, so that reload, another window
//! and no script at all show the truth; undo is kept with it.

use super::study::checked;
use super::{Saved, SegmentContent, canonical, readable, restricted};
use crate::app::App;
use crate::drafts::Draft;
use crate::error::{AppError, Result};
use crate::scope::Known;
use discreet_access::{Action, Allowed, CountSegment, ListSegments, SaveSegment};
use discreet_domain::{Label, SegmentId, Timestamp, Topic};
use discreet_segment::outline::{Act, Outline, Place};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of these drafts.
const KIND: &str = "segment draft";
/// How many acts can be undone.
pub const MOST_UNDONE: usize = 30;

/// What is in a draft of a segment.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct SegmentDraft {
    /// The name it has or is to have; may be empty.
    pub name: String,
    /// The saved segment it began from, and its version then.
    pub from: Option<(Uuid, u64)>,
    /// The tree.
    pub outline: Outline,
    /// Trees before it, the last one last.
    pub before: Vec<Outline>,
    /// Trees that were undone, the next one last.
    pub after: Vec<Outline>,
    /// Text that was typed and cannot be read: the tree is the last that could be.
    pub unread: Option<String>,
    /// The topic that reachability is counted for.
    pub topic: Option<Topic>,
}

impl SegmentDraft {
    /// The text it says; empty while there is no condition in it.
    pub fn text(&self) -> String {
        self.outline.expr().map_or_else(String::new, |expr| canonical(&expr))
    }
    fn keep(&mut self, was: Outline) {
        self.before.push(was);
        if self.before.len() > MOST_UNDONE {
            self.before.remove(0);
        }
        self.after.clear();
        self.unread = None;
    }
}

/// What a draft begins from.
#[derive(Clone, Debug)]
pub enum Beginning {
    /// Nothing.
    Nothing,
    /// The newest version of a saved segment.
    Saved(SegmentId),
    /// A text, under a name.
    Text(String, String),
}

/// A change to a draft.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one lives at a time")]
pub enum Change {
    /// An act on the tree.
    Act(Act),
    /// The whole tree, as text. What cannot be read is kept as it was typed; the tree stays.
    Text(String),
    /// Takes the last change back.
    Undo,
    /// Takes that back.
    Redo,
    /// Counts for another topic.
    Topic(Topic),
}

impl App {
    /// Begins a draft.
    ///
    /// # Errors
    /// No such segment; a text that cannot be read; the database's.
    pub async fn begin_segment_draft(
        &self,
        by: Allowed<SaveSegment>,
        beginning: Beginning,
        now: Timestamp,
    ) -> Result<Draft<SegmentDraft>> {
        let content = match beginning {
            Beginning::Nothing => SegmentDraft::default(),
            Beginning::Text(name, text) => {
                SegmentDraft { name, outline: read(&text)?, ..SegmentDraft::default() }
            }
            Beginning::Saved(id) => {
                let saved = self.readable_segment(&by, id).await?;
                let outline = read(&saved.text)?;
                let from = Some((id.uuid(), saved.version));
                SegmentDraft { name: saved.name, from, outline, ..SegmentDraft::default() }
            }
        };
        self.begin_draft(KIND, by.user(), content, now).await
    }
    /// A draft.
    ///
    /// # Errors
    /// No such draft; one that is not for them to read; the database's.
    pub async fn segment_draft(&self, by: Allowed<CountSegment>, id: Uuid) -> Result<Draft<SegmentDraft>> {
        self.readable_draft(&by, id).await
    }
    async fn readable_draft<A: Action>(&self, by: &Allowed<A>, id: Uuid) -> Result<Draft<SegmentDraft>> {
        let draft: Draft<SegmentDraft> = self.draft(KIND, id).await?;
        match by.may_read_segment(label_of(&draft.content, &self.scope(None).await?), Some(draft.owner)) {
            true => Ok(draft),
            false => Err(restricted()),
        }
    }
    /// All drafts that are for them to read, the last changed first.
    ///
    /// # Errors
    /// The database's.
    pub async fn segment_drafts(&self, by: Allowed<ListSegments>) -> Result<Vec<Draft<SegmentDraft>>> {
        let scope = self.scope(None).await?;
        let all: Vec<Draft<SegmentDraft>> = self.drafts(KIND).await?;
        let mine = |d: &Draft<SegmentDraft>| by.may_read_segment(label_of(&d.content, &scope), Some(d.owner));
        Ok(all.into_iter().filter(mine).collect())
    }
    /// Changes a draft that is still at this revision. Says where the part is that an act was about.
    ///
    /// # Errors
    /// [`AppError::Stale`] if it is not; an act that cannot be done; the database's.
    pub async fn change_segment_draft(
        &self,
        by: Allowed<SaveSegment>,
        id: Uuid,
        revision: u64,
        change: Change,
        now: Timestamp,
    ) -> Result<(Draft<SegmentDraft>, Place)> {
        let mut draft = self.readable_draft(&by, id).await?;
        if draft.revision != revision {
            return Err(AppError::Stale);
        }
        let place = apply(&mut draft.content, change)?;
        self.keep_draft(&mut draft, (by.user(), now)).await?;
        Ok((draft, place))
    }
    /// Saves a draft as a segment: a new one, or the next version of the one it began from. The draft goes.
    ///
    /// # Errors
    /// [`AppError::Stale`]; no condition in it, text that cannot be read, a name that is taken; the database's.
    pub async fn save_segment_draft(
        &self,
        by: Allowed<SaveSegment>,
        (id, revision): (Uuid, u64),
        name: &str,
        now: Timestamp,
    ) -> Result<Saved> {
        let draft = self.readable_draft(&by, id).await?;
        if draft.revision != revision {
            return Err(AppError::Stale);
        }
        if draft.content.unread.is_some() {
            return Err(AppError::conflict("the text cannot be read yet: mend it first, or undo"));
        }
        let text = draft.content.text();
        if text.is_empty() {
            return Err(AppError::invalid("a segment needs at least one condition"));
        }
        self.refuse_overwriting(&draft.content, name).await?;
        let saved = self.save_segment(by, name, &text, now).await?;
        let mut tx = self.store.begin(discreet_store::Lane::Receipt).await?;
        tx.drop_draft(id).await?;
        self.settle(tx, &[]).await?;
        Ok(saved)
    }
    /// A name that another segment has is not taken over by accident; nor is a version that somebody saved meanwhile.
    async fn refuse_overwriting(&self, draft: &SegmentDraft, name: &str) -> Result<()> {
        let kind = discreet_store::DocumentKind::Segment;
        let tag = self.name_tag(kind.name(), name);
        match (self.store.read().await?.document_named(kind, tag).await?, draft.from) {
            (Some((found, version)), Some((from, began))) if found == from => {
                if version == began {
                    Ok(())
                } else {
                    Err(AppError::conflict(format!(
                        "version {version} was saved meanwhile: save this under another name, or begin again from it"
                    )))
                }
            }
            (Some(_), _) => Err(AppError::conflict("there is a segment of that name already")),
            (None, _) => Ok(()),
        }
    }
    /// Throws away a draft that is still at this revision: what somebody else did to it meanwhile is not for them to lose.
    ///
    /// # Errors
    /// [`AppError::Stale`]; the database's.
    pub async fn discard_segment_draft(
        &self,
        by: Allowed<SaveSegment>,
        (id, revision): (Uuid, u64),
    ) -> Result<()> {
        let draft = self.readable_draft(&by, id).await?;
        if draft.revision != revision {
            return Err(AppError::Stale);
        }
        let mut tx = self.store.begin(discreet_store::Lane::Receipt).await?;
        tx.drop_draft(draft.id).await?;
        self.settle(tx, &[]).await
    }
    /// A saved segment, if it is for them to read.
    pub(crate) async fn readable_segment<A: Action>(&self, by: &Allowed<A>, id: SegmentId) -> Result<Saved> {
        let all = self.documents::<SegmentContent>(discreet_store::DocumentKind::Segment).await?;
        let found = all.into_iter().find(|document| document.id == id.uuid());
        let found = found.ok_or(AppError::NotFound("segment"))?;
        // What it means is asked again where it is needed.
        readable(by, &found, &self.scope(None).await?)?.ok();
        Ok(Saved::of(found))
    }
}

/// How careful to be with a draft. One that is not in order may be about anything.
fn label_of(draft: &SegmentDraft, scope: &Known) -> Label {
    let outline = match draft.outline.expr() {
        Some(expr) => checked(&expr, scope).map_or(Label::L4, |checked| checked.label()),
        None => Label::L0,
    };
    if draft.unread.is_some() { Label::L4 } else { outline }
}

fn read(text: &str) -> Result<Outline> {
    let parsed = discreet_segment::parse(text).map_err(|e| AppError::Syntax(Box::new(e), text.to_owned()))?;
    Ok(Outline::of(parsed.expr()))
}

fn apply(draft: &mut SegmentDraft, change: Change) -> Result<Place> {
    match change {
        Change::Act(act) => {
            let was = draft.outline.clone();
            let place = draft.outline.act(act).map_err(|e| AppError::conflict(e.to_string()))?;
            draft.keep(was);
            Ok(place)
        }
        Change::Text(text) => {
            match read(&text) {
                Ok(outline) if outline == draft.outline => draft.unread = None,
                Ok(outline) => {
                    let was = std::mem::replace(&mut draft.outline, outline);
                    draft.keep(was);
                }
                Err(AppError::Syntax(..)) => draft.unread = Some(text),
                Err(other) => return Err(other),
            }
            Ok(Place::default())
        }
        Change::Undo => {
            // Text that cannot be read goes first: it changed nothing else.
            if draft.unread.take().is_none()
                && let Some(was) = draft.before.pop()
            {
                draft.after.push(std::mem::replace(&mut draft.outline, was));
            }
            Ok(Place::default())
        }
        Change::Redo => {
            if let Some(next) = draft.after.pop() {
                draft.before.push(std::mem::replace(&mut draft.outline, next));
            }
            Ok(Place::default())
        }
        Change::Topic(topic) => {
            draft.topic = Some(topic);
            Ok(Place::default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(draft: &mut SegmentDraft, change: Change) -> String {
        apply(draft, change).unwrap();
        draft.text()
    }

    #[test]
    fn text_and_tree_go_both_ways_and_undo_takes_back_each() {
        let mut draft = SegmentDraft::default();
        assert_eq!(
            changed(&mut draft, Change::Text("age >= 50 and sex = female".into())),
            "age >= 50 and sex = female"
        );
        assert_eq!(changed(&mut draft, Change::Act(Act::Remove(Place(vec![0])))), "sex = female");
        assert_eq!(
            changed(&mut draft, Change::Text("sex = ".into())),
            "sex = female",
            "the last that could be read"
        );
        assert_eq!(draft.unread.as_deref(), Some("sex = "));
        assert_eq!(changed(&mut draft, Change::Undo), "sex = female");
        assert_eq!(draft.unread, None);
        assert_eq!(changed(&mut draft, Change::Undo), "age >= 50 and sex = female");
        assert_eq!(changed(&mut draft, Change::Redo), "sex = female");
        assert_eq!(changed(&mut draft, Change::Undo), "age >= 50 and sex = female");
        assert_eq!(changed(&mut draft, Change::Undo), "");
        assert_eq!(changed(&mut draft, Change::Undo), "", "nothing before nothing");
        for n in 0..(MOST_UNDONE + 5) {
            changed(&mut draft, Change::Text(format!("age > {n}")));
        }
        assert_eq!(draft.before.len(), MOST_UNDONE);
    }
}
