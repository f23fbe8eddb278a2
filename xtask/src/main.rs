//! `cargo xtask`: the guard of this repository.
//!
//! `cargo xtask tidy` reads the tree as text and syntax and says where it breaks the shape that ARCHITECTURE.md
//! promises: which crate may depend on which, who may stand at a door, what is banned, how long things may be, whether
//! the documents still point at something. `cargo xtask check` runs it together with rustfmt, clippy and rustdoc.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

mod check;
mod config;
mod finding;
mod manifest;
mod markdown;
mod source;
mod tidy;
mod tokens;
mod tree;
mod zip;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  tidy           every check of the tree; exit code 1 if any finds something
  tidy --list    what is checked
  tidy --stats   how long functions and files are
  check          rustfmt, clippy, tidy and rustdoc, as .ci/run wants them
  zip-table US.txt   makes the table of ZIP codes' places of GeoNames' postal codes";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => with_workspace(tidy::run),
        ["tidy", "--list"] => {
            tidy::list();
            ExitCode::SUCCESS
        }
        ["tidy", "--stats"] => with_workspace(|workspace| {
            tidy::stats(workspace);
            true
        }),
        ["zip-table", source] => match root() {
            Some(root) => match zip::run(&root, Path::new(source)) {
                Ok(made) => {
                    println!("{made}");
                    ExitCode::SUCCESS
                }
                Err(trouble) => {
                    eprintln!("xtask: {trouble}");
                    ExitCode::FAILURE
                }
            },
            None => no_root(),
        },
        ["check"] => match root() {
            Some(root) => exit(check::run(&root)),
            None => no_root(),
        },
        [] | ["--help" | "-h" | "help"] => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn with_workspace(run: impl FnOnce(&tidy::Workspace) -> bool) -> ExitCode {
    let Some(root) = root() else { return no_root() };
    match tidy::Workspace::read(&root) {
        Ok(workspace) => exit(run(&workspace)),
        Err(trouble) => {
            eprintln!("xtask: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn exit(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn no_root() -> ExitCode {
    eprintln!("xtask: no Cargo.toml with a [workspace] here or above");
    ExitCode::FAILURE
}

/// The workspace's folder: the first one, from here upwards, whose Cargo.toml has a `[workspace]`.
fn root() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().find(|folder| is_root(folder)).map(Path::to_path_buf)
}

fn is_root(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("Cargo.toml"))
        .is_ok_and(|text| text.lines().any(|l| l == "[workspace]"))
}
