//! `/n/{token}`: "this is not me", said by whoever reads a mail that was for somebody else.

use crate::error::PageError;
use crate::fields::Fields;
use crate::language::Language;
use crate::link::Link;
use crate::page::Page;
use crate::site::{Frame, Site, finish};
use askama::Template;
use axum::extract::State;
use discreet_access::NotMe;
use std::sync::Arc;

/// The question.
#[derive(Template, Debug)]
#[template(path = "patient/not_me.html")]
pub(crate) struct Ask {
    frame: Frame,
}

impl Ask {
    fn heading(&self) -> String {
        self.frame.words.say("not-me")
    }
}

/// It is done.
#[derive(Template, Debug)]
#[template(path = "patient/not_me_done.html")]
pub(crate) struct Done {
    frame: Frame,
}

impl Done {
    fn heading(&self) -> String {
        self.frame.words.say("not-me-done")
    }
}

/// Changes nothing.
pub(crate) async fn ask(State(site): State<Site>, language: Language, _: Link<NotMe>) -> Page<Ask> {
    Page(language, Ask { frame: site.frame(language) })
}

/// No more mail to the address until somebody has looked into it. Saying it twice changes nothing more.
pub(crate) async fn stop(
    State(site): State<Site>,
    language: Language,
    Link(token): Link<NotMe>,
    _: Fields,
) -> Result<Page<Done>, PageError> {
    let (app, now) = (Arc::clone(&site.app), site.now());
    finish(async move { app.not_me(&token, now).await }).await?;
    Ok(Page(language, Done { frame: site.frame(language) }))
}
