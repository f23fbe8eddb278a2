//! Step 3: to whom.

use super::steps::{Kept, Opened, Steps, keep, open};
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Late, Page};
use crate::staff::parts::{self, Choice, Funnel};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ListSegments, PreviewCampaign};
use discreet_app::segments::Counted;
use uuid::Uuid;

/// Stands for the segment that was chosen by somebody who may read its name. No name holds a tab.
const AS_IT_IS: &str = "\t";

/// Which segment, and whom of it.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/audience.html")]
pub(crate) struct Audience {
    frame: Frame,
    steps: Steps,
    form: Form,
    revision: u64,
    segments: Vec<String>,
    restricted: bool,
    found: Option<FoundAudience>,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct FoundAudience {
    pub(crate) sentence: String,
    pub(crate) eligible: String,
    pub(crate) selected: String,
    pub(crate) at: String,
    pub(crate) none: bool,
    pub(crate) funnel: Funnel,
    pub(crate) badge: parts::Badge,
}

impl Audience {
    fn choices(&self) -> Vec<Choice> {
        let mut all = vec![Choice::new(&self.form, "segment", "", "Choose a segment")];
        if self.restricted {
            all.push(Choice::new(&self.form, "segment", AS_IT_IS, "Restricted segment, as it is"));
        }
        all.extend(self.segments.iter().map(|name| Choice::new(&self.form, "segment", name, name)));
        all
    }
}

/// The funnel of a draft's segment.
pub(crate) async fn find(
    site: &Site,
    signed: &Signed,
    draft: &discreet_app::campaigns::drafts::CampaignDraft,
) -> Result<Option<FoundAudience>> {
    let by = signed.leave(site, PreviewCampaign).await?;
    let counted = site.app.preview_audience(&by, draft, site.now()).await?;
    Ok(counted.map(|(counted, sentence)| found(site, signed, &counted, sentence)))
}

/// What was counted, as it is shown.
pub(super) fn found(site: &Site, signed: &Signed, counted: &Counted, sentence: String) -> FoundAudience {
    let viewer = signed.viewer();
    FoundAudience {
        sentence,
        eligible: counted.eligible.shown_to(viewer).for_people(),
        selected: counted.count.shown_to(viewer).for_people(),
        at: site.app.zone().clock_of(site.now()),
        none: counted.eligible.exact() == 0,
        funnel: parts::funnel(counted, viewer),
        badge: parts::badge(counted.label),
    }
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
) -> Result<Page<Audience>> {
    let opened = open(&site, &signed, id).await?;
    Ok(Page(page(&site, &signed, opened).await?))
}

async fn page(site: &Site, signed: &Signed, mut opened: Opened) -> Result<Audience> {
    let steps = opened.steps("audience");
    let segments = site.app.segments(signed.leave(site, ListSegments).await?).await?;
    let mut segments: Vec<String> = segments.into_iter().filter(|s| !s.restricted).map(|s| s.name).collect();
    segments.sort_by_key(|name| name.to_lowercase());
    let content = &opened.draft.content;
    let chosen_restricted = content.segment.as_ref().is_some_and(|name| !segments.contains(name));
    let chosen = match chosen_restricted {
        true => AS_IT_IS.to_owned(),
        false => content.segment.clone().unwrap_or_default(),
    };
    Ok(Audience {
        frame: Frame::of(site, signed, Section::Campaigns).await?,
        steps,
        form: Form::default().with("segment", chosen),
        revision: opened.draft.revision,
        restricted: chosen_restricted,
        segments,
        found: find(site, signed, content).await?,
    })
}

pub(crate) async fn save(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let mut draft = site.app.campaign_draft(signed.leave(&site, PreviewCampaign).await?, id).await?;
    if posted.raw("segment") != AS_IT_IS {
        draft.content.segment = Some(posted.get("segment").to_owned()).filter(|name| !name.is_empty());
    }
    let next = if posted.get("do") == "next" { "schedule" } else { "audience" };
    Ok(match keep(&site, &signed, draft, &posted, ("audience", next)).await? {
        Kept::Saved(to) => to.into_response(),
        Kept::Overtaken(opened) => Late(page(&site, &signed, *opened).await?).into_response(),
    })
}
