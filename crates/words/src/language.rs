//! The languages there are texts in.

use crate::Words;

/// A language we have every text in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// English.
    English,
    /// Spanish: usted.
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::English, Language::Spanish];

    /// For `lang` attributes, `?lang=` and what is stored.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Spanish => "es",
        }
    }
    /// `es`, `es-MX`, `ES`.
    pub fn of_tag(tag: &str) -> Option<Language> {
        let primary = tag.split('-').next().unwrap_or("").trim();
        Language::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
    /// Its texts.
    pub fn words(self) -> &'static Words {
        Words::of(self)
    }
    /// The file of its texts, as translators have it.
    pub const fn source(self) -> &'static str {
        match self {
            Language::English => include_str!("../texts/en.ftl"),
            Language::Spanish => include_str!("../texts/es.ftl"),
        }
    }
}
