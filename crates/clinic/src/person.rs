//! Who patients are: drawn one at a time, each from its own seed.

use crate::cast::{self, Part, Scene};
use crate::contact;
use crate::model::{Fate, Guardian, Home, Mail, Person, Tie};
use crate::plan::Calendar;
use crate::random::{Dice, Stream};
use crate::tables::names::{Given, NICKNAMES};
use crate::tables::origins::{ORIGINS, Origin};
use crate::tables::places::{STREETS, TOWNS};
use crate::tables::words::PAYERS;
use discreet_domain::Day;

/// What a person is drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw<'a> {
    pub(crate) seed: u64,
    pub(crate) calendar: &'a Calendar,
    pub(crate) index: u32,
}

/// Weight, youngest, oldest: a family practice's age pyramid.
const AGES: [(u32, i32, i32); 10] = [
    (12, 0, 0),
    (45, 1, 4),
    (60, 5, 11),
    (60, 12, 17),
    (190, 18, 34),
    (190, 35, 49),
    (225, 50, 64),
    (125, 65, 74),
    (70, 75, 84),
    (23, 85, 98),
];

/// A person who belongs to nobody.
pub(crate) fn alone(draw: Draw<'_>) -> Person {
    let Draw { seed, calendar, index } = draw;
    let today = calendar.today;
    let part = cast::part(index);
    let mut dice = Dice::new(seed, index, Stream::Person);
    let age = dice.weighted(&AGES, |row| row.0);
    let age = dice.between(age.1, age.2);
    let age = part.map_or(age, |p| p.age);
    let born = today.plus_months(-12 * age).plus_days(-dice.between(4, 340));
    let origin = dice.weighted(&ORIGINS, |row| row.weight);
    let origin = part.and_then(|p| ORIGINS.get(p.origin)).unwrap_or(origin);
    let female = dice.chance(535);
    let female = part.map_or(female, |p| p.female);
    let given = dice.pick(of_age(if female { origin.women } else { origin.men }, born));
    let (payer, plan) = payer_of(age, &mut dice);
    let town = dice.weighted(&TOWNS, |row| row.weight);
    let mut person = Person {
        index,
        tie: Tie::Nobody,
        origin,
        female,
        gender: gender(female, part, &mut dice),
        given,
        family: dice.pick(origin.families),
        preferred: None,
        former_family: None,
        born,
        birth_month_only: dice.chance(3) && age > 25,
        fate: fate(age, calendar, &mut dice),
        home: Home {
            town,
            number: dice.between(1, 489) as u32,
            street: dice.pick(STREETS),
            apartment: dice.chance(270).then(|| dice.between(1, 40) as u32),
            line: dice.below(100),
        },
        mail: Mail::Missing,
        email: None,
        old_email: None,
        guardian: None,
        language: language(origin, &mut dice),
        race_told: !dice.chance(35),
        marital: marital(age, &mut dice),
        payer,
        plan,
        clinician: town.site * 2 + dice.below(2) as usize,
    };
    call(&mut person, origin, &mut dice);
    if let Some(part) = part {
        direct(&mut person, part, calendar);
    }
    guard(&mut person, age, &mut dice);
    contact::address(&mut person, part, age, seed);
    person
}

/// The names given around a date of birth.
pub(crate) fn of_age(names: &'static Given, born: Day) -> &'static [&'static str] {
    if born.ymd().0 < 1980 { names.older } else { names.younger }
}

fn gender(female: bool, part: Option<&Part>, dice: &mut Dice) -> Option<&'static str> {
    let told = Some(if female { "female" } else { "male" });
    match dice.below(1000) {
        _ if part.is_some() => told,
        0..4 => Some("other"),
        4..7 => Some("unknown"),
        7..10 => None,
        _ => told,
    }
}

fn language(origin: &Origin, dice: &mut Dice) -> Option<&'static str> {
    let spoken = dice.weighted(origin.languages, |row| row.0).1;
    (!dice.chance(40)).then_some(spoken)
}

