//! `/p/choices`: where somebody asks for a link to their choices. The answer is the same for every address.

use crate::error::PageError;
use crate::fields::Fields;
use crate::language::Language;
use crate::page::{Again, Page};
use crate::patient::form::Wrongs;
use crate::patient::said::Said;
use crate::site::{Frame, Site, finish};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use discreet_domain::{EmailAddress, Phi};
use std::sync::Arc;

/// The form.
#[derive(Template, Debug)]
#[template(path = "patient/asked.html")]
pub(crate) struct Ask {
    frame: Frame,
    email: String,
    wrongs: Wrongs,
}

impl Ask {
    fn heading(&self) -> String {
        self.frame.words.say("choices-ask")
    }
}

pub(crate) async fn ask(State(site): State<Site>, language: Language) -> Page<Ask> {
    let (frame, email, wrongs) = (site.frame(language), String::new(), Wrongs::default());
    Page(language, Ask { frame, email, wrongs })
}

/// Queues the mail, whoever may be at the address.
pub(crate) async fn send(
    State(site): State<Site>,
    language: Language,
    fields: Fields,
) -> Result<Response, PageError> {
    let email = fields.first("email").trim().to_owned();
    let Ok(address) = EmailAddress::parse(&email) else {
        let frame = site.frame(language);
        let mut wrongs = Wrongs::default();
        wrongs.add("email", frame.words.say("join-need-email"));
        return Ok(Again(Page(language, Ask { frame, email, wrongs })).into_response());
    };
    let (app, now) = (Arc::clone(&site.app), site.now());
    finish(async move { app.ask_for_choices(&Phi::new(address), language, now).await }).await?;
    let lines = vec![language.words().say("choices-asked-text")];
    Ok(Said::page(&site, language, "choices-asked", lines).into_response())
}
