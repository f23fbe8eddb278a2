//! Families and doubles. Only a patient at an odd index can belong to another, and only to the one just before: so any
//! patient can be drawn without drawing the rest.

use crate::cast::{self, Kin};
use crate::model::{Fate, Guardian, Mail, Person, Tie};
use crate::person::{self, Draw};
use crate::plan::Calendar;
use crate::random::{Dice, Stream};
use crate::tables::names;

/// The person at an index.
pub(crate) fn person_at(seed: u64, calendar: &Calendar, index: u32) -> Person {
    let draw = Draw { seed, calendar, index };
    let wish = wish(seed, index);
    if wish == Kin::Nobody || index.is_multiple_of(2) {
        return person::alone(draw);
    }
    let head = person::alone(Draw { index: index - 1, ..draw });
    if suits(&head, calendar, wish) { tied(draw, &head, wish) } else { person::alone(draw) }
}

/// Whether the patient just after this one was merged into it.
pub(crate) fn replaces_next(seed: u64, calendar: &Calendar, person: &Person) -> bool {
    let next = person.index.saturating_add(1);
    next % 2 == 1 && wish(seed, next) == Kin::Merged && suits(person, calendar, Kin::Merged)
}

fn wish(seed: u64, index: u32) -> Kin {
    if let Some(part) = cast::part(index) {
        return part.kin;
    }
    if index.is_multiple_of(2) {
        return Kin::Nobody;
    }
    match Dice::new(seed, index, Stream::Tie).below(1000) {
        0..12 => Kin::Duplicate,
        12..20 => Kin::Merged,
        20..31 => Kin::Spouse,
        31..44 => Kin::Child,
        _ => Kin::Nobody,
    }
}

fn suits(head: &Person, calendar: &Calendar, kin: Kin) -> bool {
    let age = head.age(calendar.today);
    let reads = head.fate == Fate::Living && head.mail == Mail::Own;
    match kin {
        Kin::Nobody => false,
        Kin::Spouse => reads && age >= 21,
        Kin::Child => reads && (20..58).contains(&age),
        Kin::Duplicate | Kin::Merged => head.fate == Fate::Living && head.mail != Mail::Shared,
    }
}

fn tied(draw: Draw<'_>, head: &Person, kin: Kin) -> Person {
    let own = person::alone(draw);
    let planned = cast::part(draw.index).is_some();
    let mut dice = Dice::new(draw.seed, draw.index, Stream::Tie);
    match kin {
        Kin::Spouse => spouse(own, head, planned, draw.calendar, &mut dice),
        Kin::Child => child(own, head, planned, draw.calendar, &mut dice),
        Kin::Duplicate => again(own, head, Tie::DuplicateOf(head.index), &mut dice),
        Kin::Merged => again(own, head, Tie::MergedInto(head.index), &mut dice),
        Kin::Nobody => own,
    }
}

/// Same home and mailbox, about the same age.
fn spouse(own: Person, head: &Person, planned: bool, calendar: &Calendar, dice: &mut Dice) -> Person {
    let female = if dice.chance(60) { head.female } else { !head.female };
    let names = if female { head.origin.women } else { head.origin.men };
    let list = person::of_age(names, head.born);
    let mut spouse = Person {
        tie: Tie::SpouseOf(head.index),
        home: head.home.clone(),
        clinician: head.clinician,
        mail: Mail::Shared,
        email: head.email.clone(),
        old_email: None,
        marital: Some("M"),
        fate: Fate::Living,
        guardian: None,
        ..own
    };
    if !planned {
        let born = head.born.plus_days(dice.between(-6 * 365, 6 * 365));
        spouse.born = born.min(calendar.today.plus_months(-12 * 19));
        spouse.family = if dice.chance(600) { head.family } else { dice.pick(head.origin.families) };
        spouse.given = dice.pick(list);
        spouse.preferred = None;
        (spouse.female, spouse.gender) = (female, Some(if female { "female" } else { "male" }));
        (spouse.origin, spouse.language) = (head.origin, head.language);
        (spouse.payer, spouse.plan) = (head.payer, head.plan);
    }
    spouse
}

/// A minor at the parent's home and mailbox.
fn child(own: Person, head: &Person, planned: bool, calendar: &Calendar, dice: &mut Dice) -> Person {
    let parent_age = head.age(calendar.today);
    let mut child = Person {
        tie: Tie::ChildOf(head.index),
        home: head.home.clone(),
        clinician: head.clinician,
        mail: Mail::Shared,
        email: head.email.clone(),
        old_email: None,
        marital: None,
        fate: Fate::Living,
        guardian: Some(Guardian { given: head.given, family: head.family, mother: head.female }),
        former_family: None,
        ..own
    };
    if !planned {
        let (youngest, oldest) = ((parent_age - 42).max(0), (parent_age - 19).min(17));
        let age = dice.between(youngest, oldest);
        child.born = calendar.today.plus_months(-12 * age).plus_days(-dice.between(1, 360));
        child.birth_month_only = false;
        child.family = head.family;
        let names = if child.female { head.origin.women } else { head.origin.men };
        child.given = dice.pick(person::of_age(names, child.born));
        child.preferred = None;
        (child.origin, child.language) = (head.origin, head.language);
        (child.payer, child.plan) = person::payer_of(age, dice);
    }
    child
}

/// The same person, registered a second time: the name without its accents or by its short form, another number.
fn again(own: Person, head: &Person, tie: Tie, dice: &mut Dice) -> Person {
    let mut again = Person { index: own.index, tie, clinician: own.clinician, ..head.clone() };
    again.preferred = None;
    again.former_family = None;
    again.old_email = None;
    if dice.chance(300) {
        let short = names::NICKNAMES.iter().find(|(given, _)| *given == head.given);
        again.given = short.map_or(head.given, |(_, nickname)| nickname);
    }
    if dice.chance(250) {
        again.home.number = again.home.number.saturating_add(10);
    }
    again
}
