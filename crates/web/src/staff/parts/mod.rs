//! The parts pages are built of: small views with a template each, written into pages unescaped because they escape what
//! they hold. The living style page (`/ui`) shows every one in every state.

mod bars;
mod fields;
mod files;
mod funnel;
mod text;

pub(crate) use bars::{Bars, bars};
pub(crate) use fields::{Choice, Select, field, password, select, text_area, ticks, yes_or_no};
pub(crate) use files::file;
pub(crate) use funnel::{Funnel, funnel};
pub(crate) use text::{Badge, Tab, Tabs, badge, summary, tabs};

/// A part may be written into a page as it is: its template has escaped what it holds.
macro_rules! part {
    ($($part:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $part {})+ };
}
pub(crate) use part;
