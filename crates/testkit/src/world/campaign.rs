//! Campaigns from the segment to the last message.

use super::{World, marketing};
use discreet_access::{
    ApproveCampaign, CreateCampaign, GrantConsent, ReadReport, SaveSegment, SaveTemplate, SendCampaign,
    WithdrawConsent,
};
use discreet_app::campaigns::{Campaign, Plan, Report};
use discreet_app::consents::Said;
use discreet_app::dispatch::{Dispatcher, Pace, Round};
use discreet_domain::{CampaignId, Channel, PatientId, Topic};
use discreet_mail::{Body, Draft};
use discreet_policy::consent::Method;
use discreet_policy::{Block, Owner, Remuneration, What};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

use super::relay::TestRelay;

/// What a mailing is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// M08: our own health-related service. Needs an opt-in.
    OwnService,
    /// M10: our own product that has nothing to do with health. Needs an opt-in and an authorization.
    OwnProduct,
    /// M17: somebody else's, who pays. Needs an opt-in and an authorization that says so.
    Paid,
    /// M04: an appointment reminder. Needs neither.
    Reminder,
    /// M28: nobody answered what it is for.
    Unknown,
}

impl Purpose {
    /// The questionnaire's answers.
    pub fn blocks(self) -> Vec<Block> {
        let block = |what, owner, health_related, remuneration| Block {
            what: Some(what),
            owner: Some(owner),
            health_related,
            remuneration: [remuneration].into(),
        };
        vec![match self {
            Purpose::OwnService => block(What::Promotion, Owner::Own, Some(true), Remuneration::None),
            Purpose::OwnProduct => block(What::Promotion, Owner::Own, Some(false), Remuneration::None),
            Purpose::Paid => block(What::Promotion, Owner::Third, Some(true), Remuneration::DescribedParty),
            Purpose::Reminder => block(What::Appointment, Owner::Own, None, Remuneration::None),
            Purpose::Unknown => {
                Block { what: None, owner: None, health_related: None, remuneration: [].into() }
            }
        }]
    }
}

/// A mailing to make.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// The campaign's name; segment and template get it too.
    pub name: String,
    /// To whom.
    pub segment: String,
    /// What for.
    pub purpose: Purpose,
    /// About what.
    pub topic: Topic,
}

impl Mailing {
    /// Optional mail about marketing to a segment.
    pub fn new(name: &str, segment: &str) -> Mailing {
        let purpose = Purpose::OwnService;
        Mailing { name: name.to_owned(), segment: segment.to_owned(), purpose, topic: marketing() }
    }
    /// The same for another purpose.
    #[must_use]
    pub fn for_purpose(self, purpose: Purpose) -> Mailing {
        Mailing { purpose, ..self }
    }
}

/// The letter of every mailing.
pub fn letter() -> Draft {
    Draft {
        subject: "Autumn walks".to_owned(),
        preheader: "Saturdays at 9".to_owned(),
        body: Body::Markdown(
            "Hello {{ preferred_name | \"friend\" }},\n\n**Our Saturday walking group is back.** Come along.\n".to_owned(),
        ),
        from_name: "Harbor Clinic".to_owned(),
        reply_to: None,
        language: "en".to_owned(),
    }
}

