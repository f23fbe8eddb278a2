//! Visits: three years back, ninety days ahead.

use crate::cast::{Part, Scene};
use crate::model::{Fate, Person, Problem, Status, Visit};
use crate::plan::{Calendar, working_day};
use crate::random::Dice;
use crate::tables::ailments::Kind;
use crate::tables::visits::{self as table, Pace, VISIT_PACES, VisitType};
use discreet_domain::Day;

const BACK: i32 = 3 * 365;
const AHEAD: i32 = 89;
const LONG_AGO: i32 = 560;

/// What decides how often and why a person comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patient<'a> {
    pub(crate) person: &'a Person,
    pub(crate) part: Option<&'a Part>,
    pub(crate) problems: &'a [Problem],
    pub(crate) calendar: &'a Calendar,
}

/// All visits, past and booked, in order of time.
pub(crate) fn attendance(patient: Patient<'_>, dice: &mut Dice) -> Vec<Visit> {
    let row = dice.weighted(&VISIT_PACES, |row| row.0);
    let planned = patient.part.and_then(|p| VISIT_PACES.iter().find(|row| row.1 == p.pace));
    let double = patient.person.is_merged().then(|| VISIT_PACES.first()).flatten();
    let (_, pace, least, most) = *double.or(planned).unwrap_or(row);
    let mut all = past(patient, pace, dice.between(least, most), dice);
    all.extend(emergency(patient, dice));
    all.extend(booked(patient, pace, dice));
    all.sort_by_key(|v| v.start);
    greet(&mut all, dice);
    all
}

/// The days on which a person can have come, if any.
fn window(patient: Patient<'_>, pace: Pace) -> Option<(Day, Day)> {
    let calendar = patient.calendar;
    let long_ago = pace == Pace::Dormant || patient.part.is_some_and(|p| p.scene == Scene::LongAway);
    let newest = if long_ago { calendar.ago(LONG_AGO) } else { calendar.ago(1) };
    let last = patient.person.until(calendar.today).min(newest);
    let first = calendar.ago(BACK).max(patient.person.born.plus_days(1));
    (first.plus_days(3) < last).then_some((first, last))
}

fn past(patient: Patient<'_>, pace: Pace, count: i32, dice: &mut Dice) -> Vec<Visit> {
    let Some((first, last)) = window(patient, pace) else { return Vec::new() };
    let span = last.number() - first.number();
    let count = if pace == Pace::Dormant { count } else { (count * span / BACK).max(1) };
    let one = |_| {
        let day = working_day(first.plus_days(dice.between(0, span - 3)));
        let status = match dice.below(100) {
            0..78 => Status::Fulfilled,
            78..86 => Status::NoShow,
            _ => Status::Cancelled,
        };
        on(patient, day, status, dice)
    };
    (0..count).map(one).collect()
}

/// One visit on a day, at a quarter of an hour between eight and five.
pub(crate) fn on(patient: Patient<'_>, day: Day, status: Status, dice: &mut Dice) -> Visit {
    let kind = kind(patient, dice);
    let start = patient.calendar.at(day, 8 * 60 + 15 * dice.between(0, 35));
    let own = patient.person.clinician;
    let clinician = if dice.chance(800) { own } else { (own / 2) * 2 + (1 - own % 2) };
    let lasting = patient.problems.iter().enumerate().filter(|(_, p)| !p.in_error && p.onset <= day);
    let reasons: Vec<usize> = lasting.map(|(at, _)| at).collect();
    let reason = (!reasons.is_empty() && dice.chance(300)).then(|| dice.pick(&reasons));
    Visit { kind, status, start, clinician, emergency: false, reason }
}

fn kind(patient: Patient<'_>, dice: &mut Dice) -> VisitType {
    let has = |kind| patient.problems.iter().any(|p| p.ailment.kind == kind && p.end.is_none());
    let special = [
        (Kind::Pregnancy, 550, table::PRENATAL),
        (Kind::Diabetes2, 330, table::DIABETES_CHECK),
        (Kind::Diabetes1, 330, table::DIABETES_CHECK),
        (Kind::Depression, 240, table::BEHAVIORAL),
        (Kind::Anxiety, 180, table::BEHAVIORAL),
    ];
    let special = special.iter().find(|(kind, often, _)| has(*kind) && dice.chance(*often));
    match special {
        Some((.., visit)) => *visit,
        None if patient.person.is_minor(patient.calendar.today) => {
            dice.weighted(&table::CHILD, |row| row.0).1
        }
        None => dice.weighted(&table::ADULT, |row| row.0).1,
    }
}

/// The emergency room, which nobody books.
fn emergency(patient: Patient<'_>, dice: &mut Dice) -> Option<Visit> {
    let (first, last) = window(patient, Pace::Steady)?;
    if patient.part.is_some() || patient.person.is_merged() || !dice.chance(45) {
        return None;
    }
    let day = first.plus_days(dice.between(0, last.number() - first.number()));
    let start = patient.calendar.at(day, dice.between(0, 23 * 60 + 59));
    let clinician = patient.person.clinician;
    Some(Visit {
        kind: table::URGENT,
        status: Status::Fulfilled,
        start,
        clinician,
        emergency: true,
        reason: None,
    })
}

/// What is still to come. The dead may still be booked: an importer must not remind them.
fn booked(patient: Patient<'_>, pace: Pace, dice: &mut Dice) -> Vec<Visit> {
    let often = match (patient.person.fate, pace) {
        (Fate::Left(_), _) => 0,
        (Fate::Died { .. }, _) => 60,
        (_, Pace::Dormant) => 30,
        (_, Pace::Light) => 150,
        (_, Pace::Steady) => 340,
        (_, Pace::Heavy) => 600,
        (_, Pace::Extreme) => 900,
    };
    let scene = patient.part.map_or(Scene::Nothing, |p| p.scene);
    let often = match scene {
        Scene::Died => 1000,
        Scene::BookedSoon | Scene::LongAway | Scene::Left => 0,
        _ if patient.person.is_merged() => 0,
        _ => often,
    };
    let mut coming = Vec::new();
    while coming.len() < 3 && dice.chance(often >> (coming.len() * 2)) {
        let day = working_day(patient.calendar.today.plus_days(dice.between(1, AHEAD - 2)));
        let status = if dice.chance(80) { Status::Cancelled } else { Status::Booked };
        coming.push(on(patient, day, status, dice));
    }
    if scene == Scene::BookedSoon {
        coming.push(on(patient, working_day(patient.calendar.today.plus_days(5)), Status::Booked, dice));
    }
    coming
}

/// The first visit of some is their first of all.
fn greet(all: &mut [Visit], dice: &mut Dice) {
    if dice.chance(150)
        && let Some(first) = all.iter_mut().find(|v| !v.emergency)
    {
        first.kind = table::NEW_PATIENT;
    }
}
