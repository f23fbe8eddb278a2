//! `/p/authorization/{token}`: the copy of a signed authorization (45 CFR 164.508(c)(4)), for who reads the mailbox and
//! knows the birth date; and its revocation, which takes no more than the link.

use crate::error::PageError;
use crate::fields::Fields;
use crate::language::Language;
use crate::link::Fresh;
use crate::page::{Again, Page};
use crate::patient::birth::Birth;
use crate::patient::form::Wrongs;
use crate::patient::said::Said;
use crate::site::{Frame, Site, finish};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use discreet_access::ReadCopy;
use discreet_app::copies::Copy;
use discreet_domain::Phi;
use discreet_policy::authorization::{Authorization, Expiry, Signer};
use std::sync::Arc;

/// The question.
#[derive(Template, Debug)]
#[template(path = "patient/copy.html")]
pub(crate) struct Ask {
    frame: Frame,
    birth: Birth,
    wrongs: Wrongs,
}

impl Ask {
    fn heading(&self) -> String {
        self.frame.words.say("copy-check")
    }
    fn new(site: &Site, language: Language, birth: Birth, wrong: Option<&str>) -> Ask {
        let frame = site.frame(language);
        let mut wrongs = Wrongs::default();
        if let Some(name) = wrong {
            wrongs.add("month", frame.words.say(name));
        }
        Ask { frame, birth, wrongs }
    }
}

/// The copy, element by element: what each is called, and what it says.
#[derive(Template, Debug)]
#[template(path = "patient/copy_form.html")]
pub(crate) struct Form {
    frame: Frame,
    parts: Phi<Vec<(String, String)>>,
    in_force: bool,
}

impl Form {
    fn heading(&self) -> String {
        self.frame.words.say("copy")
    }
    fn intro(&self) -> String {
        self.frame.words.fill("copy-text", &[("organization", &self.frame.organization)])
    }
    fn back(&self) -> String {
        self.frame.words.fill("copy-back-text", &[("postal", &self.frame.postal.join(", "))])
    }
    fn parts(&self) -> &[(String, String)] {
        self.parts.expose()
    }
}

/// Shows nothing of the form yet.
pub(crate) async fn ask(
    State(site): State<Site>,
    language: Language,
    Fresh(token): Fresh<ReadCopy>,
) -> Result<Response, PageError> {
    if site.app.copy_is_open(&token).await? {
        return Ok(Page(language, Ask::new(&site, language, Birth::default(), None)).into_response());
    }
    Ok(locked(&site, language))
}

/// Shows the copy, or takes the permission back.
pub(crate) async fn answer(
    State(site): State<Site>,
    language: Language,
    Fresh(token): Fresh<ReadCopy>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (app, now) = (Arc::clone(&site.app), site.now());
    if fields.has("take_back", "1") {
        finish(async move { app.take_back(&token, now).await }).await?;
        let lines = vec![language.words().say("copy-revoked-text")];
        return Ok(Said::page(&site, language, "copy-revoked", lines).into_response());
    }
    let birth = Birth::of(&fields);
    let Some(date) = birth.date(site.app.zone().day_of(now)) else {
        let page = Ask::new(&site, language, birth, Some("join-need-birth"));
        return Ok(Again(Page(language, page)).into_response());
    };
    match finish(async move { app.read_copy(&token, date, now).await }).await? {
        Copy::Wrong => {
            let page = Ask::new(&site, language, Birth::default(), Some("copy-wrong"));
            Ok(Again(Page(language, page)).into_response())
        }
        Copy::Locked => Ok(locked(&site, language)),
        Copy::Form { form, in_force } => {
            let parts = form.map(|form| parts(&site, language, &form));
            Ok(Page(language, Form { frame: site.frame(language), parts, in_force }).into_response())
        }
    }
}

fn locked(site: &Site, language: Language) -> Response {
    let lines = vec![language.words().say("copy-locked-text")];
    let Page(language, said) = Said::page(site, language, "copy-locked", lines);
    Page(language, said.reaching("old-link")).into_response()
}

/// The form's elements in the order of the law (164.508(c)(1)).
fn parts(site: &Site, language: Language, form: &Authorization) -> Vec<(String, String)> {
    let words = language.words();
    let purposes: Vec<String> = form.purposes.iter().map(|word| site.app.topic_name(word)).collect();
    let ends = match &form.expiry {
        Some(Expiry::On(day)) => words.fill("copy-ends-on", &[("date", &words.day(day.ymd()))]),
        Some(Expiry::Event { what, .. }) => words.fill("copy-ends-event", &[("event", what)]),
        None => String::new(),
    };
    let mut signed = form
        .signed_on
        .map_or_else(String::new, |day| words.fill("copy-signed-on", &[("date", &words.day(day.ymd()))]));
    if let Some(Signer::Representative { authority }) = &form.signer {
        signed = format!("{signed} {}", words.fill("copy-signed-for", &[("authority", authority)]));
    }
    let organization = site.app.settings().organization;
    let about = |name| words.fill(name, &[("organization", organization.as_str())]);
    let stated = |name: &'static str, text, so: bool| so.then(|| (name, about(text)));
    [
        Some(("copy-information", form.information.clone())),
        Some(("copy-who", form.discloser.clone())),
        Some(("copy-to", form.recipient.clone())),
        Some(("copy-purpose", purposes.join(", "))),
        stated("copy-payment", "copy-payment-text", form.states_remuneration),
        Some(("copy-ends", ends)),
        stated("copy-choice", "copy-choice-text", form.states_conditioning),
        stated("copy-shared", "copy-shared-text", form.states_redisclosure),
        Some(("copy-signed", signed)),
    ]
    .into_iter()
    .flatten()
    .map(|(name, text)| (words.say(name), text))
    .collect()
}
