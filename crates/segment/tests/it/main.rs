//! The language from outside: texts, trees, errors, windows. `PROPTEST_CASES` sets how many random ones are tried.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed; helpers of tests are no tests to clippy"
)]

mod bounds;
mod check;
mod documented;
mod errors;
mod linear;
mod nested;
mod outline;
mod places;
mod round_trip;
mod scope;
mod seeds;
mod sentences;
mod trees;
mod windows;
