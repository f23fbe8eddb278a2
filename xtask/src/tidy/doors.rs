//! Who stands at a door. The compiler asks for the proof; this asks that the askers stay few enough to read.

use super::{Workspace, rule};
use crate::finding::Finding;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    workspace.config.door.iter().flat_map(|door| rule::look(workspace, door)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"
[[door]]
name = "deliver"
patterns = ["deliver"]
instead = "send through app"
[[door.allowed]]
file = "crates/app/src/dispatch*"
reason = "the one sender"
"#;

    #[test]
    fn a_new_caller_is_found_even_under_another_name() {
        let w = Workspace::planted(&[
            ("xtask/doors.toml", TABLE),
            ("crates/app/src/dispatch/send.rs", "fn a() { mail::deliver(1); }"),
            ("crates/app/src/sly.rs", "use mail::deliver as send;\nfn a() { send(1); }"),
            ("crates/app/src/sly/tests.rs", ""),
            ("crates/app/tests/it.rs", "fn a() { mail::deliver(1); }"),
        ]);
        let found = run(&w);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/app/src/sly.rs", 1));
    }

    #[test]
    fn an_unused_entry_is_found() {
        let w = Workspace::planted(&[("xtask/doors.toml", TABLE), ("crates/app/src/lib.rs", "")]);
        let found = run(&w);
        assert_eq!((found.len(), found[0].path.as_str(), found[0].line), (1, "xtask/doors.toml", 7));
    }
}
