//! Interests, values and ways of life: words that patients chose for themselves.

use crate::cast::{Part, Scene};
use crate::model::{Person, Problem};
use crate::plan::Calendar;
use crate::random::Dice;
use crate::tables::ailments::Kind;
use crate::tables::words::{INTERESTS, LIFESTYLES, VALUES};

/// How many interests: weight, number.
const HOW_MANY: [(u32, u32); 7] = [(17, 0), (14, 1), (17, 2), (18, 3), (15, 4), (11, 5), (8, 6)];

/// `interests`, `values`, `lifestyle`, each sorted and without repeats; none for young children.
pub(crate) fn words(
    person: &Person,
    part: Option<&Part>,
    problems: &[Problem],
    calendar: &Calendar,
    dice: &mut Dice,
) -> [Vec<&'static str>; 3] {
    let age = person.age(calendar.today);
    if age < 12 || person.is_merged() {
        return Default::default();
    }
    let count = dice.weighted(&HOW_MANY, |row| row.0).1;
    let mut interests = some(&INTERESTS, count, dice);
    interests.retain(|word| fits(word, person, age));
    if part.is_some_and(|p| p.scene == Scene::Walker) {
        interests.push("walking");
    }
    let count = if dice.chance(350) { 1 + dice.below(3) } else { 0 };
    let values = some(&VALUES, count, dice);
    let count = if dice.chance(400) { 1 + dice.below(2) } else { 0 };
    let mut lifestyle = some(&LIFESTYLES, count, dice);
    let mother = problems.iter().any(|p| p.ailment.kind == Kind::Postpartum);
    let stages = [
        ("new_parent", mother || ((20..45).contains(&age) && !person.female && dice.chance(30))),
        ("student", (14..24).contains(&age) && dice.chance(500)),
        ("retired", age >= 65 && dice.chance(600)),
    ];
    lifestyle.extend(stages.iter().filter(|(_, applies)| *applies).map(|(word, _)| *word));
    [interests, values, lifestyle].map(|mut words| {
        words.sort_unstable();
        words.dedup();
        words
    })
}

fn some(from: &'static [(u32, &'static str)], count: u32, dice: &mut Dice) -> Vec<&'static str> {
    (0..count).map(|_| dice.weighted(from, |row| row.0).1).collect()
}

fn fits(word: &str, person: &Person, age: i32) -> bool {
    match word {
        "womens_health" => person.female,
        "mens_health" => !person.female,
        "healthy_aging" => age >= 40,
        "quit_smoking" | "parenting" => age >= 18,
        _ => true,
    }
}
