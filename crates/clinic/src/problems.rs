//! Problems: drawn in the table's order, so that what a patient has makes later things likelier or not.

use crate::cast::Part;
use crate::model::{Person, Problem};
use crate::plan::Calendar;
use crate::random::Dice;
use crate::tables::ailments::{AILMENTS, Ailment, Course, Kind, ailment};
use discreet_domain::Day;

/// All problems of a person; only the planned ones of a planned person.
pub(crate) fn problems(
    person: &Person,
    part: Option<&Part>,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    if let Some(part) = part {
        for kind in part.problems.iter().filter_map(|kind| ailment(*kind)) {
            found.extend(problem(kind, person, calendar, dice).map(unresolved));
        }
    } else if !person.is_merged() {
        let band = band(person.age(calendar.today));
        for row in &AILMENTS {
            if dice.chance(likelihood(row, band, person, &found)) {
                found.extend(problem(row, person, calendar, dice));
            }
        }
        bear(person, calendar, dice, &mut found);
        mistake(&mut found, dice);
    }
    found
}

fn unresolved(problem: Problem) -> Problem {
    Problem { end: None, ..problem }
}

/// The column of [`Ailment::by_age`].
fn band(age: i32) -> usize {
    match age {
        ..12 => 0,
        12..18 => 1,
        18..35 => 2,
        35..50 => 3,
        50..65 => 4,
        _ => 5,
    }
}

fn likelihood(row: &Ailment, band: usize, person: &Person, found: &[Problem]) -> u32 {
    let base = row.by_age.get(band).copied().unwrap_or(0);
    let by_sex = if person.female { row.by_sex.0 } else { row.by_sex.1 };
    let has = |kind| found.iter().any(|p: &Problem| p.ailment.kind == kind);
    let with = row.with.iter().filter(|(kind, _)| has(*kind));
    with.fold(base * by_sex / 100, |permille, (_, percent)| permille * percent / 100)
}

fn problem(row: &'static Ailment, person: &Person, calendar: &Calendar, dice: &mut Dice) -> Option<Problem> {
    let until = person.until(calendar.today);
    let lived = until.number() - person.born.number();
    let (onset, end) = match row.course {
        Course::Lasting(over) => {
            let onset = until.plus_days(-dice.between(20, (lived - 10).clamp(21, 12 * 365)));
            let left = until.number() - onset.number();
            (onset, (dice.chance(over) && left > 120).then(|| onset.plus_days(dice.between(60, left - 30))))
        }
        Course::Passing => {
            let onset = until.plus_days(-dice.between(3, (lived - 1).clamp(4, 1095)));
            let end = onset.plus_days(dice.between(7, 40));
            (onset, (end <= until).then_some(end))
        }
        Course::Told => told(row.kind, person, until, dice)?,
    };
    let (_, code, words) = *dice.weighted(row.codes, |code| code.0);
    let onset = onset.max(person.born);
    Some(Problem { ailment: row, code, words, onset, end, in_error: false })
}

fn told(kind: Kind, person: &Person, until: Day, dice: &mut Dice) -> Option<(Day, Option<Day>)> {
    match kind {
        Kind::Newborn => {
            let home = person.born.plus_days(28);
            Some((person.born, (home <= until).then_some(home)))
        }
        Kind::Pregnancy => Some((until.plus_days(-dice.between(10, 230)), None)),
        Kind::Postpartum => Some((until.plus_days(-dice.between(5, 330)), None)),
        _ => None,
    }
}

/// Pregnancies, births and the newborn.
fn bear(person: &Person, calendar: &Calendar, dice: &mut Dice, found: &mut Vec<Problem>) {
    let age = person.age(calendar.today);
    let mut add = |kind: Kind, dice: &mut Dice| {
        found.extend(ailment(kind).and_then(|row| problem(row, person, calendar, dice)));
    };
    if age < 1 && dice.chance(950) {
        add(Kind::Newborn, dice);
    }
    if !person.female || !(18..45).contains(&age) {
        return;
    }
    if dice.chance(45) {
        add(Kind::Pregnancy, dice);
        return;
    }
    if !dice.chance(48) {
        return;
    }
    add(Kind::Postpartum, dice);
    let birth = found.last().map(|p| p.onset);
    let pregnancy = ailment(Kind::Pregnancy).and_then(|row| problem(row, person, calendar, dice));
    if let (Some(birth), Some(pregnancy)) = (birth, pregnancy) {
        let onset = birth.plus_days(-dice.between(180, 240));
        found.push(Problem { onset, end: Some(birth), ..pregnancy });
    }
}

/// A few entries are marked as entered in error: an importer must not believe them.
fn mistake(found: &mut [Problem], dice: &mut Dice) {
    if dice.chance(5)
        && let Some(last) = found.last_mut()
    {
        last.in_error = true;
        last.end = None;
    }
}
