//! What nearly nobody writes: reading the clock, printing, opening connections, reading the environment, leaving.

use super::{Workspace, rule};
use crate::finding::Finding;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    workspace.config.banned.iter().flat_map(|banned| rule::look(workspace, banned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"
[[banned]]
name = "clock"
patterns = ["SystemTime::now", "Instant::now"]
instead = "take now"
allowed = [{ file = "crates/server/src/clock.rs", reason = "the clock" }]
[[banned]]
name = "I/O"
patterns = ["std::fs"]
within = ["crates/domain/"]
instead = "stay pure"
"#;

    #[test]
    fn found_outside_its_file_and_only_where_it_applies() {
        let w = Workspace::planted(&[
            ("xtask/doors.toml", TABLE),
            ("crates/server/src/clock.rs", "fn now() { std::time::SystemTime::now(); }"),
            ("crates/app/src/a.rs", "use std::fs;\nfn a() { info!(at = ?std::time::Instant::now()); }"),
            ("crates/app/src/b.rs", "#[cfg(test)]\nmod tests { fn a() { Instant::now(); } }"),
            ("crates/domain/src/c.rs", "use std::fs;"),
        ]);
        let found: Vec<String> = run(&w).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "crates/app/src/a.rs:2: `Instant::now` (clock) is not for this file; take now",
                "crates/domain/src/c.rs:1: `std::fs` (I/O) is not for this file; stay pure",
            ]
        );
    }
}
