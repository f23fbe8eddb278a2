//! `/`: what this host is. Some mail programs and people look it up before they trust a link.

use crate::language::Language;
use crate::page::Page;
use crate::site::{Frame, Site};
use askama::Template;
use axum::extract::State;

#[derive(Template, Debug)]
#[template(path = "patient/front.html")]
pub(crate) struct Front {
    frame: Frame,
}

impl Front {
    fn heading(&self) -> String {
        self.frame.words.say("front")
    }
    fn text(&self) -> String {
        self.frame.words.fill("front-text", &[("organization", &self.frame.organization)])
    }
}

pub(crate) async fn show(State(site): State<Site>, language: Language) -> Page<Front> {
    Page(language, Front { frame: site.frame(language) })
}
