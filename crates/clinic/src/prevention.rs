//! Screenings and vaccines, with the gaps that every clinic has.

use crate::attendance::Patient;
use crate::cast::Scene;
use crate::model::Done;
use crate::random::Dice;
use crate::tables::ailments::Kind;
use crate::tables::care as c;
use discreet_domain::Day;

type What = (&'static str, &'static str);

/// Procedures done.
pub(crate) fn procedures(patient: Patient<'_>, dice: &mut Dice) -> Vec<Done> {
    let age = patient.person.age(patient.calendar.today);
    let has = |kind| patient.problems.iter().any(|p| p.ailment.kind == kind && !p.in_error);
    let women = patient.person.female;
    let mut done = Vec::new();
    let mut once = |what: What, applies: bool, often: u32, years: i32| {
        if applies && dice.chance(often) {
            done.extend(some_day(patient, years * 365, dice).map(|on| entry(what, on)));
        }
    };
    let recent = patient.part.is_none_or(|p| p.scene != Scene::Overdue);
    once(c::MAMMOGRAM, women && (40..76).contains(&age) && recent, 830, 3);
    once(c::COLONOSCOPY, (45..80).contains(&age), 560, 10);
    once(c::EYE_EXAM, has(Kind::Diabetes2) || has(Kind::Diabetes1), 640, 3);
    once(c::BONE_DENSITY, women && age >= 65, 420, 6);
    once(c::HEART_TRACING, age >= 40, 120, 4);
    once(c::HEART_TRACING, has(Kind::Coronary), 600, 2);
    if !recent {
        done.push(entry(c::MAMMOGRAM, patient.calendar.ago(1130)));
    }
    done.sort_by_key(|d| d.on);
    done
}

/// Vaccines given, and a few refused.
pub(crate) fn vaccines(patient: Patient<'_>, dice: &mut Dice) -> Vec<Done> {
    let mut given = Vec::new();
    let age = patient.person.age(patient.calendar.today);
    seasons(patient, age, dice, &mut given);
    if age < 8 {
        childhood(patient, dice, &mut given);
    }
    let mut once = |what: What, applies: bool, often: u32, years: i32| {
        if applies && dice.chance(often) {
            given.extend(some_day(patient, years * 365, dice).map(|on| entry(what, on)));
        }
    };
    once(c::TDAP, age >= 11, 380, 10);
    once(c::SHINGLES, age >= 50, 330, 5);
    once(c::HPV, (12..28).contains(&age), 420, 8);
    once(c::PNEUMOCOCCAL, age >= 66, 380, 3);
    once(c::COVID, age >= 5, 300, 2);
    given.sort_by_key(|d| d.on);
    given
}

/// A flu vaccine each autumn, for some.
fn seasons(patient: Patient<'_>, age: i32, dice: &mut Dice, given: &mut Vec<Done>) {
    let keen = match age {
        ..18 => 300,
        18..65 => 240,
        _ => 480,
    };
    let (year, ..) = patient.calendar.today.ymd();
    for back in 0..3 {
        let Some(october) = Day::of(year - back, 10, 10) else { continue };
        let on = october.plus_days(dice.between(-35, 50));
        let what = if back == 0 { c::FLU } else { c::FLU_QUADRIVALENT };
        if dice.chance(keen) && possible(patient, on) {
            given.push(Done { refused: dice.chance(12), ..entry(what, on) });
        }
    }
}

fn childhood(patient: Patient<'_>, dice: &mut Dice, given: &mut Vec<Done>) {
    for (months, code, words) in c::CHILDHOOD {
        let on = patient.person.born.plus_months(months).plus_days(dice.between(0, 25));
        if dice.chance(930) && possible(patient, on) {
            given.push(entry((code, words), on));
        }
    }
}

fn entry((code, words): What, on: Day) -> Done {
    Done { code, words, on, refused: false }
}

fn possible(patient: Patient<'_>, on: Day) -> bool {
    on > patient.person.born && on <= patient.person.until(patient.calendar.ago(1))
}

fn some_day(patient: Patient<'_>, back: i32, dice: &mut Dice) -> Option<Day> {
    let last = patient.person.until(patient.calendar.ago(1));
    let on = last.plus_days(-dice.between(0, back));
    possible(patient, on).then_some(on)
}
