//! What follows from problems: prescriptions, plans; and allergies.

use crate::cast::PLANNED;
use crate::model::{Allergy, FollowedPlan, Person, Prescription, Problem};
use crate::plan::Calendar;
use crate::random::Dice;
use crate::tables::ailments::Course;
use crate::tables::care::{ALLERGIES, DRUGS, PLANS};

/// Prescriptions for the problems a person has or had.
pub(crate) fn prescriptions(
    person: &Person,
    problems: &[Problem],
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<Prescription> {
    let (age, until) = (person.age(calendar.today), person.until(calendar.today));
    let mut given: Vec<Prescription> = Vec::new();
    for problem in problems.iter().filter(|p| !p.in_error) {
        for drug in DRUGS.iter().filter(|d| d.with == problem.ailment.kind && d.from_age <= age) {
            let known = given.iter().any(|p| p.drug.code == drug.code);
            if known || !dice.chance(drug.given) {
                continue;
            }
            let span = (until.number() - problem.onset.number()).max(0);
            let delay =
                if problem.ailment.course == Course::Passing { 0 } else { dice.between(0, span.min(500)) };
            let over = problem.end.is_some() || dice.chance(drug.stopped);
            given.push(Prescription { drug, since: problem.onset.plus_days(delay), stopped: over });
        }
    }
    given
}

/// Plans followed for current problems; always, by the planned patients.
pub(crate) fn plans(
    person: &Person,
    problems: &[Problem],
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<FollowedPlan> {
    let until = person.until(calendar.today);
    let mut followed = Vec::new();
    for problem in problems.iter().filter(|p| !p.in_error && p.end.is_none()) {
        let Some((_, often, code, words)) = PLANS.iter().find(|row| row.0 == problem.ailment.kind) else {
            continue;
        };
        if dice.chance(*often) || person.index < PLANNED {
            let span = (until.number() - problem.onset.number()).clamp(0, 700);
            let since = until.plus_days(-dice.between(0, span));
            followed.push(FollowedPlan { code, words, since, over: dice.chance(250) });
        }
    }
    followed
}

/// Known allergies.
pub(crate) fn allergies(person: &Person, calendar: &Calendar, dice: &mut Dice) -> Vec<Allergy> {
    let mut known: Vec<Allergy> = Vec::new();
    let mut often = 190;
    while known.len() < 3 && dice.chance(often) {
        let row = dice.weighted(&ALLERGIES, |row| row.0);
        let lived = calendar.today.number() - person.born.number();
        let since = calendar.ago(dice.between(0, lived.min(20 * 365)));
        if known.iter().all(|a| a.row.1 != row.1) {
            known.push(Allergy { row, since: since.min(person.until(calendar.today)) });
        }
        often = 250;
    }
    known
}
