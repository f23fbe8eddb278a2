//! Sets of codes: exact ones and subtrees.

use crate::pattern::CodePattern;
use discreet_domain::Code;
use std::sync::Arc;

/// What codes are looked for, value sets expanded. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct CodeSet {
    exact: Arc<[Code]>,
    subtrees: Arc<[Code]>,
}

impl CodeSet {
    /// From patterns, in any order.
    pub fn new(patterns: impl IntoIterator<Item = CodePattern>) -> CodeSet {
        let (mut exact, mut subtrees) = (Vec::new(), Vec::new());
        for pattern in patterns {
            let into = if pattern.subtree { &mut subtrees } else { &mut exact };
            into.push(pattern.code);
        }
        for codes in [&mut exact, &mut subtrees] {
            codes.sort_unstable();
            codes.dedup();
        }
        CodeSet { exact: exact.into(), subtrees: subtrees.into() }
    }
    /// Codes that match by themselves; sorted, without repeats.
    pub fn exact(&self) -> &[Code] {
        &self.exact
    }
    /// Stems: every code of that system that begins with one matches; sorted, without repeats.
    pub fn subtrees(&self) -> &[Code] {
        &self.subtrees
    }
    /// Whether a code matches.
    pub fn contains(&self, code: &Code) -> bool {
        self.exact.binary_search(code).is_ok()
            || self
                .subtrees
                .iter()
                .any(|stem| stem.system == code.system && code.value.starts_with(stem.value.as_str()))
    }
}
