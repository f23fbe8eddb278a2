//! The checks. One file each; each knows only the [`Workspace`] and says what it finds.

mod attributes;
mod banned;
mod direction;
mod doors;
mod heads;
mod implementors;
mod lengths;
mod limits;
mod links;
mod lints;
mod machine;
mod migrations;
mod names;
mod parses;
mod paths;
mod proofs;
mod rule;
mod sql;

use crate::config::Config;
use crate::finding::Finding;
use crate::manifest::{self, Manifest};
use crate::source::{self, Source};
use crate::tree::{Tree, Trouble};
use std::path::Path;

/// What checks look at.
pub struct Workspace {
    /// Every file.
    pub tree: Tree,
    /// The tables of `doors.toml`.
    pub config: Config,
    /// Every crate's Cargo.toml.
    pub manifests: Vec<Manifest>,
    /// Every Rust file.
    pub sources: Vec<Source>,
}

impl Workspace {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    /// [`Trouble`] where a file does not read.
    pub fn read(root: &Path) -> Result<Workspace, Trouble> {
        Workspace::of(Tree::read(root)?)
    }
    fn of(tree: Tree) -> Result<Workspace, Trouble> {
        let config = Config::read(&tree)?;
        Ok(Workspace {
            config,
            manifests: manifest::read_all(&tree)?,
            sources: source::read_all(&tree),
            tree,
        })
    }
    /// A workspace that exists only in a test.
    #[cfg(test)]
    pub fn planted(files: &[(&str, &str)]) -> Workspace {
        Workspace::of(Tree::of(files)).unwrap()
    }
}

/// A check: its name, what it holds, and how it looks.
pub struct Check {
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Vec<Finding>,
}

const CHECKS: [Check; 17] = [
    Check { name: "parses", about: "every Rust file is Rust", run: parses::run },
    Check { name: "direction", about: "crates depend only on crates below them", run: direction::run },
    Check { name: "lints", about: "every crate takes the workspace's lints", run: lints::run },
    Check { name: "doors", about: "only listed files stand at a door", run: doors::run },
    Check {
        name: "implementors",
        about: "only listed files implement a door's traits",
        run: implementors::run,
    },
    Check {
        name: "proofs",
        about: "proofs have one maker and no derive that makes another",
        run: proofs::run,
    },
    Check {
        name: "banned",
        about: "clock, console, network, environment: each in its file",
        run: banned::run,
    },
    Check { name: "attributes", about: "no ignored test, no unexplained `allow`", run: attributes::run },
    Check { name: "names", about: "no module named after nothing", run: names::run },
    Check { name: "sql", about: "SQL stands in the store", run: sql::run },
    Check { name: "lengths", about: "functions up to 70 lines, files up to 500", run: lengths::run },
    Check { name: "limits", about: "a limit has one value", run: limits::run },
    Check { name: "machine", about: "no machine's paths, no invisible characters", run: machine::run },
    Check { name: "links", about: "links in documents lead somewhere", run: links::run },
    Check { name: "paths", about: "paths named in the map exist", run: paths::run },
    Check { name: "heads", about: "every crate says what it is", run: heads::run },
    Check {
        name: "migrations",
        about: "migrations are consecutive, paired and embedded",
        run: migrations::run,
    },
];

/// Runs all checks, prints what they find; whether that is nothing.
pub fn run(workspace: &Workspace) -> bool {
    let mut findings: Vec<(Finding, &str)> = CHECKS
        .iter()
        .flat_map(|check| (check.run)(workspace).into_iter().map(|finding| (finding, check.name)))
        .collect();
    findings.sort();
    for (finding, check) in &findings {
        println!("{finding} [{check}]");
    }
    match findings.len() {
        0 => println!("tidy: {} checks, nothing found", CHECKS.len()),
        n => println!("tidy: {n} found"),
    }
    findings.is_empty()
}

/// Prints what is checked.
pub fn list() {
    for check in &CHECKS {
        println!("{:<14}{}", check.name, check.about);
    }
}

/// Prints how long things are.
pub fn stats(workspace: &Workspace) {
    print!("{}", lengths::stats(workspace));
}
