//! Families' origins: which names go with which languages, races and ethnicities, and how often.

use super::names as n;

/// OMB race category: code, words.
pub(crate) type Race = (&'static str, &'static str);

const WHITE: Race = ("2106-3", "White");
const BLACK: Race = ("2054-5", "Black or African American");
const ASIAN: Race = ("2028-9", "Asian");
const NATIVE: Race = ("1002-5", "American Indian or Alaska Native");

/// One origin.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) weight: u32,
    pub(crate) women: &'static n::Given,
    pub(crate) men: &'static n::Given,
    pub(crate) families: &'static [&'static str],
    pub(crate) race: Race,
    pub(crate) hispanic: bool,
    /// BCP 47 tags by weight.
    pub(crate) languages: &'static [(u32, &'static str)],
}

/// Places of [`ORIGINS`] that the first twenty patients name.
pub(crate) const ENGLISH: usize = 0;
pub(crate) const SPANISH: usize = 1;
pub(crate) const VIETNAMESE: usize = 6;
pub(crate) const PORTUGUESE: usize = 4;
pub(crate) const BLACK_AMERICAN: usize = 2;

const fn origin(
    weight: u32,
    names: (&'static n::Given, &'static n::Given, &'static [&'static str]),
    race: Race,
    languages: &'static [(u32, &'static str)],
) -> Origin {
    let (women, men, families) = names;
    Origin { weight, women, men, families, race, hispanic: false, languages }
}

/// All of them, roughly as the region's census has them.
pub(crate) const ORIGINS: [Origin; 12] = [
    origin(640, (&n::ENGLISH_WOMEN, &n::ENGLISH_MEN, n::ENGLISH_FAMILIES), WHITE, &[(1, "en")]),
    Origin {
        hispanic: true,
        ..origin(
            105,
            (&n::SPANISH_WOMEN, &n::SPANISH_MEN, n::SPANISH_FAMILIES),
            WHITE,
            &[(50, "es"), (50, "en")],
        )
    },
    origin(70, (&n::BLACK_WOMEN, &n::BLACK_MEN, n::BLACK_FAMILIES), BLACK, &[(1, "en")]),
    origin(
        14,
        (&n::HAITIAN_WOMEN, &n::HAITIAN_MEN, n::HAITIAN_FAMILIES),
        BLACK,
        &[(55, "ht"), (35, "en"), (10, "fr")],
    ),
    origin(
        32,
        (&n::PORTUGUESE_WOMEN, &n::PORTUGUESE_MEN, n::PORTUGUESE_FAMILIES),
        WHITE,
        &[(50, "pt"), (50, "en")],
    ),
    origin(30, (&n::CHINESE_WOMEN, &n::CHINESE_MEN, n::CHINESE_FAMILIES), ASIAN, &[(45, "zh"), (55, "en")]),
    origin(
        20,
        (&n::VIETNAMESE_WOMEN, &n::VIETNAMESE_MEN, n::VIETNAMESE_FAMILIES),
        ASIAN,
        &[(50, "vi"), (50, "en")],
    ),
    origin(20, (&n::KHMER_WOMEN, &n::KHMER_MEN, n::KHMER_FAMILIES), ASIAN, &[(45, "km"), (55, "en")]),
    origin(
        30,
        (&n::INDIAN_WOMEN, &n::INDIAN_MEN, n::INDIAN_FAMILIES),
        ASIAN,
        &[(75, "en"), (15, "hi"), (10, "gu")],
    ),
    origin(14, (&n::ARABIC_WOMEN, &n::ARABIC_MEN, n::ARABIC_FAMILIES), WHITE, &[(60, "en"), (40, "ar")]),
    Origin {
        hispanic: true,
        ..origin(
            20,
            (&n::SPANISH_WOMEN, &n::SPANISH_MEN, n::SPANISH_FAMILIES),
            BLACK,
            &[(55, "es"), (45, "en")],
        )
    },
    origin(5, (&n::ENGLISH_WOMEN, &n::ENGLISH_MEN, n::ENGLISH_FAMILIES), NATIVE, &[(1, "en")]),
];
