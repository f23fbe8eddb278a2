//! Every word of the patient's side, in every language: a language lacks none, or it does not compile. Reading level at
//! most grade 8 (a test measures it). A text that is interrupted by a value is a pair: before and after.

mod english;
mod spanish;

pub(crate) use english::ENGLISH;
pub(crate) use spanish::SPANISH;

/// A sentence around a value.
pub(crate) type Around = (&'static str, &'static str);

/// All texts of one language.
#[derive(Debug)]
pub(crate) struct Words {
    /// The language's own name, for the switch.
    pub(crate) name: &'static str,
    /// What the switch is.
    pub(crate) languages: &'static str,
    /// 45 CFR 92.201, 92.202: help is free. Around the telephone number, or by letter.
    pub(crate) help: Around,
    pub(crate) help_by_letter: &'static str,

    pub(crate) front: &'static str,
    /// Around the organization's name.
    pub(crate) front_text: Around,

    pub(crate) stop: &'static str,
    /// Before the topic's public name.
    pub(crate) stop_about: &'static str,
    pub(crate) stop_button: &'static str,
    pub(crate) stop_all_button: &'static str,

    pub(crate) stopped: &'static str,
    /// Around the topic's public name.
    pub(crate) stopped_topic: Around,
    pub(crate) stopped_all: &'static str,
    pub(crate) still: &'static str,
    pub(crate) mistake: Around,
    pub(crate) mistake_by_letter: &'static str,

    pub(crate) not_me: &'static str,
    pub(crate) not_me_text: &'static str,
    pub(crate) not_me_button: &'static str,
    pub(crate) not_me_done: &'static str,
    pub(crate) not_me_done_text: &'static str,

    pub(crate) not_found: TroubleWords,
    pub(crate) not_thus: TroubleWords,
    pub(crate) not_shown: TroubleWords,
    pub(crate) not_saved: TroubleWords,
    pub(crate) try_again: &'static str,
    /// Around an incident's number.
    pub(crate) incident: Around,
}

/// What an error's page says.
#[derive(Debug)]
pub(crate) struct TroubleWords {
    pub(crate) heading: &'static str,
    pub(crate) text: Option<&'static str>,
    /// Around the telephone number.
    pub(crate) call: Around,
    pub(crate) by_letter: &'static str,
}
