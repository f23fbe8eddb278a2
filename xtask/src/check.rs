//! `cargo xtask check`: what a change has to pass besides its tests. Every step runs, so that one run shows all.

use crate::tidy;
use std::path::Path;
use std::process::Command;

/// A step: its title, its arguments to cargo, and what it sets in the environment.
type Step = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const STEPS: [Step; 3] = [
    ("fmt", &["fmt", "--all", "--check"], &[]),
    ("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[]),
    ("doc", &["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")]),
];

/// Runs every step in `root` and sums up; whether all passed.
pub fn run(root: &Path) -> bool {
    let mut results: Vec<(&str, bool)> = Vec::new();
    println!("==> tidy");
    results.push(("tidy", tidy_passes(root)));
    for (title, arguments, environment) in STEPS {
        println!("==> {title}: cargo {}", arguments.join(" "));
        results.push((title, cargo_passes(root, arguments, environment)));
    }
    println!("==> in all");
    for (title, passed) in &results {
        println!("    {:<8}{}", title, if *passed { "passed" } else { "FAILED" });
    }
    results.iter().all(|(_, passed)| *passed)
}

fn tidy_passes(root: &Path) -> bool {
    match tidy::Workspace::read(root) {
        Ok(workspace) => tidy::run(&workspace),
        Err(trouble) => {
            eprintln!("xtask: {trouble}");
            false
        }
    }
}

fn cargo_passes(root: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> bool {
    // Cargo names itself to what it runs; by hand, the one on the path will do.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status =
        Command::new(cargo).args(arguments).envs(environment.iter().copied()).current_dir(root).status();
    match status {
        Ok(status) => status.success(),
        Err(error) => {
            eprintln!("xtask: cargo does not start: {error}");
            false
        }
    }
}
