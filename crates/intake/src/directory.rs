//! Who and what references lead to: names of practitioners, organizations and places, codes of medications, names
//! tables of CSV exports. Bounded; none of it is about patients.

use discreet_domain::Code;
use std::collections::HashMap;

/// A bounded look-up table.
#[derive(Default)]
pub(crate) struct Directory {
    names: HashMap<String, String>,
    medications: HashMap<String, Vec<Code>>,
    most: usize,
}

impl Directory {
    pub fn new(most: usize) -> Directory {
        Directory { most, ..Directory::default() }
    }

    /// Remembers what `kind/id` is called.
    pub fn put_name(&mut self, kind: &str, id: &str, name: String) {
        if self.names.len() < self.most {
            self.names.insert(key(kind, id), name);
        }
    }

    pub fn name(&self, kind: &str, id: &str) -> Option<&str> {
        if self.names.is_empty() {
            return None;
        }
        self.names.get(&key(kind, id)).map(String::as_str)
    }

    /// Remembers the codes of a medication.
    pub fn put_medication(&mut self, id: &str, codes: Vec<Code>) {
        if self.medications.len() < self.most {
            self.medications.insert(id.to_owned(), codes);
        }
    }

    pub fn medication(&self, id: &str) -> Option<&[Code]> {
        self.medications.get(id).map(Vec::as_slice)
    }
}

fn key(kind: &str, id: &str) -> String {
    format!("{kind}/{id}")
}
