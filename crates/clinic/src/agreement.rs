//! What patients agreed to hear about, and how they said so.

use crate::cast::{Part, Stance};
use crate::model::{ConsentAct, Mail, Person};
use crate::plan::Calendar;
use crate::random::Dice;
use discreet_domain::Timestamp;

type How = &'static [(u32, &'static str)];

const ASKED: How = &[(40, "web_form"), (32, "paper"), (20, "portal"), (8, "phone")];
const TOLD: How = &[(45, "web_form"), (30, "portal"), (25, "phone")];

/// One question and how people answer it.
#[derive(Clone, Copy, Debug)]
struct Question {
    topic: &'static str,
    channel: &'static str,
    /// Of a thousand asked, who agree.
    yes: u32,
    /// Of a thousand who agreed, who take it back.
    withdrawn: u32,
}

/// All acts of a person, in order of time.
pub(crate) fn acts(
    person: &Person,
    part: Option<&Part>,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<ConsentAct> {
    let mut acts = Vec::new();
    let marketing = match part.map(|p| p.stance) {
        None if person.is_merged() => 0,
        None => willing(person, calendar),
        Some(Stance::OptedIn | Stance::Withdrew) => 1000,
        Some(Stance::NeverAsked | Stance::LeftNewsletter) => 0,
    };
    let withdrawn = match part.map(|p| p.stance) {
        None => 80,
        Some(Stance::Withdrew) => 1000,
        Some(_) => 0,
    };
    let said = ask(
        Question { topic: "marketing", channel: "email", yes: marketing, withdrawn },
        person,
        calendar,
        dice,
        &mut acts,
    );
    let news = if said { 640 } else { 120 };
    let (yes, withdrawn) = match part.map(|p| p.stance) {
        None if person.is_merged() => (news, 1000),
        Some(Stance::LeftNewsletter) => (1000, 1000),
        Some(Stance::OptedIn) => (1000, 0),
        Some(Stance::NeverAsked) => (0, 0),
        _ => (news, 40),
    };
    ask(
        Question { topic: "newsletter", channel: "email", yes, withdrawn },
        person,
        calendar,
        dice,
        &mut acts,
    );
    if !person.is_merged() {
        let reminders = Question { topic: "reminders", channel: "email", yes: 720, withdrawn: 20 };
        ask(reminders, person, calendar, dice, &mut acts);
        ask(
            Question { channel: "sms", yes: 280, withdrawn: 60, ..reminders },
            person,
            calendar,
            dice,
            &mut acts,
        );
    }
    acts.sort_by_key(|act| act.at);
    acts
}

fn willing(person: &Person, calendar: &Calendar) -> u32 {
    match person.mail {
        Mail::Missing => 400,
        _ if person.is_minor(calendar.today) => 500,
        _ => 700,
    }
}

/// Whether the person agreed at any time.
fn ask(
    question: Question,
    person: &Person,
    calendar: &Calendar,
    dice: &mut Dice,
    acts: &mut Vec<ConsentAct>,
) -> bool {
    let last = person.until(calendar.ago(2));
    let lived = (last.number() - person.born.number()).max(0);
    let asked = last.plus_days(-dice.between(0, lived.min(1090)));
    let at = calendar.at(asked, dice.between(8 * 60, 20 * 60)).plus_seconds(i64::from(dice.below(60)));
    let act = |granted: bool, at: Timestamp, dice: &mut Dice| ConsentAct {
        topic: question.topic,
        channel: question.channel,
        granted,
        at,
        text_version: version(at, calendar),
        method: dice.weighted(if granted { ASKED } else { TOLD }, |row| row.0).1,
    };
    if !dice.chance(question.yes) {
        if question.yes > 0 && dice.chance(35) {
            acts.push(act(false, at, dice)); // "no, thank you", said unasked
        }
        return false;
    }
    acts.push(act(true, at, dice));
    let later = |after: Timestamp, dice: &mut Dice| {
        let left = (calendar.now.micros() - after.micros()) / 60_000_000;
        let minutes = dice.between(60, i32::try_from(left).unwrap_or(i32::MAX).saturating_sub(60));
        after.plus_seconds(i64::from(minutes) * 60)
    };
    if dice.chance(question.withdrawn) {
        let withdrawn = later(at, dice);
        acts.push(act(false, withdrawn, dice));
        if question.withdrawn < 1000 && dice.chance(110) {
            let again = later(withdrawn, dice);
            acts.push(act(true, again, dice));
        }
    }
    true
}

/// The wording in use at the time.
fn version(at: Timestamp, calendar: &Calendar) -> &'static str {
    let days = (calendar.now.micros() - at.micros()) / 86_400_000_000;
    match days {
        ..300 => "2",
        300..700 => "1.1",
        _ => "1",
    }
}
