//! Ids of facts: the first 128 bits of a SHA-256 over where a fact comes from, so that importing it twice gives the
//! same id. Each part is written with its length, so that `ab`+`c` and `a`+`bc` differ.

use discreet_domain::FactId;
use sha2::{Digest, Sha256};

/// The id of a fact that has one in its source. Nothing that can change about the fact goes into it.
pub fn fact_id(source: &str, kind: &str, external: &str) -> FactId {
    digest("id", &[source, kind, external])
}

/// The id of one part of such a fact: a component of an observation.
pub fn part_id(source: &str, kind: &str, external: &str, part: &str) -> FactId {
    digest("part", &[source, kind, external, part])
}

/// The id of a row that has none: over the patient and all that identifies it.
pub fn row_id(source: &str, kind: &str, patient: &str, identifying: &[&str]) -> FactId {
    let parts: Vec<&str> = [source, kind, patient].into_iter().chain(identifying.iter().copied()).collect();
    digest("row", &parts)
}

fn digest(what: &str, parts: &[&str]) -> FactId {
    let mut hash = Sha256::new();
    for part in std::iter::once(&what).chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let bytes: [u8; 32] = hash.finalize().into();
    FactId(bytes.iter().take(16).fold(0, |id, byte| (id << 8) | u128::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_pinned_and_parts_do_not_run_together() {
        // Stored ids depend on this value: changing it makes every re-import a duplicate.
        assert_eq!(fact_id("ehr", "condition", "1").0, 0x8a24a30f6c79347cd581f4c5ae032d3a);
        assert_ne!(fact_id("ehr", "ab", "c"), fact_id("ehr", "a", "bc"));
        assert_ne!(fact_id("ehr", "condition", "1"), row_id("ehr", "condition", "1", &[]));
        assert_ne!(part_id("ehr", "observation", "1", "a"), part_id("ehr", "observation", "1", "b"));
    }
}
