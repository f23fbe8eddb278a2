//! `discreet`: the command line, and the server.
//!
//! `cli/` says what can be typed, one file per noun; `wire` opens the installation and signs in; the verbs are `app`'s.
//! Exit code 0: done. 1: refused or failed. 2: wrong usage.

mod cli;
mod clock;
mod config;
mod demo;
mod output;
mod post;
mod serve;
mod wire;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let call = cli::Call::parse();
    let out = output::Out { json: call.json };
    log_to_stderr();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            out.fail(&e);
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(call, out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.fail(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Warnings and worse go to standard error; `DISCREET_LOG` names another level (error, warn, info, debug). Logs carry ids,
/// codes and counts only.
fn log_to_stderr() {
    let level =
        wire::environment("DISCREET_LOG").and_then(|l| l.parse().ok()).unwrap_or(tracing::Level::WARN);
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
}
