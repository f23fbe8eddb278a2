//! The codes of the bench population: 300 of conditions, 200 of medications, by rank. Some are real, for the bench
//! segments to name; the rest have the shape of their system and mean nothing.

use super::zipf::Zipf;
use crate::random::Dice;

/// How many condition codes there are.
const CONDITIONS: usize = 300;
/// How many medication codes there are.
const MEDICATIONS: usize = 200;

/// Rank, code: the conditions that bench segments name.
pub(super) const KNOWN_CONDITIONS: [(usize, &str); 14] = [
    (0, "I10"),
    (1, "E11.9"),
    (2, "E78.5"),
    (4, "J45.909"),
    (6, "F41.1"),
    (8, "E11.65"),
    (11, "N18.30"),
    (13, "E11.22"),
    (17, "N18.31"),
    (19, "E11.40"),
    (24, "N18.4"),
    (27, "E11.319"),
    (31, "M17.9"),
    (34, "E11.69"),
];
/// Rank, code: the medications that bench segments name.
pub(super) const KNOWN_MEDICATIONS: [(usize, &str); 4] =
    [(0, "314076"), (1, "860975"), (3, "617311"), (5, "312941")];

/// Codes with how often each is drawn.
#[derive(Debug)]
pub(super) struct Codes {
    codes: Vec<String>,
    zipf: Zipf,
}

impl Codes {
    /// ICD-10-CM-shaped: a letter that no known code has, two digits, one after the dot.
    pub(super) fn conditions() -> Codes {
        const LETTERS: [char; 12] = ['A', 'C', 'D', 'G', 'H', 'K', 'L', 'Q', 'R', 'S', 'T', 'V'];
        let shape = |rank: usize| {
            let letter = LETTERS.get(rank % LETTERS.len()).copied().unwrap_or('A');
            format!("{letter}{:02}.{}", (rank * 7) % 100, rank % 10)
        };
        Codes::new(CONDITIONS, &KNOWN_CONDITIONS, shape)
    }
    /// RxNorm-shaped: seven digits from nine million on, where none are given out.
    pub(super) fn medications() -> Codes {
        Codes::new(MEDICATIONS, &KNOWN_MEDICATIONS, |rank| format!("{}", 9_000_000 + rank * 37))
    }
    fn new(count: usize, known: &[(usize, &str)], shape: impl Fn(usize) -> String) -> Codes {
        let code = |rank: usize| match known.iter().find(|(at, _)| *at == rank) {
            Some((_, code)) => (*code).to_owned(),
            None => shape(rank),
        };
        Codes { codes: (0..count).map(code).collect(), zipf: Zipf::new(count) }
    }
    /// A few different codes; fewer than asked for when some were drawn twice.
    pub(super) fn some(&self, count: u32, dice: &mut Dice) -> Vec<&str> {
        let mut ranks: Vec<usize> = (0..count).map(|_| self.zipf.draw(dice)).collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks.into_iter().filter_map(|rank| self.codes.get(rank)).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_all_different() {
        for codes in [Codes::conditions(), Codes::medications()] {
            let different: HashSet<&String> = codes.codes.iter().collect();
            assert_eq!(different.len(), codes.codes.len());
        }
    }
}
