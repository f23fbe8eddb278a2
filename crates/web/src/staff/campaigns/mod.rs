//! Campaigns: five steps, in any order; submitted and approved; sent, watched, reported.

pub(crate) mod approvals;
pub(crate) mod audience;
mod findings;
pub(crate) mod list;
pub(crate) mod message;
pub(crate) mod preview;
pub(crate) mod progress;
pub(crate) mod purpose;
pub(crate) mod review;
pub(crate) mod schedule;
mod steps;
mod trial;