impl World {
    /// Makes a campaign, with its segment and template.
    pub async fn draft(&self, mailing: &Mailing) -> Campaign {
        let (app, by, now) = (&self.app, &self.marketer, self.now());
        let Mailing { name, segment, purpose, topic } = mailing;
        app.save_segment(by.may(SaveSegment), name, segment, now).await.unwrap();
        app.save_template(by.may(SaveTemplate), name, &letter(), now).await.unwrap();
        let plan = Plan {
            name: name.clone(),
            segment: name.clone(),
            template: name.clone(),
            topic: topic.clone(),
            blocks: purpose.blocks(),
            not_after: None,
            kept: Default::default(),
        };
        app.create_campaign(by.may(CreateCampaign), &plan, now).await.unwrap()
    }
    /// Approves and starts a campaign.
    pub async fn start(&self, campaign: &Campaign) -> Report {
        let of = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
        self.app.approve(self.officer.may(of), &campaign.content, self.now()).await.unwrap();
        let by = self.marketer.may(SendCampaign);
        self.app.start_campaign(by, campaign.campaign, self.now()).await.unwrap()
    }
    /// Makes, approves and starts a campaign.
    pub async fn campaign(&self, mailing: &Mailing) -> CampaignId {
        let campaign = self.draft(mailing).await;
        self.start(&campaign).await;
        campaign.campaign
    }
    /// Sends with so many dispatchers until nothing is left to send.
    pub async fn dispatch(&self, campaign: CampaignId, relay: &Arc<TestRelay>, dispatchers: usize) -> Round {
        self.dispatch_at(campaign, relay, dispatchers, Pace::default()).await
    }
    /// The same at another pace.
    pub async fn dispatch_at(
        &self,
        campaign: CampaignId,
        relay: &Arc<TestRelay>,
        dispatchers: usize,
        pace: Pace,
    ) -> Round {
        // A set ends the others when one fails.
        let mut runs = JoinSet::new();
        for _ in 0..dispatchers {
            let (app, relay, clock) = (Arc::clone(&self.app), Arc::clone(relay), self.clock());
            runs.spawn(async move {
                let mut dispatcher = Dispatcher::new(&app, &*relay, pace, campaign, clock()).await.unwrap();
                dispatcher.run(&*clock, &|_| {}).await.unwrap()
            });
        }
        let mut total = Round::default();
        while let Some(run) = runs.join_next().await {
            let round = run.unwrap();
            total.claimed += round.claimed;
            total.handed_over += round.handed_over;
            total.accepted += round.accepted;
            total.again += round.again;
            total.refused += round.refused;
            total.unknown += round.unknown;
        }
        total
    }
    /// One round of a dispatcher of its own.
    pub async fn round(&self, campaign: CampaignId, relay: &TestRelay, pace: Pace) -> Round {
        let mut dispatcher = Dispatcher::new(&self.app, relay, pace, campaign, self.now()).await.unwrap();
        dispatcher.round(&*self.clock()).await.unwrap()
    }
    /// What came of a campaign, as the officer sees it.
    pub async fn report(&self, campaign: CampaignId) -> Report {
        self.app.report(self.officer.may(ReadReport), campaign).await.unwrap()
    }
    /// The report's refusals, in numbers.
    pub async fn refused(&self, campaign: CampaignId) -> BTreeMap<String, u64> {
        let report = self.report(campaign).await;
        let mut all: BTreeMap<String, u64> = BTreeMap::new();
        for (code, people) in report.refused.into_iter().chain(report.held) {
            *all.entry(code).or_insert(0) += people.exact();
        }
        all
    }
    /// The report's states, in numbers.
    pub async fn states(&self, campaign: CampaignId) -> BTreeMap<&'static str, u64> {
        self.report(campaign).await.states.into_iter().map(|(state, n)| (state, n.exact())).collect()
    }
    /// The patient tells staff: no more marketing by email.
    pub async fn withdraw(&self, patient: PatientId) {
        self.withdraw_from(patient, marketing(), Method::Spoken).await;
    }
    /// The patient opts out of a topic.
    pub async fn withdraw_from(&self, patient: PatientId, topic: Topic, method: Method) {
        let by = self.officer.may(WithdrawConsent { patient });
        self.app.withdraw(by, said(topic, method), self.now()).await.unwrap();
    }
    /// The patient opts in to a topic.
    pub async fn grant_to(&self, patient: PatientId, topic: Topic, method: Method) {
        let by = self.officer.may(GrantConsent { patient });
        self.app.grant(by, said(topic, method), self.now()).await.unwrap();
    }
}

fn said(topic: Topic, method: Method) -> Said {
    Said { topic, channel: Channel::Email, method, text_version: None, evidence: None }
}
