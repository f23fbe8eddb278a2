//! `/p/confirm/{token}`: the second half of a double opt-in. Looking confirms nothing, so programs that follow every link
//! sign nobody up.

use crate::error::PageError;
use crate::fields::Fields;
use crate::language::Language;
use crate::link::Fresh;
use crate::page::Page;
use crate::patient::said::Said;
use crate::site::{Frame, Site, finish};
use askama::Template;
use axum::extract::State;
use discreet_access::ConfirmChoice;
use std::sync::Arc;

/// The question.
#[derive(Template, Debug)]
#[template(path = "patient/opt_in.html")]
pub(crate) struct Confirm {
    frame: Frame,
    topics: String,
}

impl Confirm {
    fn heading(&self) -> String {
        self.frame.words.say("confirm")
    }
}

/// Changes nothing.
pub(crate) async fn ask(
    State(site): State<Site>,
    language: Language,
    Fresh(token): Fresh<ConfirmChoice>,
) -> Result<Page<Confirm>, PageError> {
    let names = site.app.wished(&token).await?;
    let frame = site.frame(language);
    Ok(Page(language, Confirm { topics: frame.words.list(&names), frame }))
}

/// Confirms. The same words whether or not a patient was found; twice is fine.
pub(crate) async fn confirm(
    State(site): State<Site>,
    language: Language,
    Fresh(token): Fresh<ConfirmChoice>,
    _: Fields,
) -> Result<Page<Said>, PageError> {
    let (app, now) = (Arc::clone(&site.app), site.now());
    let names = finish(async move { app.confirm_wish(&token, now).await }).await?;
    let words = language.words();
    let lines = vec![words.fill("confirmed-text", &[("topics", &words.list(&names))])];
    Ok(Said::page(&site, language, "confirmed", lines))
}
