//! What stands above each step: which they are, and which still need something.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::Posted;
use crate::staff::overtaken::Overtaken;
use crate::staff::page::GoTo;
use crate::staff::signed::Signed;
use askama::Template;
use discreet_access::{CreateCampaign, PreviewCampaign};
use discreet_app::AppError;
use discreet_app::campaigns::drafts::{CampaignDraft, Missing};
use discreet_app::drafts::Draft;
use discreet_domain::CampaignId;
use discreet_policy::{Classification, Row};
use uuid::Uuid;

/// The steps: word in the address, and name.
pub(crate) const STEPS: [(&str, &str); 5] = [
    ("purpose", "Purpose"),
    ("message", "Message"),
    ("audience", "Audience"),
    ("schedule", "Schedule"),
    ("review", "Review"),
];

/// The stepper.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/steps.html")]
pub(crate) struct Steps {
    id: Uuid,
    name: String,
    now: usize,
    steps: Vec<Step>,
    returned: Option<String>,
    /// It was submitted: changing it undoes that.
    submitted: Option<&'static str>,
    overtaken: Option<Overtaken>,
}

#[derive(Debug)]
struct Step {
    word: &'static str,
    name: &'static str,
    needs: bool,
}

impl askama::filters::HtmlSafe for Steps {}

/// A draft, with what each of its pages needs.
pub(crate) struct Opened {
    pub(crate) draft: Draft<CampaignDraft>,
    pub(crate) missing: Vec<Missing>,
    submitted: Option<&'static str>,
    /// Somebody saved it in between. Its content is then what was typed here, and not saved.
    overtaken: Option<Overtaken>,
}

/// Opens a draft. One that was started is not a draft any more: its progress is gone to.
pub(crate) async fn open(site: &Site, signed: &Signed, id: Uuid) -> Result<Opened> {
    let by = signed.leave(site, PreviewCampaign).await?;
    let draft = site.app.campaign_draft(by, id).await?;
    let by = signed.leave(site, PreviewCampaign).await?;
    let missing = site.app.missing(&by, &draft.content, site.now()).await?;
    let submitted = match site.app.campaign(&CampaignId::from_uuid(id).to_string()).await {
        Ok(campaign) => Some(campaign.state),
        Err(_) => None,
    };
    Ok(Opened { draft, missing, submitted, overtaken: None })
}

impl Opened {
    /// With what somebody else did meanwhile.
    pub(super) fn overtaken(self, by: Overtaken) -> Opened {
        Opened { overtaken: Some(by), ..self }
    }
    pub(crate) fn steps(&mut self, now: &str) -> Steps {
        let content = &self.draft.content;
        let needs = |word: &str| self.missing.iter().any(|missing| missing.step == word);
        Steps {
            id: self.draft.id,
            name: if content.name.is_empty() { "New campaign".to_owned() } else { content.name.clone() },
            now: STEPS.iter().position(|(word, _)| *word == now).unwrap_or(0),
            steps: STEPS.iter().map(|(word, name)| Step { word, name, needs: needs(word) }).collect(),
            returned: content.returned.clone(),
            submitted: self.submitted,
            overtaken: self.overtaken.take(),
        }
    }
}

/// What became of a draft that was to be kept.
pub(crate) enum Kept {
    /// It is: on to the next step.
    Saved(GoTo),
    /// Somebody saved it in between: the step is shown again as it was typed, at the newer revision. Sent once more, it
    /// stands instead of what they entered in this step; theirs in other steps stays.
    Overtaken(Box<Opened>),
}

const NOT_SAVED: &str = "What you entered is below and not saved yet. Saving it replaces what was saved there in this step; other steps stay as they are.";

/// Keeps a changed draft, and goes on to the next step.
pub(crate) async fn keep(
    site: &Site,
    signed: &Signed,
    mut draft: Draft<CampaignDraft>,
    posted: &Posted,
    (step, next): (&str, &str),
) -> Result<Kept> {
    let revision: u64 = posted.get("revision").parse().map_err(|_| StaffError::Malformed)?;
    let saved = Kept::Saved(GoTo::page(format!("/campaigns/{}/{next}", draft.id)));
    if draft.revision == revision {
        let by = signed.leave(site, CreateCampaign).await?;
        match site.app.change_campaign_draft(by, &mut draft, site.now()).await {
            Ok(()) => return Ok(saved),
            Err(AppError::Stale) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let mut opened = open(site, signed, draft.id).await?;
    // Sent twice, or they entered the same.
    if opened.draft.content == draft.content {
        return Ok(saved);
    }
    let theirs = format!("/campaigns/{}/{step}", draft.id);
    let by = Overtaken::by(site, signed, &opened.draft, NOT_SAVED).await?.or_theirs(theirs);
    opened.draft.content = draft.content;
    Ok(Kept::Overtaken(Box::new(opened.overtaken(by))))
}

/// What the decision table says, row by row, the one that decides first.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/decision.html")]
pub(crate) struct Decision {
    outcome: &'static str,
    allowed: bool,
    rows: Vec<&'static Row>,
    needs: Vec<&'static str>,
}

impl askama::filters::HtmlSafe for Decision {}

pub(crate) fn decision(classified: &Classification) -> Decision {
    use discreet_policy::Outcome;
    let mut rows: Vec<&'static Row> = classified.rows.iter().filter_map(|id| Row::named(id)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.outcome));
    let outcome = match classified.outcome {
        Outcome::Allow => "Allowed",
        Outcome::Authorization => "Needs a signed authorization",
        Outcome::PaidAuthorization => "Needs an authorization that names the payment",
        Outcome::Deny => "Not allowed",
    };
    let requirements = classified.requirements;
    let mut needs = vec!["Approval by a second person", "Our postal address, and who we are"];
    if requirements.opt_in {
        needs.push("Opt-in to the topic, and one click to stop");
    } else {
        needs.push("A way to stop these emails");
    }
    if requirements.authorization {
        needs.push("A signed authorization of each patient");
    }
    Decision { outcome, allowed: !requirements.denied, rows, needs }
}
