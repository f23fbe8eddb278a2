//! Reads what the generator writes back from the disk, and holds it against what the generator says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests, which may fail as tests do"
)]

mod bench;
mod rates;
mod read;
mod segments;
mod shape;
mod summary;
