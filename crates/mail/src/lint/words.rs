//! Finds the words of the [vocabulary](super::vocabulary) in texts and in names.

use super::vocabulary::{CAREFUL, CLINICAL, SENSITIVE};
use discreet_domain::Label;
use std::sync::LazyLock;

/// How telling a word is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// A warning outside the body.
    Careful,
    /// An error outside the body; L2 in it.
    Clinical,
    /// An error outside the body; L3 in it.
    Sensitive,
}

impl Weight {
    /// The label it gives to a body in which it stands.
    pub const fn label(self) -> Label {
        match self {
            Weight::Careful => Label::L0,
            Weight::Clinical => Label::L2,
            Weight::Sensitive => Label::L3,
        }
    }
}

/// A telling word in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// As it stands in the text.
    pub word: String,
    /// How telling.
    pub weight: Weight,
}

/// A pattern made ready to be looked for.
struct Pattern {
    weight: Weight,
    kind: Kind,
    /// ` stem`: with the space before it, a word's beginning.
    needle: String,
    /// The letters alone, if they are enough to be looked for inside longer words.
    inside: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Stem,
    Exact,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let lists = [(SENSITIVE, Weight::Sensitive), (CLINICAL, Weight::Clinical), (CAREFUL, Weight::Careful)];
    lists.iter().flat_map(|(list, weight)| list.iter().map(|p| Pattern::of(p, *weight))).collect()
});

/// Shortest pattern looked for inside a longer word; shorter ones would find `rape` in `therapeutic`.
const SHORTEST_INSIDE: usize = 6;

impl Pattern {
    fn of(text: &str, weight: Weight) -> Pattern {
        let (kind, plain) = match (text.strip_prefix('='), text.strip_suffix('*')) {
            (Some(exact), _) => (Kind::Exact, exact),
            (None, Some(stem)) => (Kind::Stem, stem),
            (None, None) => (Kind::Word, text),
        };
        let solid: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
        let telling = solid.len() >= SHORTEST_INSIDE && kind != Kind::Exact && weight >= Weight::Clinical;
        Pattern { weight, kind, needle: format!(" {plain}"), inside: telling.then_some(solid) }
    }
    fn plain(&self) -> &str {
        self.needle.get(1..).unwrap_or("")
    }
}

/// The telling words of a text for people, each once.
pub fn in_text(text: &str) -> Vec<Hit> {
    let words = Words::of(text);
    let mut hits = Vec::new();
    for pattern in PATTERNS.iter() {
        if let Some(word) = words.find(pattern) {
            push(&mut hits, word, pattern.weight);
        }
    }
    hits
}

/// The telling words of an address, file name or markup name, where words are run together: `DiabetesNews2026`,
/// `my-hivclinic`. Longer patterns are looked for inside words too.
pub fn in_name(text: &str) -> Vec<Hit> {
    let mut hits = in_text(&spaced(text));
    let solid: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    for pattern in PATTERNS.iter() {
        if let Some(stem) = pattern.inside.as_ref().filter(|s| solid.contains(s.as_str())) {
            push(&mut hits, stem.clone(), pattern.weight);
        }
    }
    hits
}

fn push(hits: &mut Vec<Hit>, word: String, weight: Weight) {
    let known =
        hits.iter().any(|h| h.word.eq_ignore_ascii_case(&word) || h.word.to_lowercase().contains(&word));
    if !known {
        hits.push(Hit { word, weight });
    }
}

/// A text cut into words, kept as written and folded.
struct Words {
    written: Vec<String>,
    /// ` one two three `: a phrase is found as a substring between spaces.
    folded: String,
}

