//! Kleene's three-valued logic: `Some(true)`, `Some(false)`, and `None` for unknown.

/// An answer, if it is known.
pub type Truth = Option<bool>;

/// True if all are; false if one is, whatever the others; else unknown. True for none.
pub fn all(parts: impl IntoIterator<Item = Truth>) -> Truth {
    let mut answer = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => answer = None,
        }
    }
    answer
}

/// True if one is, whatever the others; false if all are; else unknown. False for none.
pub fn any(parts: impl IntoIterator<Item = Truth>) -> Truth {
    not(all(parts.into_iter().map(not)))
}

/// Unknown stays unknown.
pub fn not(part: Truth) -> Truth {
    part.map(|truth| !truth)
}

/// What two ways of looking agree on: unknown if they do not.
pub fn agree(one: Truth, other: Truth) -> Truth {
    if one == other { one } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EACH: [Truth; 3] = [Some(false), None, Some(true)];

    /// Kleene's and is the least, or the greatest, with false < unknown < true.
    fn rank(truth: Truth) -> usize {
        EACH.iter().position(|t| *t == truth).unwrap()
    }

    #[test]
    fn and_is_the_least_and_or_the_greatest() {
        for a in EACH {
            for b in EACH {
                assert_eq!(rank(all([a, b])), rank(a).min(rank(b)), "{a:?} and {b:?}");
                assert_eq!(rank(any([a, b])), rank(a).max(rank(b)), "{a:?} or {b:?}");
                assert_eq!(not(all([a, b])), any([not(a), not(b)]));
                assert_eq!(agree(a, b), if a == b { a } else { None });
            }
        }
        assert_eq!((all([]), any([])), (Some(true), Some(false)));
    }
}
