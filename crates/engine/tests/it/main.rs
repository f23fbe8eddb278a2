//! The engine from outside.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and one that measures says what it measured"
)]

mod changes;
mod datafusion;
mod equality;
mod grid;
mod insight;
mod lowered;
mod operators;
mod receipts;
mod sequences;
mod setup;
mod side;
mod three_ways;
mod why;
