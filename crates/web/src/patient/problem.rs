//! The page of every error: the same look, what happened, and what helps.

use crate::site::Frame;
use crate::words::TroubleWords;
use askama::Template;

/// What went wrong, as far as the reader is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    /// No such link, and no hint whether there ever was.
    Missing,
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
    fn heading(&self) -> &'static str {
        self.said().heading
    }
    fn said(&self) -> &'static TroubleWords {
        let words = self.frame.words;
        match self.trouble {
            Trouble::Missing => &words.not_found,
            Trouble::Improper => &words.not_thus,
            Trouble::Unshown => &words.not_shown,
            Trouble::Unsaved => &words.not_saved,
        }
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
