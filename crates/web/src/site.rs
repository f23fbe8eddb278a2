//! What every handler works with.

use crate::assets;
use crate::error::{Incident, PageError};
use crate::language::Language;
use crate::staff::log::verify::Verification;
use crate::staff::looks::Looks;
use crate::staff::mailbox::Mailbox;
use discreet_app::{App, AppError, Clock};
use discreet_domain::Timestamp;
use discreet_words::Words;
use std::sync::Arc;

/// How the installation is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Whether browsers come by https. Then they are told never to come otherwise.
    pub https: bool,
}

/// The installation, its clock, and how it is reached.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    clock: Arc<Clock>,
    pub(crate) options: Options,
    /// Records that are open to staff.
    pub(crate) looks: Arc<Looks>,
    /// The log's verification, if one was asked for.
    pub(crate) verification: Arc<Verification>,
    /// The mailbox of a demo.
    pub(crate) mailbox: Option<Arc<dyn Mailbox>>,
}

impl Site {
    pub(crate) fn new(app: Arc<App>, clock: Arc<Clock>, options: Options) -> Site {
        Site { app, clock, options, looks: Arc::default(), verification: Arc::default(), mailbox: None }
    }
    /// With the mailbox of a demo, if this is one.
    pub(crate) fn with_mailbox(self, mailbox: Arc<dyn Mailbox>) -> Site {
        Site { mailbox: self.app.is_demo().then_some(mailbox), ..self }
    }
    /// The clock, for what goes on after the answer.
    pub(crate) fn clock(&self) -> Arc<Clock> {
        Arc::clone(&self.clock)
    }
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
    /// What surrounds every page of the patient's side.
    pub(crate) fn frame(&self, language: Language) -> Frame {
        let settings = self.app.settings();
        Frame {
            language,
            words: language.words(),
            organization: settings.organization,
            phone: settings.phone.filter(|phone| !phone.trim().is_empty()).map(Phone),
            postal: settings.postal_address,
            css: assets::patient_css(),
        }
    }
}

/// Runs a verb to its end, even if the caller hangs up meanwhile: a mail program that does not wait for the answer has
/// asked all the same. A request's own future is dropped with its connection, and an open transaction with it.
pub(crate) async fn finish<T: Send + 'static>(
    verb: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, PageError> {
    match tokio::spawn(verb).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(PageError::Broken(Incident::of_panic())),
    }
}

/// What surrounds every page of the patient's side.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) words: &'static Words,
    pub(crate) organization: String,
    pub(crate) phone: Option<Phone>,
    pub(crate) postal: Vec<String>,
    pub(crate) css: &'static str,
}

impl Frame {
    /// How to reach the organization, in a sentence: by telephone if it has one, else by letter. Of the messages
    /// `name-call`, which is around the number, and `name-by-letter`.
    pub(crate) fn reach(&self, name: &str) -> Reach<'_> {
        match &self.phone {
            Some(phone) => {
                let (before, after) = self.words.around(&format!("{name}-call"), "phone");
                Reach { before, phone: Some(phone), after }
            }
            None => {
                let before = self.words.say(&format!("{name}-by-letter"));
                Reach { before, phone: None, after: String::new() }
            }
        }
    }
    /// What the switch of languages offers.
    pub(crate) const fn languages(&self) -> [Language; 2] {
        Language::ALL
    }
}

/// A sentence around a telephone number, or without one.
#[derive(Debug)]
pub(crate) struct Reach<'a> {
    pub(crate) before: String,
    pub(crate) phone: Option<&'a Phone>,
    pub(crate) after: String,
}

/// A telephone number as people write it.
#[derive(Debug)]
pub(crate) struct Phone(String);

impl Phone {
    pub(crate) fn shown(&self) -> &str {
        &self.0
    }
    /// What to dial; `None` if it is not a plain number (letters, an extension), which a telephone might dial wrongly.
    pub(crate) fn dialled(&self) -> Option<String> {
        let plain = self.0.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
        let number: String = self.0.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        (plain && !number.is_empty()).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panicking_verb_is_an_incident() {
        let panics = async { panic!("Zz-Canary") };
        let answer: Result<(), PageError> = finish(panics).await;
        assert!(matches!(answer, Err(PageError::Broken(_))));
        assert!(matches!(finish(async { Ok(1) }).await, Ok(1)));
    }

    #[test]
    fn only_plain_numbers_are_dialled() {
        let dialled = |text: &str| Phone(text.to_owned()).dialled();
        assert_eq!(dialled("(555) 010-0199").as_deref(), Some("5550100199"));
        assert_eq!(dialled("+1 555 010 0199").as_deref(), Some("+15550100199"));
        for unclear in ["555-0100 ext. 4", "1-800-CLINIC", "", "555 0100 / 0101"] {
            assert_eq!(dialled(unclear), None, "{unclear}");
        }
    }
}
