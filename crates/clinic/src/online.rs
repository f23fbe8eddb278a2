//! What patients do online: portal log-ins, pages, newsletters opened and clicked. Most do little, a few do a lot.

use crate::cast::{Part, Scene};
use crate::model::{ConsentAct, OnlineEvent, Person};
use crate::plan::Calendar;
use crate::random::Dice;
use crate::tables::visits::{ONLINE_PACES, Pace};
use crate::tables::words::{INTERESTS, ONLINE_KINDS, PLAIN_PAGES};
use discreet_domain::Timestamp;

const BACK: i32 = 2 * 365;

/// All events of a person, in order of time.
pub(crate) fn events(
    person: &Person,
    part: Option<&Part>,
    consents: &[ConsentAct],
    interests: &[&'static str],
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<OnlineEvent> {
    let row = dice.weighted(&ONLINE_PACES, |row| row.0);
    let planned = part.and_then(|p| ONLINE_PACES.iter().find(|row| row.1 == p.pace));
    let (_, pace, least, most) = *planned.unwrap_or(row);
    let count = if person.is_merged() { 0 } else { dice.between(least, most) };
    let reader = part.is_some_and(|p| p.scene == Scene::Walker);
    let subscribed = subscribed(person, consents);
    let (last, today) = (person.until(calendar.ago(1)), calendar.today);
    let first = calendar.ago(BACK).max(person.born);
    let span = last.number() - first.number();
    let mut all = Vec::new();
    for place in 0..count.max(if reader { 12 } else { 0 }) {
        if span < 30 {
            break;
        }
        let lately = pace == Pace::Extreme || (reader && place < 6);
        let back = dice.between(0, if lately { span.min(80) } else { span });
        let at = calendar.at(last.plus_days(-back), dice.between(6 * 60, 22 * 60 + 59));
        let at = at.plus_seconds(i64::from(dice.below(60)));
        let kind = dice.weighted(&ONLINE_KINDS, |row| row.0).1;
        let kind = if reader && place < 3 { "email_click" } else { kind };
        let mailed = kind.starts_with("email_");
        let allowed = !mailed || subscribed.is_some_and(|(from, to)| from <= at && at < to);
        let (kind, mailed) = if allowed { (kind, mailed) } else { ("page_view", false) };
        let page = if reader && mailed { "walking" } else { page(interests, mailed, dice) };
        let (year, month, _) = calendar.day_of(at).min(today).ymd();
        all.push(OnlineEvent { kind, at, page, issue: (year, month) });
    }
    all.sort_by_key(|event| event.at);
    apart(&mut all);
    all
}

/// No two at the same second: they have no ids, and an importer would take them for one.
fn apart(all: &mut [OnlineEvent]) {
    let mut last = Timestamp::MIN;
    for event in all {
        event.at = event.at.max(last.plus_seconds(1));
        last = event.at;
    }
}

/// From when until when newsletters reached the person.
fn subscribed(person: &Person, consents: &[ConsentAct]) -> Option<(Timestamp, Timestamp)> {
    let mut acts = consents.iter().filter(|act| act.channel == "email" && act.topic != "reminders");
    let from = acts.find(|act| act.granted).filter(|_| person.mail.is_usable())?;
    let to = acts.find(|act| !act.granted && act.topic == from.topic);
    Some((from.at, to.map_or(Timestamp::MAX, |act| act.at)))
}

fn page(interests: &[&'static str], mailed: bool, dice: &mut Dice) -> &'static str {
    if !interests.is_empty() && dice.chance(600) {
        return dice.pick(interests);
    }
    if mailed || dice.chance(500) {
        return dice.weighted(&INTERESTS, |row| row.0).1;
    }
    dice.pick(&PLAIN_PAGES)
}