/// HL7 v3 MaritalStatus codes: never married, married, domestic partner, divorced, separated, widowed.
fn marital(age: i32, dice: &mut Dice) -> Option<&'static str> {
    const WEIGHTS: [(&str, [u32; 4]); 6] = [
        ("S", [70, 26, 14, 6]),
        ("M", [20, 54, 62, 52]),
        ("T", [7, 7, 4, 1]),
        ("D", [2, 10, 15, 11]),
        ("L", [1, 3, 2, 1]),
        ("W", [0, 0, 3, 29]),
    ];
    let column = match age {
        ..18 => return None,
        18..22 => return Some("S"),
        22..35 => 0,
        35..50 => 1,
        50..68 => 2,
        _ => 3,
    };
    let told = dice.weighted(&WEIGHTS, |row| row.1.get(column).copied().unwrap_or(0)).0;
    (!dice.chance(60)).then_some(told)
}

fn fate(age: i32, calendar: &Calendar, dice: &mut Dice) -> Fate {
    let dies = match age {
        ..18 => 0,
        18..50 => 2,
        50..65 => 12,
        65..75 => 25,
        75..85 => 70,
        _ => 150,
    };
    let (died, dated) = (dice.chance(dies), dice.chance(700));
    let left = dice.chance(10);
    let ago = dice.between(30, 1000);
    match (died, left) {
        (true, _) => Fate::Died { on: calendar.ago(ago), dated },
        (false, true) if age > 3 => Fate::Left(calendar.ago(ago.max(200))),
        _ => Fate::Living,
    }
}

/// The kind of payer by age, and a plan.
pub(crate) fn payer_of(age: i32, dice: &mut Dice) -> (usize, Option<&'static str>) {
    // commercial, medicare, medicaid, dual, va, self-pay
    let weights: [(u32, usize); 6] = match age {
        ..18 => [(58, 0), (0, 1), (37, 2), (0, 3), (0, 4), (5, 5)],
        18..65 => [(66, 0), (3, 1), (20, 2), (1, 3), (2, 4), (8, 5)],
        _ => [(11, 0), (76, 1), (1, 2), (8, 3), (2, 4), (2, 5)],
    };
    let payer = dice.weighted(&weights, |row| row.0).1;
    let plans = PAYERS.get(payer).map_or(&[][..], |row| row.3);
    let plan = (!plans.is_empty()).then(|| dice.pick(plans));
    (payer, plan)
}

fn call(person: &mut Person, origin: &Origin, dice: &mut Dice) {
    let short = NICKNAMES.iter().find(|(given, _)| *given == person.given);
    if let (Some((_, nickname)), true) = (short, dice.chance(350)) {
        person.preferred = Some(nickname);
    }
    let married = matches!(person.marital, Some("M" | "D" | "W"));
    if person.female && married && dice.chance(60) {
        person.former_family = Some(dice.pick(origin.families)).filter(|f| *f != person.family);
    }
}

/// What is planned goes before what was drawn.
fn direct(person: &mut Person, part: &'static Part, calendar: &Calendar) {
    person.given = part.given;
    person.family = part.family;
    person.preferred = part.preferred;
    person.former_family = None;
    person.language = Some(part.language);
    person.race_told = true;
    person.birth_month_only = part.scene == Scene::BirthMonthOnly;
    person.fate = match part.scene {
        Scene::Died => Fate::Died { on: calendar.ago(75), dated: true },
        Scene::Left => Fate::Left(calendar.ago(420)),
        _ => Fate::Living,
    };
}

fn guard(person: &mut Person, age: i32, dice: &mut Dice) {
    let mother = dice.chance(720);
    let names = if mother { person.origin.women } else { person.origin.men };
    let given = dice.pick(of_age(names, person.born.plus_days(-29 * 365)));
    if age < 18 {
        person.guardian = Some(Guardian { given, family: person.family, mother });
    }
}
