//! The verbs, proved from outside: stories told on both databases, and what must never happen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod race;
mod refusals;
mod story;
