//! Languages, as the primary subtag of BCP 47: `en-US` → `en`, `spa` → `es`, `Spanish` → `es`.

use super::Meaning;

/// Two-letter tag, ISO 639-2 codes, English name.
const LANGUAGES: [(&str, &[&str]); 34] = [
    ("en", &["eng", "english"]),
    ("es", &["spa", "spanish", "castilian", "español"]),
    ("zh", &["chi", "zho", "chinese", "mandarin"]),
    ("tl", &["tgl", "tagalog"]),
    ("vi", &["vie", "vietnamese"]),
    ("ar", &["ara", "arabic"]),
    ("fr", &["fre", "fra", "french"]),
    ("ko", &["kor", "korean"]),
    ("ru", &["rus", "russian"]),
    ("pt", &["por", "portuguese"]),
    ("ht", &["hat", "haitian", "haitian creole"]),
    ("hi", &["hin", "hindi"]),
    ("de", &["ger", "deu", "german"]),
    ("pl", &["pol", "polish"]),
    ("it", &["ita", "italian"]),
    ("ur", &["urd", "urdu"]),
    ("fa", &["per", "fas", "persian", "farsi"]),
    ("ja", &["jpn", "japanese"]),
    ("te", &["tel", "telugu"]),
    ("gu", &["guj", "gujarati"]),
    ("bn", &["ben", "bengali"]),
    ("ta", &["tam", "tamil"]),
    ("pa", &["pan", "punjabi"]),
    ("th", &["tha", "thai"]),
    ("hy", &["arm", "hye", "armenian"]),
    ("el", &["gre", "ell", "greek"]),
    ("he", &["heb", "hebrew"]),
    ("yi", &["yid", "yiddish"]),
    ("uk", &["ukr", "ukrainian"]),
    ("so", &["som", "somali"]),
    ("am", &["amh", "amharic"]),
    ("km", &["khm", "khmer"]),
    ("ne", &["nep", "nepali"]),
    ("sw", &["swa", "swahili"]),
];

pub(crate) fn language(text: &str) -> Meaning {
    let lower = text.trim().to_lowercase();
    if matches!(lower.as_str(), "und" | "unk" | "unknown" | "declined" | "other" | "mis" | "zxx") {
        return Meaning::Unknown;
    }
    let primary = lower.split(['-', '_']).next().unwrap_or("");
    let known = LANGUAGES
        .iter()
        .find(|(tag, names)| *tag == primary || names.contains(&primary) || names.contains(&lower.as_str()));
    match known {
        Some((tag, _)) => Meaning::Is((*tag).to_owned()),
        None if matches!(primary.len(), 2 | 3) && primary.bytes().all(|b| b.is_ascii_lowercase()) => {
            Meaning::Is(primary.to_owned())
        }
        None => Meaning::NotUnderstood,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_codes_and_names() {
        for (text, tag) in [
            ("en-US", "en"),
            ("es", "es"),
            ("SPA", "es"),
            ("Spanish", "es"),
            ("hmn", "hmn"),
            ("Haitian Creole", "ht"),
        ] {
            assert_eq!(language(text), Meaning::Is(tag.to_owned()), "{text}");
        }
        assert_eq!(language("und"), Meaning::Unknown);
        assert_eq!(language("Sign language"), Meaning::NotUnderstood);
    }
}
