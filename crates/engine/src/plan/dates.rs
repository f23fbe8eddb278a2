//! Windows and tests on dates, their bounds worked out.

use super::Setting;
use crate::moment::Moment;
use discreet_domain::{When, Zone};
use discreet_segment::checked::DateTest;
use discreet_segment::truth::{self, Truth};
use discreet_segment::{Bounds, Window};

/// A window at now.
pub(crate) struct WindowCheck<'i> {
    bounds: Bounds,
    zone: &'i Zone,
}

impl<'i> WindowCheck<'i> {
    pub fn new(window: Window, setting: Setting<'i>) -> WindowCheck<'i> {
        let zone = setting.lexicon.calendar.zone();
        WindowCheck { bounds: window.bounds(setting.now, zone), zone }
    }
    /// Whether a moment lies in the window; unknown for partial dates on both sides of an edge.
    #[inline]
    pub fn holds(&self, moment: Moment) -> Truth {
        match moment.when() {
            When::At(t) => Some(self.bounds.has_instant(t)),
            When::Day(day) => Some(self.bounds.has_day(day)),
            partial => self.bounds.holds(partial, self.zone),
        }
    }
}

/// A test on dates.
pub(crate) struct DateCheck<'i> {
    /// In any of these …
    windows: Vec<WindowCheck<'i>>,
    /// … or not.
    negated: bool,
}

impl<'i> DateCheck<'i> {
    pub fn new(test: &DateTest, setting: Setting<'i>) -> DateCheck<'i> {
        let (windows, negated) = match test {
            DateTest::Window { window, negated } => (vec![*window], *negated),
            DateTest::OneOf(days) => (days.iter().map(|day| Window::Between(*day, *day)).collect(), false),
        };
        let windows = windows.into_iter().map(|window| WindowCheck::new(window, setting)).collect();
        DateCheck { windows, negated }
    }
    #[inline]
    pub fn holds(&self, moment: Moment) -> Truth {
        let inside = match self.windows.as_slice() {
            [one] => one.holds(moment),
            several => truth::any(several.iter().map(|window| window.holds(moment))),
        };
        inside.map(|inside| inside != self.negated)
    }
}
