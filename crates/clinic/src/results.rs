//! Results and measurements: A1c for those who need it, blood pressure and weight at visits, a few more.

use crate::model::{Finding, Measure, Person, Problem, Reading, Status, Visit};
use crate::plan::Calendar;
use crate::random::Dice;
use crate::tables::ailments::Kind;
use discreet_domain::Day;

const fn measure(
    code: &'static str,
    words: &'static str,
    unit: &'static str,
    category: &'static str,
) -> Measure {
    Measure { code, words, unit, category }
}

/// Hemoglobin A1c.
pub(crate) static A1C: Measure = measure("4548-4", "Hemoglobin A1c", "%", "laboratory");
/// Both pressures; the numbers are its components.
pub(crate) static PRESSURE: Measure = measure("85354-9", "Blood pressure", "mm[Hg]", "vital-signs");
static BMI: Measure = measure("39156-5", "Body mass index", "kg/m2", "vital-signs");
static LDL: Measure = measure("13457-7", "LDL cholesterol", "mg/dL", "laboratory");
static FILTRATION: Measure =
    measure("33914-3", "Estimated filtration rate", "mL/min/{1.73_m2}", "laboratory");
static MOOD: Measure = measure("44261-6", "Mood questionnaire total", "{score}", "survey");
static SMOKING: Measure = measure("72166-2", "Tobacco smoking status", "", "social-history");

/// What readings are drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) person: &'a Person,
    pub(crate) problems: &'a [Problem],
    pub(crate) visits: &'a [Visit],
    pub(crate) calendar: &'a Calendar,
}

impl Subject<'_> {
    fn has(&self, kind: Kind) -> bool {
        self.problems.iter().any(|p| p.ailment.kind == kind && !p.in_error)
    }
    fn age(&self) -> i32 {
        self.person.age(self.calendar.today)
    }
}

/// All readings, in order of time.
pub(crate) fn readings(subject: Subject<'_>, dice: &mut Dice) -> Vec<Reading> {
    let mut all = Vec::new();
    vitals(subject, dice, &mut all);
    if subject.age() >= 12 && !subject.person.is_merged() {
        a1c(subject, dice, &mut all);
        others(subject, dice, &mut all);
        smoking(subject, dice, &mut all);
    }
    all.sort_by_key(|r| r.at);
    all
}

/// Taken at some visits in person.
fn vitals(subject: Subject<'_>, dice: &mut Dice, all: &mut Vec<Reading>) {
    let adult = subject.age() >= 18;
    let level = if subject.has(Kind::Hypertension) { (128, 170, 76, 102) } else { (102, 136, 62, 87) };
    let weight = match subject.has(Kind::Obesity) {
        true => (302, 430),
        false if adult => (187, 299),
        false => (142, 235),
    };
    for visit in subject.visits.iter().filter(|v| v.status == Status::Fulfilled && !v.kind.by_video) {
        let at = visit.start.plus_seconds(i64::from(dice.between(120, 600)));
        if adult && dice.chance(340) {
            let finding = Finding::Pressure(dice.between(level.0, level.1), dice.between(level.2, level.3));
            all.push(Reading { measure: &PRESSURE, at, finding });
        }
        if dice.chance(260) {
            all.push(Reading {
                measure: &BMI,
                at,
                finding: Finding::Tenths(dice.between(weight.0, weight.1)),
            });
        }
    }
}

/// Every few months in diabetes, though a quarter and more are late; once in others.
fn a1c(subject: Subject<'_>, dice: &mut Dice, all: &mut Vec<Reading>) {
    let poorly = subject.problems.iter().any(|p| p.code == "E11.65" && !p.in_error);
    let diabetes = subject.has(Kind::Diabetes2) || subject.has(Kind::Diabetes1);
    let (often, level) = match (diabetes, poorly, subject.has(Kind::Prediabetes)) {
        (true, true, _) => (1000, (78, 118)),
        (true, false, _) => (1000, (58, 92)),
        (_, _, true) => (850, (57, 64)),
        _ => (if subject.age() >= 40 { 90 } else { 15 }, (48, 56)),
    };
    if !dice.chance(often) {
        return;
    }
    let until = subject.person.until(subject.calendar.today);
    let late = dice.chance(if diabetes { 300 } else { 600 });
    let mut day = until.plus_days(-if late { dice.between(190, 800) } else { dice.between(1, 178) });
    let mut count = if diabetes { dice.between(1, 7) } else { 1 };
    while count > 0 && day > subject.person.born && day > subject.calendar.ago(1095) {
        all.push(lab(&A1C, dice.between(level.0, level.1), day, subject, dice));
        day = day.plus_days(-dice.between(85, 210));
        count -= 1;
    }
}

fn others(subject: Subject<'_>, dice: &mut Dice, all: &mut Vec<Reading>) {
    let rows = [
        (Kind::Lipids, &LDL, (700, 1900)),
        (Kind::Kidney, &FILTRATION, (220, 780)),
        (Kind::Depression, &MOOD, (20, 210)),
    ];
    let until = subject.person.until(subject.calendar.today);
    for (kind, measure, level) in rows {
        if !subject.has(kind) {
            continue;
        }
        for _ in 0..dice.between(0, 2) {
            let day = until.plus_days(-dice.between(5, 1000));
            let tens = dice.between(level.0 / 10, level.1 / 10);
            if day > subject.person.born {
                all.push(lab(measure, tens * 10, day, subject, dice));
            }
        }
    }
}

fn lab(measure: &'static Measure, tenths: i32, day: Day, subject: Subject<'_>, dice: &mut Dice) -> Reading {
    let at = subject.calendar.at(day, dice.between(7 * 60, 11 * 60));
    Reading { measure, at, finding: Finding::Tenths(tenths) }
}

fn smoking(subject: Subject<'_>, dice: &mut Dice, all: &mut Vec<Reading>) {
    let Some(visit) = subject.visits.iter().rfind(|v| v.status == Status::Fulfilled) else { return };
    if !dice.chance(250) {
        return;
    }
    let (code, words) = match dice.below(10) {
        _ if subject.has(Kind::Smoking) => ("449868002", "Smokes tobacco daily"),
        0..7 => ("266919005", "Never smoked tobacco"),
        _ => ("8517006", "Ex-smoker"),
    };
    all.push(Reading { measure: &SMOKING, at: visit.start, finding: Finding::Smoking(code, words) });
}
