//! What tests are made of: random worlds and segments, the row-by-row oracle that says what a segment answers; with
//! the feature `sql`, facts in plain tables for lowered segments; and, with the feature `world`, whole installations on
//! either database.
//!
//! A dev-dependency only: it may panic, and nothing that ships may use it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

pub mod moments;
pub mod oracle;
#[cfg(feature = "world")]
pub mod pictures;
pub mod scope;
pub mod segments;
pub mod shown;
#[cfg(feature = "sql")]
pub mod tables;
#[cfg(feature = "world")]
pub mod world;
pub mod worlds;
