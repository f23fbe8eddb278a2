//! `/p/join`, `/p/join/{topic}`: the consent form. What was chosen counts once a link is followed that is mailed to the
//! address; until then, and whoever they are, everybody sees the same.

use crate::assets::fnv1a;
use crate::error::PageError;
use crate::fields::Fields;
use crate::language::Language;
use crate::page::{Again, Page};
use crate::patient::birth::Birth;
use crate::patient::form::Wrongs;
use crate::patient::said::Said;
use crate::site::{Frame, Site, finish};
use askama::Template;
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use discreet_app::asked::Shown;
use discreet_app::join::{Offered, Wish};
use discreet_domain::{EmailAddress, Phi};
use std::sync::Arc;

/// The form's version, and since when: raised whenever a word of it changes (`crates/web/tests/it/join.rs` notices).
const VERSION: u32 = 1;
const SINCE: (i16, i8, i8) = (2026, 11, 24);
/// Characters of a name that are taken.
const LONGEST_ENTERED_NAME: usize = 100;

/// What the form offers: all topics, or the one in the address.
pub(crate) struct Topics(Vec<Offered>);

impl FromRequestParts<Site> for Topics {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, PageError> {
        let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| PageError::NotFound)?;
        let mut offered = site.app.offered();
        if let Some((_, one)) = params.iter().find(|(name, _)| *name == "topic") {
            offered.retain(|o| o.topic.as_str() == one);
            if offered.is_empty() {
                return Err(PageError::NotFound);
            }
        }
        Ok(Topics(offered))
    }
}

/// What was typed.
#[derive(Debug, Default)]
struct Typed {
    topics: Vec<String>,
    email: String,
    given: String,
    family: String,
    birth: Birth,
}

impl Typed {
    fn of(fields: &Fields) -> Typed {
        let name = |name| fields.first(name).trim().chars().take(LONGEST_ENTERED_NAME).collect::<String>();
        Typed {
            topics: fields.all("topic").map(str::to_owned).collect(),
            email: fields.first("email").trim().to_owned(),
            given: name("given"),
            family: name("family"),
            birth: Birth::of(fields),
        }
    }
}

/// The form.
#[derive(Template, Debug)]
#[template(path = "patient/join.html")]
pub(crate) struct Join {
    frame: Frame,
    offered: Vec<Offered>,
    typed: Typed,
    wrongs: Wrongs,
}

impl Join {
    fn new(site: &Site, language: Language, offered: Vec<Offered>) -> Join {
        let (typed, wrongs) = (Typed::default(), Wrongs::default());
        Join { frame: site.frame(language), offered, typed, wrongs }
    }
    fn heading(&self) -> String {
        self.frame.words.fill("join", &[("organization", &self.frame.organization)])
    }
    fn usage(&self) -> String {
        self.frame.words.fill("join-use-text", &[("organization", &self.frame.organization)])
    }
    fn form_line(&self) -> String {
        let words = self.frame.words;
        let (name, date) = (words.say("join-form-name"), words.day(SINCE));
        words.fill("join-form", &[("name", &name), ("version", &VERSION.to_string()), ("date", &date)])
    }
    fn ticked(&self, topic: &Offered) -> bool {
        self.typed.topics.iter().any(|t| t == topic.topic.as_str())
    }
    /// The form as it is shown, for the evidence: what somebody agrees to.
    fn shown(&self) -> Shown {
        let words = self.frame.words;
        let stop = self.frame.reach("join-stop");
        let phone = stop.phone.map_or("", |phone| phone.shown());
        let mut lines = vec![self.heading(), words.say("join-you-decide"), words.say("join-topics")];
        lines.extend(self.offered.iter().map(|o| format!("[ ] {}", o.name)));
        lines.extend([words.say("join-use"), self.usage()]);
        lines.extend(["join-privacy", "join-privacy-text"].map(|name| words.say(name)));
        lines.push(format!("{}{phone}{}", stop.before, stop.after));
        lines.extend([words.say("join-yes"), words.say("join-no"), self.form_line()]);
        let text = lines.join("\n");
        let version = format!("join-{}-{VERSION}-{:016x}", words.language().tag(), fnv1a(text.as_bytes()));
        Shown { version, text }
    }
    /// What they wish for, or what is wrong with it.
    fn wish(&self, site: &Site, language: Language) -> Result<Wish, Wrongs> {
        let (words, typed) = (self.frame.words, &self.typed);
        let mut wrongs = Wrongs::default();
        let chosen = self.offered.iter().filter(|topic| self.ticked(topic));
        let topics: Vec<_> = chosen.map(|o| o.topic.clone()).collect();
        if topics.is_empty() {
            wrongs.add("topics", words.say("join-need-topic"));
        }
        let email = EmailAddress::parse(&typed.email);
        if email.is_err() {
            wrongs.add("email", words.say("join-need-email"));
        }
        if typed.given.is_empty() || typed.family.is_empty() {
            let field = if typed.given.is_empty() { "given" } else { "family" };
            wrongs.add(field, words.say("join-need-name"));
        }
        let birth = typed.birth.date(site.app.zone().day_of(site.now()));
        if birth.is_none() {
            wrongs.add("month", words.say("join-need-birth"));
        }
        match (email, birth) {
            (Ok(email), Some(birth)) if wrongs.is_empty() => Ok(Wish {
                topics,
                email: Phi::new(email),
                given: Phi::new(typed.given.clone()),
                family: Phi::new(typed.family.clone()),
                birth,
                shown: self.shown(),
                language,
            }),
            _ => Err(wrongs),
        }
    }
}

pub(crate) async fn show(
    State(site): State<Site>,
    language: Language,
    Topics(offered): Topics,
) -> Page<Join> {
    Page(language, Join::new(&site, language, offered))
}

/// Takes the form. Nothing is looked up: the same happens for everybody.
pub(crate) async fn take(
    State(site): State<Site>,
    language: Language,
    Topics(offered): Topics,
    fields: Fields,
) -> Result<Response, PageError> {
    let words = language.words();
    if fields.has("answer", "no") {
        let lines = vec![words.say("declined-text")];
        return Ok(Said::page(&site, language, "declined", lines).into_response());
    }
    let form = Join { typed: Typed::of(&fields), ..Join::new(&site, language, offered) };
    let wish = match form.wish(&site, language) {
        Ok(wish) => wish,
        Err(wrongs) => return Ok(Again(Page(language, Join { wrongs, ..form })).into_response()),
    };
    let address = EmailAddress::parse(&form.typed.email).map_or_else(|_| String::new(), |a| a.masked());
    let (app, now) = (Arc::clone(&site.app), site.now());
    finish(async move { app.ask_to_join(wish, now).await }).await?;
    let lines = vec![words.fill("asked-text", &[("address", &address)])];
    let Page(language, said) = Said::page(&site, language, "asked", lines);
    Ok(Page(language, said.reaching("asked")).into_response())
}
