//! `/p/choices/{token}`: one patient's choices, behind a link that was mailed on request and is good for half an hour.

use crate::assets::fnv1a;
use crate::error::PageError;
use crate::fields::Fields;
use crate::language::Language;
use crate::link::Fresh;
use crate::page::Page;
use crate::patient::said::Said;
use crate::site::{Frame, Site, finish};
use askama::Template;
use axum::extract::State;
use discreet_access::ChangeChoices;
use discreet_app::asked::Shown;
use discreet_app::choices::{Choices as Standing, Often, Wanted};
use discreet_app::join::Offered;
use std::sync::Arc;

/// The page.
#[derive(Template, Debug)]
#[template(path = "patient/choices.html")]
pub(crate) struct Choices {
    frame: Frame,
    standing: Standing,
}

impl Choices {
    fn heading(&self) -> String {
        self.frame.words.say("choices")
    }
    /// How often: the word posted, the words shown, whether it is so.
    fn paces(&self) -> [(&'static str, String, bool); 3] {
        let words = self.frame.words;
        Often::ALL.map(|often| (often.name(), words.say(pace(often)), often == self.standing.often))
    }
    fn tongues(&self) -> [(&'static str, String, bool); 2] {
        let now = self.standing.language.unwrap_or(self.frame.language);
        Language::ALL.map(|language| {
            let name = match language {
                Language::English => "language-english",
                Language::Spanish => "language-spanish",
            };
            (language.tag(), self.frame.words.say(name), language == now)
        })
    }
    /// The page as it is shown, for the evidence.
    fn shown(&self) -> Shown {
        let words = self.frame.words;
        let mut lines = vec![self.heading(), words.say("choices-topics")];
        lines.extend(
            self.standing
                .topics
                .iter()
                .map(|(o, comes)| format!("[{}] {}", if *comes { "x" } else { " " }, o.name)),
        );
        lines.push(words.say("choices-save"));
        let text = lines.join("\n");
        let version = format!("choices-{}-{:016x}", words.language().tag(), fnv1a(text.as_bytes()));
        Shown { version, text }
    }
}

/// The message that says how often.
const fn pace(often: Often) -> &'static str {
    match often {
        Often::AsSent => "choices-pace-each",
        Often::Weekly => "choices-pace-week",
        Often::Monthly => "choices-pace-month",
    }
}

/// Changes nothing.
pub(crate) async fn show(
    State(site): State<Site>,
    language: Language,
    Fresh(token): Fresh<ChangeChoices>,
) -> Result<Page<Choices>, PageError> {
    let standing = site.app.choices(&token).await?;
    Ok(Page(language, Choices { frame: site.frame(language), standing }))
}

/// Saves, or stops all optional mail. In force with the commit.
pub(crate) async fn save(
    State(site): State<Site>,
    language: Language,
    Fresh(token): Fresh<ChangeChoices>,
    fields: Fields,
) -> Result<Page<Said>, PageError> {
    let (app, now, words) = (Arc::clone(&site.app), site.now(), language.words());
    if fields.has("stop", "1") {
        finish(async move { app.stop_optional(&token, now).await }).await?;
        let lines = vec![words.say("choices-stopped")];
        return Ok(Said::page(&site, language, "choices-saved", lines));
    }
    let standing = app.choices(&token).await?;
    let page = Choices { frame: site.frame(language), standing };
    let (will, will_not): (Vec<Offered>, Vec<Offered>) = page
        .standing
        .topics
        .iter()
        .map(|(offered, _)| offered.clone())
        .partition(|offered| fields.all("topic").any(|word| word == offered.topic.as_str()));
    let often = Often::parse(fields.first("often")).unwrap_or(page.standing.often);
    let wanted = Wanted {
        topics: will.iter().map(|offered| offered.topic.clone()).collect(),
        often,
        language: Language::of_tag(fields.first("language")).unwrap_or(language),
        shown: page.shown(),
    };
    finish(async move { app.choose(&token, &wanted, now).await }).await?;
    let names = |all: &[Offered]| words.list(&all.iter().map(|o| o.name.clone()).collect::<Vec<_>>());
    let mut lines = Vec::new();
    if !will.is_empty() {
        let how = match often {
            Often::AsSent => "choices-will",
            Often::Weekly => "choices-will-week",
            Often::Monthly => "choices-will-month",
        };
        lines.push(words.fill(how, &[("topics", &names(&will))]));
    }
    if !will_not.is_empty() {
        lines.push(words.fill("choices-will-not", &[("topics", &names(&will_not))]));
    }
    Ok(Said::page(&site, language, "choices-saved", lines))
}
