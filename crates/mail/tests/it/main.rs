//! The crate from outside, as its callers see it. One binary.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests and their helpers")]

mod dkim;
mod golden;
mod message;
mod properties;
mod world;
