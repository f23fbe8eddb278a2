//! The catalog: every attribute and kind of event there is, and how careful to be with each. Attributes of one's own are
//! added here, and labels raised.

use super::tabs;
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Badge, Choice, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, ListSegments, LowerLabel, ManageCatalog};
use discreet_app::AppError;
use discreet_app::catalog::{GIVEN, OWN_BASES, OWN_KINDS, StaleSegment};
use discreet_domain::catalog::{Attribute, Kind};
use discreet_domain::{Catalog as Known, Label};
use std::sync::Arc;

/// The fields of a new attribute.
const NEW: [&str; 5] = ["name", "title", "kind", "basis", "new_label"];

/// The catalog.
#[derive(Template, Debug)]
#[template(path = "staff/settings/catalog.html")]
pub(crate) struct Catalog {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    catalog: Arc<Known>,
    builtin: Known,
    /// Saved segments that mean something else, or have another label, than when they were saved.
    stale: Vec<StaleSegment>,
    may_change: bool,
    may_lower: bool,
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "Words",
        Kind::Number => "Number",
        Kind::Bool => "Yes or no",
        Kind::Date => "Date",
        Kind::Code => "Code",
        Kind::Set => "Several words",
        Kind::Zip => "ZIP code",
    }
}

/// The word of a type, as the form carries it.
fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Bool => "bool",
        Kind::Date => "date",
        Kind::Code => "code",
        Kind::Set => "set",
        Kind::Zip => "zip",
    }
}

impl Catalog {
    fn badge(&self, label: &Label) -> Badge {
        parts::badge(*label)
    }
    fn kind(&self, kind: &Kind) -> &'static str {
        kind_words(*kind)
    }
    fn is_own(&self, name: &str) -> bool {
        self.builtin.attribute(name).is_none()
    }
    /// Whether the label was raised here.
    fn is_raised(&self, name: &str, label: &Label) -> bool {
        let attribute = self.builtin.attribute(name).map(|known| known.label);
        let begun = attribute.or_else(|| self.builtin.event(name).map(|known| known.label));
        begun.is_some_and(|begun| *label > begun)
    }
    fn names(&self) -> Vec<Choice> {
        let one = |name: &str, title: &str, label: Label| {
            Choice::new(&self.form, "what", name, &format!("{title} ({}, {name})", label.name()))
        };
        let attributes = self.catalog.attributes.iter().map(|a| one(&a.name, &a.title, a.label));
        let events = self.catalog.events.iter().map(|e| one(&e.name, &e.title, e.label));
        attributes.chain(events).collect()
    }
    fn labels(&self, field: &str) -> Vec<Choice> {
        let one = |label: &Label| {
            Choice::new(&self.form, field, label.name(), &format!("{}: {}", label.name(), label.meaning()))
        };
        GIVEN.iter().map(one).collect()
    }
    fn hint(&self) -> &'static str {
        match self.may_lower {
            true => {
                "Segments that use it must be saved again before a campaign uses them. A label can be taken back down to the one it began with."
            }
            false => {
                "Segments that use it must be saved again before a campaign uses them. Only a privacy officer takes a label back."
            }
        }
    }
    fn kinds(&self) -> Vec<Choice> {
        let one = |kind: &Kind| Choice::new(&self.form, "kind", kind_word(*kind), kind_words(*kind));
        OWN_KINDS.iter().map(one).collect()
    }
    fn bases(&self) -> Vec<Choice> {
        OWN_BASES.iter().map(|basis| Choice::new(&self.form, "basis", basis.name(), basis.name())).collect()
    }
}

async fn page(site: &Site, signed: &Signed, form: Form) -> Result<Catalog> {
    let stale = match signed.can(ActionName::ListSegments) {
        true => site.app.stale_segments(signed.leave(site, ListSegments).await?).await?,
        false => Vec::new(),
    };
    Ok(Catalog {
        frame: Frame::of(site, signed, Section::Settings).await?,
        tabs: tabs(signed, "/settings/catalog"),
        form,
        catalog: site.app.catalog(),
        builtin: Known::builtin(),
        stale,
        may_change: signed.can(ActionName::ManageCatalog),
        may_lower: signed.can(ActionName::LowerLabel),
    })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Catalog>> {
    Ok(Page(page(&site, &signed, Form::default().with("new_label", "L2")).await?))
}

/// The page again with what a verb objects to, or on to what was changed.
async fn answered(
    site: &Site,
    signed: &Signed,
    mut form: Form,
    field: &str,
    done: std::result::Result<(), AppError>,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(GoTo::page("/settings/catalog").into_response()),
        Err(AppError::Invalid(text)) => {
            form.wrong(field, capital(&text));
            Ok(Again(page(site, signed, form).await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn add(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &NEW);
    form.need("name", "Enter a name, as segments and imports will write it");
    form.need("title", "Enter a title for people");
    let kind = OWN_KINDS.into_iter().find(|kind| kind_word(*kind) == posted.get("kind"));
    let basis = OWN_BASES.into_iter().find(|basis| basis.name() == posted.get("basis"));
    let label = Label::parse(posted.get("new_label"));
    let (Some(kind), Some(basis), Some(label), true) = (kind, basis, label, form.is_fine()) else {
        return Ok(Again(page(&site, &signed, form).await?).into_response());
    };
    let attribute = Attribute {
        name: posted.get("name").to_owned(),
        title: posted.get("title").to_owned(),
        kind,
        label,
        basis,
        values: Vec::new(),
    };
    let by = signed.leave(&site, ManageCatalog).await?;
    let done = site.app.add_attribute(by, attribute, site.now()).await;
    answered(&site, &signed, form, "name", done).await
}

pub(crate) async fn set_label(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["what", "label"]);
    let catalog = site.app.catalog();
    let name = posted.get("what");
    let attribute = catalog.attribute(name).map(|known| known.label);
    let was = attribute.or_else(|| catalog.event(name).map(|known| known.label));
    let was = was.ok_or(StaffError::Missing("attribute"))?;
    let Some(label) = Label::parse(posted.get("label")) else {
        form.wrong("label", "Choose a label");
        return Ok(Again(page(&site, &signed, form).await?).into_response());
    };
    let done = if label < was && signed.can(ActionName::LowerLabel) {
        let by = signed.leave(&site, LowerLabel).await?;
        site.app.lower_label(by, name, label, site.now()).await
    } else {
        let by = signed.leave(&site, ManageCatalog).await?;
        site.app.raise_label(by, name, label, site.now()).await
    };
    answered(&site, &signed, form, "label", done).await
}
