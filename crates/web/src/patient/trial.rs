//! `/p/test`: where links of a test mail lead that would be somebody's. It knows nobody and can do nothing.

use super::said::Said;
use crate::language::Language;
use crate::page::Page;
use crate::site::Site;
use axum::extract::State;

pub(crate) async fn show(State(site): State<Site>, language: Language) -> Page<Said> {
    let text = site.frame(language).words.say("trial-text");
    Said::page(&site, language, "trial", vec![text])
}
