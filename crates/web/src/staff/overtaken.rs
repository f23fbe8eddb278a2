//! A draft that somebody saved between opening a page of it and sending that page. Nothing is overwritten unseen, and
//! nothing that was typed is lost: the page comes back with what was typed, at the newer revision, and this above it.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use discreet_app::drafts::Draft;

/// Who was quicker, when, and what now.
#[derive(Template, Debug)]
#[template(path = "staff/overtaken.html")]
pub(crate) struct Overtaken {
    /// A colleague's name; `None`: it was oneself.
    who: Option<String>,
    at: String,
    /// What became of the form that was sent, and what can be done.
    now: &'static str,
    /// What they made of the part that is open.
    pub(crate) says: Option<String>,
    /// Where theirs is shown as it is, and what is lost by going there.
    theirs: Option<String>,
}

impl askama::filters::HtmlSafe for Overtaken {}

impl Overtaken {
    /// The last change of a draft.
    pub(crate) async fn by<T: Sync>(
        site: &Site,
        signed: &Signed,
        draft: &Draft<T>,
        now: &'static str,
    ) -> Result<Overtaken> {
        let who = match draft.changed_by == signed.who().user() {
            true => None,
            false => Some(site.app.name_of(draft.changed_by).await?),
        };
        let zone = site.app.zone();
        let at = match zone.day_of(draft.changed) == zone.day_of(site.now()) {
            true => when::clock(&zone, draft.changed),
            false => when::time(&zone, draft.changed),
        };
        Ok(Overtaken { who, at, now, says: None, theirs: None })
    }
    /// With a way to what they saved.
    pub(crate) fn or_theirs(self, path: String) -> Overtaken {
        Overtaken { theirs: Some(path), ..self }
    }
}
