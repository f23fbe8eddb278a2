//! Step 1: why do we send this, and may we?

use super::steps::{Decision, Kept, Opened, Steps, decision, keep, open};
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Late, Page};
use crate::staff::parts::{self, Choice};
use crate::staff::signed::{Fragment, Signed};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_domain::Topic;
use discreet_policy::{Block, Owner, Remuneration, What, classify};
use uuid::Uuid;

/// The questionnaire.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/purpose.html")]
pub(crate) struct Purpose {
    frame: Frame,
    steps: Steps,
    form: Form,
    revision: u64,
    topics: Vec<(String, String)>,
    decision: Decision,
}

/// What it is for, in plain words: the word in the form, the words, why we ask.
const ABOUT: [(&str, &str, &str); 6] = [
    ("appointment", "Remind of or prepare for a visit", "A visit that is booked, or follow-up of one"),
    (
        "care",
        "Help with care or treatment",
        "Care coordination, case management, other treatments or places of care",
    ),
    ("own", "Tell patients about our own service", "A service, clinic or program of ours"),
    ("third", "Tell them about someone else’s product", "Even of a sister company"),
    ("general", "Give general health information", "Nothing and nobody is promoted"),
    (
        "else",
        "Something else",
        "Donations, billing, studies, notices the law requires: not sent from here yet",
    ),
];
const PAID: [(&str, &str); 5] = [
    ("nobody", "Nobody"),
    ("maker", "Yes, who makes or offers what we describe"),
    ("other", "Yes, someone else"),
    ("in_kind", "Goods or help only"),
    ("unknown", "I don’t know"),
];

impl Purpose {
    fn about(&self) -> Vec<Choice> {
        ABOUT.iter().map(|(v, label, why)| Choice::new(&self.form, "about", v, label).hint(why)).collect()
    }
    fn health(&self) -> Vec<Choice> {
        [("yes", "Yes"), ("no", "No")].map(|(v, label)| Choice::new(&self.form, "health", v, label)).to_vec()
    }
    fn paid(&self) -> Vec<Choice> {
        PAID.iter().map(|(v, label)| Choice::new(&self.form, "paid", v, label)).collect()
    }
    fn topic_choices(&self) -> Vec<Choice> {
        self.topics.iter().map(|(word, name)| Choice::new(&self.form, "topic", word, name)).collect()
    }
}

/// The answers as the decision table takes them.
fn read(posted: &Posted) -> Option<Block> {
    let about = posted.get("about");
    let (what, owner) = match about {
        "appointment" => (Some(What::Appointment), Some(Owner::Own)),
        "care" => (Some(What::Care), Some(Owner::Own)),
        "own" => (Some(What::Promotion), Some(Owner::Own)),
        "third" => (Some(What::Promotion), Some(Owner::Third)),
        "general" => (Some(What::GeneralHealth), Some(Owner::None)),
        "else" => (None, None),
        _ => return None,
    };
    let health_related = match posted.get("health") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let remuneration = match posted.get("paid") {
        "nobody" => [Remuneration::None].into(),
        "maker" => [Remuneration::DescribedParty].into(),
        "other" => [Remuneration::Other].into(),
        "in_kind" => [Remuneration::InKind].into(),
        _ => std::collections::BTreeSet::new(),
    };
    Some(Block { what, owner, health_related, remuneration })
}

/// The form that says these answers.
fn said(opened: &Opened) -> Form {
    let content = &opened.draft.content;
    let mut form = Form::default().with("name", &content.name);
    if let Some(topic) = &content.topic {
        form.set("topic", topic.as_str());
    }
    let Some(block) = &content.purpose else { return form };
    let about = match (block.what, block.owner) {
        (Some(What::Appointment), _) => "appointment",
        (Some(What::Care), _) => "care",
        (Some(What::Promotion), Some(Owner::Third)) => "third",
        (Some(What::Promotion), _) => "own",
        (Some(What::GeneralHealth), _) => "general",
        (None, _) => "else",
    };
    let paid = match block.remuneration.iter().next() {
        Some(Remuneration::None) => "nobody",
        Some(Remuneration::DescribedParty) => "maker",
        Some(Remuneration::Other | Remuneration::Treatment) => "other",
        Some(Remuneration::InKind) => "in_kind",
        None => "unknown",
    };
    form.set("about", about);
    form.set("paid", paid);
    if let Some(health) = block.health_related {
        form.set("health", if health { "yes" } else { "no" });
    }
    form
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
) -> Result<Page<Purpose>> {
    let opened = open(&site, &signed, id).await?;
    Ok(Page(page(&site, &signed, opened).await?))
}

async fn page(site: &Site, signed: &Signed, mut opened: Opened) -> Result<Purpose> {
    Ok(Purpose {
        frame: Frame::of(site, signed, Section::Campaigns).await?,
        steps: opened.steps("purpose"),
        form: said(&opened),
        revision: opened.draft.revision,
        topics: site.app.settings().topics.into_iter().collect(),
        decision: decision(&opened.draft.content.classified()),
    })
}

pub(crate) async fn save(
    State(site): State<Site>,
    signed: Signed,
    fragment: Fragment,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    // While answering, only what the rules say is asked for; it is kept when the step is left.
    if fragment.0 {
        let asked: Vec<Block> = read(&posted).into_iter().collect();
        return Ok(Page(decision(&classify(&asked))).into_response());
    }
    let opened = open(&site, &signed, id).await?;
    let mut draft = opened.draft;
    draft.content.name = posted.get("name").to_owned();
    draft.content.topic = Topic::parse(posted.get("topic")).ok();
    draft.content.purpose = read(&posted);
    Ok(match keep(&site, &signed, draft, &posted, ("purpose", "message")).await? {
        Kept::Saved(to) => to.into_response(),
        Kept::Overtaken(opened) => Late(page(&site, &signed, *opened).await?).into_response(),
    })
}
