//! The oracle against the text it follows: facts and answers written by hand, and laws on random worlds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod by_hand;
mod laws;
mod sequences;
