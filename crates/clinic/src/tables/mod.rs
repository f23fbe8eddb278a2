//! Tables: what there is to draw from. Constants only.

pub(crate) mod ailments;
pub(crate) mod care;
#[rustfmt::skip] // a name a line would be a thousand lines
pub(crate) mod names;
pub(crate) mod origins;
pub(crate) mod places;
pub(crate) mod staff;
pub(crate) mod visits;
pub(crate) mod words;