impl Words {
    fn of(text: &str) -> Words {
        let joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
        let seen: String = text.chars().filter(|c| !crate::clean::is_hidden(*c) && !joiner(*c)).collect();
        let written: Vec<String> = seen
            .split(|c: char| !(c.is_alphanumeric() || c == '/'))
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect();
        let mut folded = String::from(" ");
        for word in &written {
            for part in fold(word).split('/').filter(|p| !p.is_empty()) {
                folded.push_str(part);
                folded.push(' ');
            }
        }
        Words { written, folded }
    }
    fn find(&self, pattern: &Pattern) -> Option<String> {
        let stem = pattern.plain();
        if pattern.kind == Kind::Exact {
            return self.written.iter().find(|w| *w == stem).cloned();
        }
        let mut from = 0;
        while let Some(found) = self.folded.get(from..)?.find(&pattern.needle) {
            let start = from + found + 1;
            let rest = self.folded.get(start..)?;
            let end = stem.len() + rest.get(stem.len()..)?.find(' ')?;
            if pattern.kind == Kind::Stem || end == stem.len() {
                return rest.get(..end).map(str::to_owned);
            }
            from = start;
        }
        None
    }
}

/// Lower case, without the accents of western European languages.
fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            _ => c,
        })
        .collect()
}

/// A run-together name, cut where its words end (before a capital, between letters and digits), then as it is.
fn spaced(text: &str) -> String {
    let chars: Vec<char> = text.chars().map(|c| if c == '/' { ' ' } else { c }).collect();
    let mut out = String::with_capacity(2 * text.len() + 8);
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| chars.get(b)).copied().unwrap_or(' ');
        let after = chars.get(i + 1).copied().unwrap_or(' ');
        let capital =
            c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase()));
        let digits =
            before.is_alphabetic() && c.is_ascii_digit() || before.is_ascii_digit() && c.is_alphabetic();
        if capital || digits {
            out.push(' ');
        }
        out.push(*c);
    }
    out.push_str(" | ");
    out.extend(chars);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        in_text(text).into_iter().map(|h| h.word).collect()
    }

    #[test]
    fn patterns_are_written_as_they_are_matched() {
        for p in PATTERNS.iter().filter(|p| p.kind != Kind::Exact) {
            assert_eq!(fold(p.plain()), p.plain());
            assert!(p.plain().chars().all(|c| c.is_ascii_alphanumeric() || c == ' '), "{}", p.plain());
        }
    }

    #[test]
    fn finds_words_stems_phrases_and_spellings() {
        assert_eq!(words("Managing Diabetes-related costs"), ["diabetes"]);
        assert_eq!(words("Depresión y ansiedad"), ["depresion", "ansiedad"]);
        assert_eq!(words("Mental\u{200b} health week"), ["mental health"]);
        assert_eq!(words("di\u{ad}abe\u{200b}tes"), ["diabetes"]);
        assert_eq!(words("Ask about PrEP"), ["PrEP"]);
        assert_eq!(words("OB/GYN hours"), ["OB/GYN"]);
        assert_eq!(in_text("your HIV care").first().map(|h| h.weight), Some(Weight::Sensitive));
    }

    #[test]
    fn leaves_everyday_words_alone() {
        for text in [
            "Flu shots are here",
            "How to prep for a healthy summer",
            "Hearing aids and glasses",
            "Walking more, one step at a time",
            "A therapeutic garden",
            "News from Lakeside Clinic",
            "Standard hours, new parking",
        ] {
            assert_eq!(words(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn looks_inside_names() {
        let name = |t: &str| in_name(t).into_iter().map(|h| h.word).collect::<Vec<_>>();
        assert_eq!(name("DiabetesNews2026.png"), ["Diabetes"].map(|s| s.to_lowercase()));
        assert_eq!(name("utm_campaign=a1c-fall"), ["a1c"]);
        assert_eq!(name("thehivClinic"), Vec::<String>::new());
        assert_eq!(name("hivClinic"), ["hiv"]);
        assert_eq!(name("HIVClinic"), ["hiv"]);
        assert_eq!(name("ourdepressionhelp"), ["depress"]);
        assert!(name("a-therapeutic-garden").is_empty());
        assert!(name("hero-autumn.png").is_empty());
    }
}
