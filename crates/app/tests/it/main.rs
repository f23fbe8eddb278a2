//! The verbs, proved from outside: stories told on both databases, and what must never happen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "clippy takes the helpers of integration tests for no tests"
)]

mod asked;
mod canary;
mod catalog;
mod checkpoints;
mod choices;
mod crashes;
mod drafts;
mod equality;
mod erasure;
mod images;
mod imports;
mod kept;
mod keys;
mod merges;
mod race;
mod records;
mod refusals;
mod story;
mod tampering;
mod trial;
mod uploads;
mod webhooks;
