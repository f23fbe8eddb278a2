//! Age and birthdays, both derived from the birth date.

use super::Setting;
use crate::bits::{Answer, Bits};
use crate::column::{Column, Type};
use crate::moment::Moment;
use crate::part::Part;
use discreet_domain::catalog::BIRTH_DATE;
use discreet_domain::{Day, Timestamp, When, Zone};
use discreet_segment::checked::{BirthdayWindow, NumberTest};
use discreet_segment::truth::Truth;
use std::cell::Cell;

/// The birth dates whose answers are remembered while one segment is evaluated: 1900 to 2059.
const FIRST_BIRTH: i32 = -25_567;
const BIRTHS: usize = 58_439;

pub(crate) struct BirthCheck<'i> {
    name: Option<u32>,
    question: Question,
    now: Timestamp,
    zone: &'i Zone,
    /// By birth date: thousands of people share one, and the calendar is slow.
    answered: Vec<Cell<Memory>>,
}

enum Question {
    Age(NumberTest, Day),
    Birthday(BirthdayWindow),
}

#[derive(Clone, Copy)]
enum Memory {
    NotAsked,
    Answer(Truth),
}

impl<'i> BirthCheck<'i> {
    pub fn age(test: &NumberTest, setting: Setting<'i>) -> BirthCheck<'i> {
        let today = setting.zone().day_of(setting.now);
        BirthCheck::new(Question::Age(test.clone(), today), setting)
    }
    pub fn birthday(window: BirthdayWindow, setting: Setting<'i>) -> BirthCheck<'i> {
        BirthCheck::new(Question::Birthday(window), setting)
    }
    fn new(question: Question, setting: Setting<'i>) -> BirthCheck<'i> {
        BirthCheck {
            name: setting.lexicon.attributes.find(BIRTH_DATE).map(|(number, _)| number),
            question,
            now: setting.now,
            zone: setting.lexicon.calendar.zone(),
            answered: vec![Cell::new(Memory::NotAsked); BIRTHS],
        }
    }
    pub fn answer(&self, part: &Part, wanted: &Bits) -> Answer {
        match self.name.and_then(|name| part.attributes().find(name, Type::Time)) {
            Some(Column::Time(times)) => Answer::scan(wanted, |slot| self.truth(times.get(slot)?)),
            _ => Answer::unknown(wanted.slots()),
        }
    }
    fn truth(&self, birth: Moment) -> Truth {
        let when = birth.when();
        let When::Day(day) = when else {
            return self.ask(when);
        };
        let at = usize::try_from(i64::from(day.number()) - i64::from(FIRST_BIRTH)).ok();
        let Some(memory) = at.and_then(|at| self.answered.get(at)) else {
            return self.ask(when);
        };
        if let Memory::Answer(truth) = memory.get() {
            return truth;
        }
        let truth = self.ask(when);
        memory.set(Memory::Answer(truth));
        truth
    }
    fn ask(&self, birth: When) -> Truth {
        match &self.question {
            Question::Age(test, today) => age(test, *today, birth.days(self.zone)),
            Question::Birthday(window) => window.holds(birth, self.now, self.zone),
        }
    }
}

/// Asked of every age that a birth between two dates can mean; known if all agree.
fn age(test: &NumberTest, today: Day, (first, last): (Day, Day)) -> Truth {
    let youngest = today.years_since(last);
    let holds = test.holds(f64::from(youngest));
    let agreed = (youngest..=today.years_since(first)).all(|age| test.holds(f64::from(age)) == holds);
    agreed.then_some(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_births_are_these_years() {
        assert_eq!(Day::from_number(FIRST_BIRTH), Day::of(1900, 1, 1).unwrap());
        let last = FIRST_BIRTH + i32::try_from(BIRTHS).unwrap() - 1;
        assert_eq!(Day::from_number(last), Day::of(2059, 12, 31).unwrap());
    }
}
