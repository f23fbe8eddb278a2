//! Code patterns as written: one code, a subtree, or a named value set.

use discreet_domain::{Code, Label, System, label_of};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One code, or one subtree.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct CodePattern {
    /// The code, or the stem of a subtree.
    pub code: Code,
    /// Whether every code of the system whose text begins with it counts too.
    pub subtree: bool,
}

impl CodePattern {
    /// This code alone.
    pub fn exact(system: System, value: &str) -> CodePattern {
        CodePattern { code: settled(system, value, char::is_whitespace), subtree: false }
    }
    /// This code and all under it. `E11.*` and `E11*` are the same subtree.
    pub fn under(system: System, value: &str) -> CodePattern {
        let code = settled(system, value, |c| c == '.' || c.is_whitespace());
        CodePattern { code, subtree: true }
    }
    /// The greatest label of anything it can match.
    pub fn label(&self) -> Label {
        label_of(&self.code.system, &self.code.value, self.subtree)
    }
    /// Whether a code matches.
    pub fn matches(&self, code: &Code) -> bool {
        if !self.subtree {
            return self.code == *code;
        }
        self.code.system == code.system && code.value.starts_with(self.code.value.as_str())
    }
}

/// A code that normalizing again would not change, even one of odd characters (`"E1 ."`): what is printed reads back.
fn settled(system: System, value: &str, is_tail: impl Fn(char) -> bool) -> Code {
    let mut code = Code::new(system, value);
    loop {
        let again = Code::new(code.system.clone(), code.value.trim_end_matches(&is_tail));
        // A pass takes characters from the end and adds at most ICD-10-CM's one dot, so this ends.
        if again.value.len() >= code.value.len() {
            return again;
        }
        code = again;
    }
}

/// What a code may be, as written.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Pattern {
    /// `icd10:E11.9`, `icd10:E11*`
    Code(CodePattern),
    /// `@diabetes`: any code of a named value set.
    Set(String),
}

impl Serialize for Pattern {
    /// As text: `"icd10:E11*"`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        crate::parse::pattern(&text).map_err(serde::de::Error::custom)
    }
}
