//! `/u/{token}`: stop the emails of one topic, or all optional ones. The same address is what a mail program posts to by
//! itself (RFC 8058), so a POST withdraws at once, without a cookie, a login or a redirect.

use crate::error::PageError;
use crate::fields::Fields;
use crate::language::Language;
use crate::link::Link;
use crate::page::Page;
use crate::site::{Frame, Site, finish};
use askama::Template;
use axum::extract::State;
use discreet_access::Unsubscribe;
use discreet_app::links::Extent;
use discreet_policy::consent::Method;
use std::sync::Arc;

/// The question.
#[derive(Template, Debug)]
#[template(path = "patient/unsubscribe.html")]
pub(crate) struct Ask {
    frame: Frame,
    topic: String,
}

impl Ask {
    fn heading(&self) -> String {
        self.frame.words.say("stop")
    }
    fn about(&self) -> (String, String) {
        self.frame.words.around("stop-about", "topic")
    }
}

/// It is done.
#[derive(Template, Debug)]
#[template(path = "patient/unsubscribe_done.html")]
pub(crate) struct Done {
    frame: Frame,
    /// `None`: all optional emails.
    topic: Option<String>,
}

impl Done {
    fn heading(&self) -> String {
        self.frame.words.say("stopped")
    }
    fn around(&self) -> (String, String) {
        self.frame.words.around("stopped-topic", "topic")
    }
}

/// Changes nothing: programs that look for viruses follow every link.
pub(crate) async fn ask(
    State(site): State<Site>,
    language: Language,
    Link(token): Link<Unsubscribe>,
) -> Page<Ask> {
    let topic = shown(site.app.link_page(&token).topic, language);
    Page(language, Ask { frame: site.frame(language), topic })
}

/// Withdraws, in force with the commit. Asking twice is fine.
pub(crate) async fn stop(
    State(site): State<Site>,
    language: Language,
    Link(token): Link<Unsubscribe>,
    fields: Fields,
) -> Result<Page<Done>, PageError> {
    let (extent, method) = (extent(&fields), method(&fields));
    let topic = shown(site.app.link_page(&token).topic, language);
    let (app, now) = (Arc::clone(&site.app), site.now());
    finish(async move { app.unsubscribe(&token, extent, method, now).await }).await?;
    let topic = (extent == Extent::Topic).then_some(topic);
    Ok(Page(language, Done { frame: site.frame(language), topic }))
}

/// A topic whose name tells about somebody's health is not named.
fn shown(topic: Option<String>, language: Language) -> String {
    topic.unwrap_or_else(|| language.words().say("some-updates"))
}

/// The page's second button says `all=1`. Whatever else a body says, the topic ends.
fn extent(fields: &Fields) -> Extent {
    if fields.has("all", "1") { Extent::AllOptional } else { Extent::Topic }
}

/// Only what carries RFC 8058's field is on record as one-click. The page's buttons do not; nor does an empty body,
/// which still comes from the link in the mail.
fn method(fields: &Fields) -> Method {
    if fields.has("List-Unsubscribe", "One-Click") { Method::OneClick } else { Method::MailLink }
}
