//! English. Texts of UI.md where it has them.

use super::{TroubleWords, Words};

pub(crate) const ENGLISH: Words = Words {
    name: "English",
    languages: "Language",
    help: ("Help in another language, large print or another format is free. Call ", " (TTY\u{a0}711)."),
    help_by_letter: "Help in another language, large print or another format is free. Write to us at this address.",

    front: "This site is for links in our emails",
    front_text: (
        "Emails from ",
        " have a link to stop them. The link leads to this site. To use it, open the email and press the link.",
    ),

    stop: "Stop these emails?",
    stop_about: "Emails: ",
    stop_button: "Stop these emails",
    stop_all_button: "Stop all optional emails",

    stopped: "You are unsubscribed",
    stopped_topic: ("We stopped ", " just now. Any other emails you chose will still come."),
    stopped_all: "We stopped all optional emails just now.",
    still: "You may still get emails about your care or your bills, and notices the law requires. An email sent in the last minute may still arrive.",
    mistake: ("Was this a mistake? Call ", "."),
    mistake_by_letter: "Was this a mistake? Write to us at the address below.",

    not_me: "Is this email not for you?",
    not_me_text: "Press the button and we will stop writing to this address.",
    not_me_button: "This is not me",
    not_me_done: "Thank you. We stopped.",
    not_me_done_text: "Please delete the email.",

    not_found: TroubleWords {
        heading: "This link does not work",
        text: Some("A part of it may be missing. Open the email again and press the link there."),
        call: ("You can also call ", ". We can stop the emails for you."),
        by_letter: "You can also write to us at the address below. We can stop the emails for you.",
    },
    not_thus: TroubleWords {
        heading: "This page cannot do that",
        text: Some("Open the email again and press the link there."),
        call: ("You can also call ", ". We can stop the emails for you."),
        by_letter: "You can also write to us at the address below. We can stop the emails for you.",
    },
    not_shown: TroubleWords {
        heading: "We cannot show this page right now",
        text: None,
        call: ("Please try again in a minute, or call ", "."),
        by_letter: "Please try again in a minute, or write to us at the address below.",
    },
    not_saved: TroubleWords {
        heading: "We could not save that",
        text: None,
        call: ("Please try again, or call ", "."),
        by_letter: "Please try again, or write to us at the address below.",
    },
    try_again: "Try again",
    incident: ("If you call or write, tell us this number: ", "."),
};
