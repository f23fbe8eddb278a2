//! A file that does not parse would pass every other check.

use super::Workspace;
use crate::finding::Finding;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let broken = |source: &crate::source::Source| {
        let (line, error) = source.broken.as_ref()?;
        Some(Finding::at(
            &source.path,
            *line,
            format!("does not parse: {error}"),
            "mend it, or remove the file",
        ))
    };
    workspace.sources.iter().filter_map(broken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where() {
        let w =
            Workspace::planted(&[("crates/app/src/a.rs", "fn a() {}\nfn fn"), ("crates/app/src/b.rs", "")]);
        let found = run(&w);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/app/src/a.rs", 2));
    }
}
