//! What was done, in a heading and a few sentences. It comes after a post, so it offers no switch of language: following
//! its link would ask anew.

use crate::language::Language;
use crate::page::Page;
use crate::site::{Frame, Site};
use askama::Template;

/// The page.
#[derive(Template, Debug)]
#[template(path = "patient/said.html")]
pub(crate) struct Said {
    pub(crate) frame: Frame,
    pub(crate) heading: String,
    pub(crate) lines: Vec<String>,
    /// The messages of a last sentence that tells whom to call or write to.
    pub(crate) reach: Option<&'static str>,
}

impl Said {
    fn heading(&self) -> &str {
        &self.heading
    }
    /// The page of a heading's message and of sentences.
    pub(crate) fn page(site: &Site, language: Language, heading: &str, lines: Vec<String>) -> Page<Said> {
        let frame = site.frame(language);
        let heading = frame.words.say(heading);
        Page(language, Said { frame, heading, lines, reach: None })
    }
    /// The same with a last sentence.
    pub(crate) fn reaching(self, reach: &'static str) -> Said {
        Said { reach: Some(reach), ..self }
    }
}
