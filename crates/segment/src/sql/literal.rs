//! The only place where values become SQL text, and the ways in which expressions are joined.

use super::LowerError;
use crate::checked::Number;
use crate::limits::SQL_JOINED;
use std::fmt::Display;

/// Text between single quotes, each quote in it doubled: the one escape of standard SQL, and the only character that could
/// end the literal. A backslash is itself.
pub fn text(text: &str) -> Result<String, LowerError> {
    // Databases written in C end the statement there.
    if text.contains('\0') { Err(LowerError::Nul) } else { Ok(format!("'{}'", text.replace('\'', "''"))) }
}

/// A number as the shortest text that reads back as the same double, always with a point or an exponent. Never NaN.
pub fn number(number: Number) -> String {
    format!("{:?}", number.get())
}

/// `column in (…)`, and `false` for none.
pub fn one_of(column: impl Display, literals: &[String]) -> String {
    match literals {
        [] => "false".to_owned(),
        [one] => format!("{column} = {one}"),
        several => format!("{column} in ({})", several.join(", ")),
    }
}

/// `column in ('a', 'b')`
pub fn one_of_words<'w>(
    column: impl Display,
    words: impl IntoIterator<Item = &'w String>,
) -> Result<String, LowerError> {
    let literals: Vec<String> = words.into_iter().map(|word| text(word)).collect::<Result<_, _>>()?;
    Ok(one_of(column, &literals))
}

/// Begins with; in characters, as `substr` counts.
pub fn starts_with(column: impl Display, stem: &str) -> Result<String, LowerError> {
    Ok(format!("substr({column}, 1, {}) = {}", stem.chars().count(), text(stem)?))
}

/// Each part must be an operand of `and`: a comparison, a name, a call, or in parentheses.
pub fn all(parts: Vec<String>) -> String {
    joined(" and ", "true", parts)
}

/// Each part must be an operand of `or`.
pub fn any(parts: Vec<String>) -> String {
    joined(" or ", "false", parts)
}

/// In parentheses if there are several. Many are joined in groups, groups of groups and so on, so that the depth of the
/// expression grows with the logarithm of their number.
fn joined(word: &str, none: &str, mut parts: Vec<String>) -> String {
    while parts.len() > SQL_JOINED {
        parts = parts.chunks(SQL_JOINED).map(|group| format!("({})", group.join(word))).collect();
    }
    match parts.as_slice() {
        [] => none.to_owned(),
        [one] => one.clone(),
        several => format!("({})", several.join(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_nothing_else_is_touched() {
        assert_eq!(text("'; drop table patients; --").unwrap(), "'''; drop table patients; --'");
        assert_eq!(text(r"\'").unwrap(), r"'\'''");
        assert_eq!(text("").unwrap(), "''");
        assert_eq!(text("a\0b"), Err(LowerError::Nul));
    }

    #[test]
    fn numbers_stay_doubles() {
        for (given, written) in
            [(50.0, "50.0"), (-0.0, "0.0"), (1e300, "1e300"), (0.1, "0.1"), (1e16, "1e16")]
        {
            assert_eq!(number(Number::new(given).unwrap()), written);
        }
    }

    #[test]
    fn many_parts_are_joined_in_groups() {
        let parts = |n: usize| (0..n).map(|n| format!("c{n}")).collect::<Vec<_>>();
        assert_eq!(all(parts(0)), "true");
        assert_eq!(any(parts(0)), "false");
        assert_eq!(all(parts(1)), "c0");
        assert_eq!(any(parts(3)), "(c0 or c1 or c2)");
        let many = any(parts(1000));
        let depth = many.chars().scan(0_i32, |depth, c| {
            *depth += i32::from(c == '(') - i32::from(c == ')');
            Some(*depth)
        });
        assert_eq!(depth.max(), Some(3));
        assert_eq!(many.matches("c").count(), 1000);
    }
}
