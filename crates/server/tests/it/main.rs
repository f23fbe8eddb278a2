//! The `discreet` program, from outside: what a script types, what comes back, and what an onlooker finds.
//!
//! Nothing here uses the crates that the program is made of, except the mail catcher and the synthetic clinic, which are
//! the other side of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "clippy takes the helpers of integration tests for no tests"
)]

mod api;
mod browser;
mod budgets;
mod contract;
mod demo;
mod fuzzed;
mod installation;
mod killed;
mod mailing;
mod postgres;
mod real_mail;
mod relay;
mod samples;
mod serving;
mod tampering;
