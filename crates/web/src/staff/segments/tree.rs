//! The tree as shown: nested lists of rows that are sentences, each with its count and what can be done to it.

use crate::staff::parts::{self, Badge};
use askama::Template;
use discreet_app::segments::study::{Said, Study};
use discreet_domain::{Label, Viewer};
use discreet_segment::outline::{Group, Join, Outline, Part, Place};

/// What every part of the tree needs: whose draft, at which revision.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) path: String,
    pub(crate) revision: u64,
    pub(crate) form_token: String,
}

/// A form that stands in the tree: a row being edited, or one being added at the end of a group.
pub(crate) enum Open {
    /// In the place of a row.
    Edit(Place, String),
    /// At the end of a group.
    Add(Place, String),
}

/// A row.
#[derive(Template, Debug)]
#[template(path = "staff/segments/row.html")]
pub(crate) struct RowView {
    at: Context,
    place: Place,
    number: String,
    sentence: String,
    badge: Option<Badge>,
    count: Option<String>,
    wrong: Vec<String>,
    groups: Vec<(String, String)>,
    /// A form in its place, written out.
    form: Option<String>,
    focus: bool,
    /// It alone leaves nobody.
    emptying: bool,
}

/// A group.
#[derive(Template, Debug)]
#[template(path = "staff/segments/group.html")]
pub(crate) struct GroupView {
    at: Context,
    place: Place,
    number: String,
    join: Join,
    parts: Vec<PartView>,
    count: Option<String>,
    groups: Vec<(String, String)>,
    /// A form at its end, written out.
    form: Option<String>,
    focus: bool,
}

#[derive(Debug)]
pub(crate) enum PartView {
    Row(RowView),
    Group(GroupView),
}

impl std::fmt::Display for PartView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PartView::Row(row) => row.fmt(f),
            PartView::Group(group) => group.fmt(f),
        }
    }
}
impl askama::filters::HtmlSafe for PartView {}
impl askama::filters::HtmlSafe for GroupView {}

/// For ids: `p-2-0`.
fn id(place: &Place) -> String {
    place.0.iter().fold("p".to_owned(), |id, step| format!("{id}-{step}"))
}
impl RowView {
    fn id(&self) -> String {
        id(&self.place)
    }
}
impl GroupView {
    fn id(&self) -> String {
        id(&self.place)
    }
    fn is_root(&self) -> bool {
        self.place.0.is_empty()
    }
    fn joins(&self) -> [Join; 4] {
        Join::ALL
    }
    fn is(&self, join: &Join) -> bool {
        self.join == *join
    }
    /// For a screen reader: what the group is.
    fn legend(&self) -> String {
        let name =
            if self.is_root() { "The whole segment".to_owned() } else { format!("Group {}", self.number) };
        let n = self.parts.len();
        format!("{name}: {}, {n} {}", self.join.title(), if n == 1 { "condition" } else { "conditions" })
    }
}

/// Builds the views of a tree.
pub(crate) struct Trees<'a> {
    pub(crate) at: Context,
    pub(crate) outline: &'a Outline,
    pub(crate) study: &'a Study,
    pub(crate) viewer: Viewer,
    pub(crate) open: Option<Open>,
    pub(crate) focus: Option<Place>,
}

impl Trees<'_> {
    pub(crate) fn root(&self) -> GroupView {
        self.group(&self.outline.root, &Place::default())
    }
    fn said(&self, place: &Place) -> Option<&Said> {
        self.study.parts.get(place)
    }
    fn count(&self, place: &Place) -> Option<String> {
        Some(self.said(place)?.count?.shown_to(self.viewer).for_people())
    }
    /// The groups a part can go into: not into itself, and not where it is.
    fn groups(&self, place: &Place) -> Vec<(String, String)> {
        let here = place.up().map(|(group, _)| group);
        let others = self.outline.groups().into_iter().map(|(p, _)| p);
        others
            .filter(|p| Some(p) != here.as_ref() && !p.0.starts_with(&place.0))
            .map(|p| {
                let name = if p.0.is_empty() {
                    "the outermost group".to_owned()
                } else {
                    format!("group {}", p.shown())
                };
                (p.to_string(), name)
            })
            .collect()
    }
    fn group(&self, group: &Group, place: &Place) -> GroupView {
        let parts = group.parts.iter().enumerate().map(|(at, part)| {
            let place = place.part(at);
            match part {
                Part::Row(_) => PartView::Row(self.row(&place)),
                Part::Group(inner) => PartView::Group(self.group(inner, &place)),
            }
        });
        GroupView {
            at: self.at.clone(),
            parts: parts.collect(),
            number: place.shown(),
            join: group.join,
            count: self.count(place).filter(|_| !group.parts.is_empty()),
            groups: self.groups(place),
            form: match &self.open {
                Some(Open::Add(at, form)) if at == place => Some(form.clone()),
                _ => None,
            },
            focus: self.focus.as_ref() == Some(place),
            place: place.clone(),
        }
    }
    fn row(&self, place: &Place) -> RowView {
        let nothing = Said { sentence: String::new(), label: Label::L0, count: None, wrong: Vec::new() };
        let said = self.said(place).unwrap_or(&nothing);
        let whole = self.study.counted.as_ref().map(|counted| counted.count.exact());
        RowView {
            at: self.at.clone(),
            number: place.shown(),
            sentence: super::builder::sentence(&said.sentence),
            badge: (said.label >= Label::L2).then(|| parts::badge(said.label)),
            count: self.count(place),
            wrong: said.wrong.clone(),
            groups: self.groups(place),
            form: match &self.open {
                Some(Open::Edit(at, form)) if at == place => Some(form.clone()),
                _ => None,
            },
            focus: self.focus.as_ref() == Some(place),
            emptying: whole == Some(0) && said.count.is_some_and(|count| count.exact() == 0),
            place: place.clone(),
        }
    }
}
