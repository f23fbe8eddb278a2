//! The words of the language, and what may be written without quotes.

/// Words a condition can begin with. No attribute, event kind or field can have such a name.
pub(crate) const STARTERS: [&str; 14] = [
    "missing", "has", "had", "withdrew", "any", "no", "at", "exactly", "latest", "first", "in", "birthday",
    "bucket", "not",
];

/// Conditions that no test on a field begins with: after `and`, one of these ends a `where`.
pub(crate) const NEVER_IN_WHERE: [&str; 12] =
    ["has", "had", "withdrew", "any", "no", "at", "exactly", "latest", "first", "in", "birthday", "bucket"];

/// Words that join, and words that windows begin with; with [`STARTERS`] all that cannot be names.
const NO_NAMES: [&str; 8] = ["and", "or", "where", "then", "more", "before", "after", "between"];

/// Words that a value must be quoted to be. Keywords are lower case, so `OR` is Oregon.
const NOT_VALUES: [&str; 7] = ["and", "or", "not", "in", "where", "last", "next"];

/// Whether a word can be an attribute's, event kind's or field's name.
pub(crate) fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !STARTERS.contains(&word)
        && !NO_NAMES.contains(&word)
}

/// Whether a bare word is a value and not a word of the language.
pub(crate) fn may_be_value(word: &str) -> bool {
    !NOT_VALUES.contains(&word)
}

/// A character of a bare word.
pub(crate) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Whether text reads back as one bare word.
pub(crate) fn is_bare(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = match (chars.next(), chars.next()) {
        (Some('-'), Some(second)) => second.is_ascii_digit(),
        (Some(first), _) => first.is_alphanumeric() || first == '_',
        (None, _) => false,
    };
    starts && text.chars().all(is_word_char) && !text.contains("..") && !text.ends_with('.')
}
