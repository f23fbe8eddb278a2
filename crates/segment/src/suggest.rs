//! Did you mean …?

use crate::limits;

/// The candidate nearest to a word, if it is near: at most a third of the letters changed, a swap of neighbours counting
/// as one. Of several, the first.
pub(crate) fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    let word = letters(word)?;
    let most = (word.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(other) = letters(candidate) else { continue };
        if other.len().abs_diff(word.len()) > most {
            continue;
        }
        let distance = distance(&word, &other);
        if distance <= most && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// What is compared: lower case, `-` and space as `_`. `None` if the word is too long to be worth it.
fn letters(word: &str) -> Option<Vec<char>> {
    let same = |c: char| if c == '-' || c == ' ' { '_' } else { c };
    (word.len() <= limits::SUGGESTION_BYTES).then(|| word.to_lowercase().chars().map(same).collect())
}

/// Optimal string alignment distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, cb) in b.iter().enumerate() {
            let cell = |of: &[usize], at: usize| of.get(at).copied().unwrap_or(usize::MAX - 1);
            let changed = cell(&above, j) + usize::from(ca != cb);
            let mut least = changed.min(cell(&above, j + 1) + 1).min(cell(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(cb) && b.get(j - 1) == Some(ca);
            if swapped && ca != cb {
                least = least.min(cell(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_not() {
        let names = ["age", "sex", "language", "birth_date", "appointment"];
        for (word, meant) in [
            ("agee", Some("age")),
            ("Age", Some("age")),
            ("birthdate", Some("birth_date")),
            ("birth-date", Some("birth_date")),
            ("appiontment", Some("appointment")),
            ("appointments", Some("appointment")),
            ("lang", None),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(closest(word, names).as_deref(), meant, "{word}");
        }
    }

    #[test]
    fn distances() {
        let d = |a: &str, b: &str| distance(&letters(a).unwrap(), &letters(b).unwrap());
        assert_eq!([d("", ""), d("abc", ""), d("", "abc"), d("abc", "abc")], [0, 3, 3, 0]);
        assert_eq!([d("abcd", "abdc"), d("kitten", "sitting"), d("ab", "ba")], [1, 3, 1]);
    }
}
