//! The page of every error: the same look, what happened, and what helps.

use crate::site::Frame;
use askama::Template;

/// What went wrong, as far as the reader is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    /// No such link, and no hint whether there ever was.
    Missing,
    /// A link whose time is over, or no such link.
    OldLink,
    /// Not to be done in this way: the method, the size.
    Improper,
    /// Our fault, while looking.
    Unshown,
    /// Our fault, while saving.
    Unsaved,
}

/// The page.
#[derive(Template, Debug)]
#[template(path = "patient/problem.html")]
pub(crate) struct Problem {
    pub(crate) frame: Frame,
    pub(crate) trouble: Trouble,
    /// The number to tell on the telephone.
    pub(crate) incident: Option<String>,
}

impl Problem {
    fn heading(&self) -> String {
        self.frame.words.say(self.name())
    }
    /// What its messages are called.
    fn name(&self) -> &'static str {
        match self.trouble {
            Trouble::Missing => "missing",
            Trouble::OldLink => "old-link",
            Trouble::Improper => "improper",
            Trouble::Unshown => "unshown",
            Trouble::Unsaved => "unsaved",
        }
    }
    /// What to do, beyond calling.
    fn text(&self) -> Option<String> {
        let name = match self.trouble {
            Trouble::Missing => "missing-text",
            Trouble::OldLink => "old-link-text",
            Trouble::Improper => "improper-text",
            Trouble::Unshown | Trouble::Unsaved => return None,
        };
        Some(self.frame.words.say(name))
    }
    fn incident_around(&self) -> (String, String) {
        self.frame.words.around("incident", "number")
    }
    fn old(&self) -> bool {
        self.trouble == Trouble::OldLink
    }
    /// A switch of language looks again. Where something was posted, that is another page.
    fn switches(&self) -> bool {
        self.trouble != Trouble::Unsaved
    }
    /// Whether trying once more may help.
    fn passing(&self) -> bool {
        matches!(self.trouble, Trouble::Unshown | Trouble::Unsaved)
    }
}
