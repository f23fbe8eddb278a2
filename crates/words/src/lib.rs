//! What patients read, in every language: the pages, and the mails they ask for. Pure: texts in, text out.
//!
//! The texts are Fluent files (projectfluent.org), so that a translator reads and signs off one file without reading Rust.
//! They are compiled in. A message is asked for by its name; the tests hold that every language has the same messages with
//! the same arguments, and (`crates/web/tests/it/texts.rs`) that every name used exists.

mod language;

pub use language::Language;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// The texts of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

static ALL: LazyLock<[Words; 2]> = LazyLock::new(|| Language::ALL.map(Words::load));

/// Stands for a value that is put in by whoever asked: private use, so no text holds it.
const HOLE: &str = "\u{e000}";

impl Words {
    /// The texts of a language.
    pub fn of(language: Language) -> &'static Words {
        let [english, spanish] = &*ALL;
        match language {
            Language::English => english,
            Language::Spanish => spanish,
        }
    }
    fn load(language: Language) -> Words {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Marks around each value, against mixed writing directions: both languages run the same way.
        bundle.set_use_isolating(false);
        // What does not parse is left out; the tests hold that there is no such thing.
        let resource = match FluentResource::try_new(language.source().to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Words { language, bundle }
    }
    /// Whose words these are.
    pub const fn language(&self) -> Language {
        self.language
    }
    /// A message without arguments.
    pub fn say(&self, name: &str) -> String {
        self.fill(name, &[])
    }
    /// A message with its arguments put in. A name that is not there is returned itself: a page with a strange word on it
    /// is of more use than none.
    pub fn fill(&self, name: &str, values: &[(&str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(name).and_then(|message| message.value()) else {
            return name.to_owned();
        };
        let arguments: FluentArgs<'_> =
            values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        let mut faults = Vec::new();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned()
    }
    /// What stands before and after one argument, which the page puts in itself: a link, something in bold.
    pub fn around(&self, name: &str, argument: &str) -> (String, String) {
        self.around_in(name, argument, &[])
    }
    /// The same, with the other arguments put in.
    pub fn around_in(&self, name: &str, argument: &str, values: &[(&str, &str)]) -> (String, String) {
        let mut values = values.to_vec();
        values.push((argument, HOLE));
        let text = self.fill(name, &values);
        match text.split_once(HOLE) {
            Some((before, after)) => (before.to_owned(), after.to_owned()),
            None => (text, String::new()),
        }
    }
    /// Whether there is such a message.
    pub fn has(&self, name: &str) -> bool {
        self.bundle.has_message(name)
    }
    /// A day in words: `December 24, 2025`, `24 de diciembre de 2025`.
    pub fn day(&self, (year, month, day): (i16, i8, i8)) -> String {
        let (year, month, day) = (year.to_string(), format!("m{month}"), day.to_string());
        self.fill("day", &[("year", &year), ("month", &month), ("day", &day)])
    }
    /// `a, b and c`.
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [before @ .., last] => {
                self.fill("list", &[("before", before.join(", ").as_str()), ("last", last.as_str())])
            }
        }
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({:?})", self.language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_and_left_out() {
        let (english, spanish) = (Words::of(Language::English), Words::of(Language::Spanish));
        assert_eq!(english.say("stop-button"), "Stop these emails");
        assert_eq!(
            spanish.fill("stopped-topic", &[("topic", "Avisos")]),
            "Dejamos de enviarle “Avisos” en este momento. Si eligió otros correos, los seguirá recibiendo."
        );
        let (before, after) = english.around("help-call", "phone");
        assert!(before.ends_with("Call ") && after == " (TTY\u{a0}711).", "{before}|{after}");
        assert_eq!(english.say("there-is-no-such"), "there-is-no-such");
        assert!(english.has("stop") && !english.has("there-is-no-such"));
    }

    #[test]
    fn days_and_lists_in_words() {
        let (english, spanish) = (Words::of(Language::English), Words::of(Language::Spanish));
        assert_eq!(english.day((2025, 12, 24)), "December 24, 2025");
        assert_eq!(spanish.day((2025, 12, 24)), "24 de diciembre de 2025");
        for month in 1..=12 {
            assert_ne!(english.day((2000, month, 1)), english.day((2000, month % 12 + 1, 1)));
            assert_ne!(spanish.day((2000, month, 1)), spanish.day((2000, month % 12 + 1, 1)));
        }
        let list = |words: &Words, items: &[&str]| {
            words.list(&items.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(list(english, &["a"]), "a");
        assert_eq!(list(english, &["a", "b", "c"]), "a, b and c");
        assert_eq!(list(spanish, &["a", "b"]), "a y b");
    }
}
