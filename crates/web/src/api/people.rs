//! Patients by id. Names and addresses are not given out here: a program that knows a record number learns the id, and
//! what may be done with it.

use super::body::{Id, Json};
use super::guard::Caller;
use super::problem::{Problem, Result};
use crate::site::Site;
use axum::extract::State;
use discreet_access::{FindPatient, ShowConsent, WithdrawConsent};
use discreet_app::consents::Said;
use discreet_app::patients::LookUp;
use discreet_domain::{Channel, Day, EmailAddress, Identifier, PatientId, Phi, Topic};
use discreet_policy::consent::Method;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// By what somebody is looked up: one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Find {
    /// A record number or a source's own id.
    #[serde(default)]
    identifier: Option<FindIdentifier>,
    /// An email address.
    #[serde(default)]
    email: Option<String>,
    /// Family name and birth date.
    #[serde(default)]
    name: Option<FindName>,
}

/// A record number with who gave it: `ehr` for ids of the source `ehr`, `ehr/mrn` for its record numbers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindIdentifier {
    #[schema(example = "ehr/mrn")]
    system: String,
    value: String,
}

/// Family name and birth date.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindName {
    family: String,
    #[schema(example = "1980-05-06")]
    birth_date: String,
}

/// Ids of patients.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    patients: Vec<String>,
}

/// A patient's consents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    /// Acts, oldest first: the last one about a topic and channel holds.
    acts: Vec<ActOf>,
    /// Authorizations on file (45 CFR 164.508). They are no opt-ins, and opt-ins are none of them.
    authorizations: Vec<Form>,
    /// Topics that were stopped at the patient's address.
    stopped_at_address: Vec<String>,
}

/// An act of consent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActOf {
    topic: String,
    channel: String,
    granted: bool,
    at: String,
    method: String,
}

/// An authorization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Form {
    id: String,
    topics: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_day: Option<String>,
    revoked: bool,
}

/// A patient opted out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    #[schema(example = "marketing")]
    topic: String,
    /// `email` unless given; or `sms`, `phone`, `post`, `portal`.
    #[serde(default)]
    channel: Option<String>,
    /// How it was said: `phone`, `desk`, `paper` …; `web_form` or `portal` for a page of yours.
    #[schema(
        example = "phone",
        pattern = "^(phone|desk|spoken|paper|web_form|portal|imported|mail_link|one_click|preference_page|double_opt_in)$"
    )]
    method: String,
}

/// It is done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    pub(crate) done: bool,
}

fn look_up(find: Find) -> Result<LookUp> {
    match (find.identifier, find.email, find.name) {
        (Some(id), None, None) => {
            Ok(LookUp::Identifier(Phi::new(Identifier { source: id.system, value: id.value })))
        }
        (None, Some(email), None) => {
            let bad = |_| Problem::invalid("not an email address").at("/email");
            Ok(LookUp::Email(Phi::new(EmailAddress::parse(&email).map_err(bad)?)))
        }
        (None, None, Some(name)) => {
            let bad = |_| Problem::invalid("not a date").at("/name/birth_date");
            Ok(LookUp::Name(Phi::new(name.family), Day::parse(&name.birth_date).map_err(bad)?))
        }
        _ => Err(Problem::invalid("give one of `identifier`, `email`, `name`")),
    }
}

pub(crate) async fn find(
    State(site): State<Site>,
    caller: Caller,
    Json(find): Json<Find>,
) -> Result<Json<Found>> {
    let by_what = look_up(find)?;
    let found = site.app.find(caller.leave(&site, FindPatient).await?, &by_what, site.now()).await?;
    Ok(Json(Found { patients: found.iter().map(PatientId::to_string).collect() }))
}

pub(crate) async fn consents(
    State(site): State<Site>,
    caller: Caller,
    Id(patient): Id<PatientId>,
) -> Result<Json<Standing>> {
    let by = caller.leave(&site, ShowConsent { patient }).await?;
    let ledger = site.app.consents_of(by, site.now()).await?;
    let act = |act: &discreet_policy::consent::Act| ActOf {
        topic: act.topic.to_string(),
        channel: act.channel.name().to_owned(),
        granted: act.granted,
        at: act.at.to_string(),
        method: act.method.name().to_owned(),
    };
    let form = |form: &discreet_policy::authorization::OnFile| Form {
        id: form.id.to_string(),
        topics: form.topics.clone(),
        last_day: form.last_day.map(|day| day.to_string()),
        revoked: form.revoked.is_some(),
    };
    Ok(Json(Standing {
        acts: ledger.acts.iter().map(act).collect(),
        authorizations: ledger.forms.iter().map(form).collect(),
        stopped_at_address: ledger.stopped_at_address.iter().map(Topic::to_string).collect(),
    }))
}

pub(crate) async fn withdraw(
    State(site): State<Site>,
    caller: Caller,
    Id(patient): Id<PatientId>,
    Json(said): Json<Withdrawal>,
) -> Result<Json<Done>> {
    let topic = Topic::parse(&said.topic).map_err(|e| Problem::invalid(e.to_string()).at("/topic"))?;
    let channel = Channel::parse(said.channel.as_deref().unwrap_or("email"));
    let channel = channel.ok_or_else(|| Problem::invalid("there is no such channel").at("/channel"))?;
    let method = Method::parse(&said.method)
        .ok_or_else(|| Problem::invalid("there is no such method").at("/method"))?;
    let said = Said { topic, channel, method, text_version: None, evidence: None };
    let by = caller.leave(&site, WithdrawConsent { patient }).await?;
    let (app, now) = (std::sync::Arc::clone(&site.app), site.now());
    app.withdraw(by, said, now).await?;
    Ok(Json(Done { done: true }))
}
