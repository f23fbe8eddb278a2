//! The first twenty patients, planned by hand: so that a clinic of fifty shows everything a large one does.

use crate::model::Mail;
use crate::tables::ailments::Kind;
use crate::tables::origins::{BLACK_AMERICAN, ENGLISH, PORTUGUESE, SPANISH, VIETNAMESE};
use crate::tables::visits::Pace;

/// Whom a planned patient belongs to: always the one just before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kin {
    Nobody,
    Spouse,
    Child,
    Duplicate,
    Merged,
}

/// What makes a planned patient worth showing, besides who it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scene {
    Nothing,
    /// Diabetes, and no A1c for nine months; no mammogram for three years.
    Overdue,
    /// An appointment in five days.
    BookedSoon,
    Died,
    Left,
    /// Reads the newsletter, likes to walk.
    Walker,
    /// Last seen twenty months ago.
    LongAway,
    /// Only the month of birth is known.
    BirthMonthOnly,
}

/// Where a planned patient stands on marketing by email.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stance {
    OptedIn,
    Withdrew,
    NeverAsked,
    /// Opted in to the newsletter, then out of it: nothing about marketing.
    LeftNewsletter,
}

/// One planned patient.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kin: Kin,
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    pub(crate) preferred: Option<&'static str>,
    pub(crate) origin: usize,
    pub(crate) language: &'static str,
    pub(crate) female: bool,
    pub(crate) age: i32,
    pub(crate) mail: Mail,
    pub(crate) problems: &'static [Kind],
    pub(crate) scene: Scene,
    pub(crate) stance: Stance,
    pub(crate) pace: Pace,
}

const fn woman(given: &'static str, family: &'static str, age: i32) -> Part {
    Part {
        kin: Kin::Nobody,
        given,
        family,
        preferred: None,
        origin: ENGLISH,
        language: "en",
        female: true,
        age,
        mail: Mail::Own,
        problems: &[],
        scene: Scene::Nothing,
        stance: Stance::OptedIn,
        pace: Pace::Steady,
    }
}
const fn man(given: &'static str, family: &'static str, age: i32) -> Part {
    Part { female: false, ..woman(given, family, age) }
}
const fn from(origin: usize, language: &'static str, part: Part) -> Part {
    Part { origin, language, ..part }
}

/// All planned patients; their place is their index.
static PARTS: [Part; 20] = [
    Part {
        problems: &[Kind::Diabetes2, Kind::Hypertension, Kind::Lipids],
        scene: Scene::Overdue,
        ..from(SPANISH, "es", woman("Rosa", "Delgado", 58))
    },
    Part {
        kin: Kin::Merged,
        stance: Stance::LeftNewsletter,
        mail: Mail::Shared,
        pace: Pace::Light,
        ..from(SPANISH, "es", woman("Rosa", "Delgado", 58))
    },
    Part {
        preferred: Some("Pepe"),
        scene: Scene::BookedSoon,
        ..from(SPANISH, "es", man("José", "Núñez", 47))
    },
    Part {
        kin: Kin::Spouse,
        mail: Mail::Shared,
        stance: Stance::Withdrew,
        ..from(SPANISH, "es", woman("Marisol", "Núñez", 45))
    },
    Part { problems: &[Kind::Postpartum], ..from(VIETNAMESE, "vi", woman("Hương", "Nguyễn", 33)) },
    Part {
        kin: Kin::Child,
        mail: Mail::Shared,
        problems: &[Kind::Newborn],
        stance: Stance::NeverAsked,
        ..from(VIETNAMESE, "vi", man("Minh", "Nguyễn", 0))
    },
    Part { scene: Scene::Died, problems: &[Kind::Coronary], ..man("Harold", "Walsh", 82) },
    Part { mail: Mail::Malformed, ..man("Kevin", "O'Brien", 52) },
    Part { mail: Mail::Placeholder, problems: &[Kind::Arthritis], ..woman("Dorothy", "Kowalski", 79) },
    Part { mail: Mail::Missing, problems: &[Kind::Copd], ..man("Norman", "Pelletier", 74) },
    Part { stance: Stance::Withdrew, ..woman("Amanda", "Brooks", 39) },
    Part { kin: Kin::Duplicate, mail: Mail::Shared, pace: Pace::Light, ..woman("Amanda", "Brooks", 39) },
    Part { scene: Scene::Left, ..man("Tyler", "Ouellette", 29) },
    Part {
        mail: Mail::Guardians,
        problems: &[Kind::Asthma, Kind::Depression],
        stance: Stance::NeverAsked,
        ..from(BLACK_AMERICAN, "en", woman("Jasmine", "Carter", 15))
    },
    Part { preferred: Some("Zo"), scene: Scene::Walker, ..woman("Zoë", "Fitzgerald", 36) },
    Part { scene: Scene::LongAway, pace: Pace::Light, ..man("Glenn", "Moore", 63) },
    Part { problems: &[Kind::Depression, Kind::Anxiety], ..woman("Emily", "Hayes", 31) },
    Part { mail: Mail::Untidy, ..from(PORTUGUESE, "pt", man("João", "Carvalho", 44)) },
    Part {
        pace: Pace::Extreme,
        problems: &[Kind::Hypertension, Kind::Thyroid, Kind::Arthritis],
        ..woman("Linda", "Rogers", 67)
    },
    Part {
        scene: Scene::BirthMonthOnly,
        stance: Stance::NeverAsked,
        problems: &[Kind::BackPain],
        ..man("Brian", "Sweeney", 55)
    },
];

/// The part planned for an index, if it is among the first twenty.
pub(crate) fn part(index: u32) -> Option<&'static Part> {
    PARTS.get(index as usize)
}

/// How many patients are planned.
pub(crate) const PLANNED: u32 = PARTS.len() as u32;
