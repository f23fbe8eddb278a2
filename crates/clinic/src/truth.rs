//! Who is in each segment of the demo, told from the drawn record by hand-written rules: a second opinion, to hold the
//! engine against. What each rule has to say is the segment's text in [`demo`](crate::demo), read by the segment
//! language's own rules.

use crate::demo::SEGMENTS;
use crate::model::{Chart, Status};
use crate::plan::Plan;
use crate::results::A1C;
use crate::tables::care::MAMMOGRAM;
use crate::tables::words::PAYERS;
use discreet_domain::{Day, Timestamp, Zone};

/// The edges of the segments' windows.
#[derive(Debug)]
pub(crate) struct Edges {
    now: Timestamp,
    today: Day,
    zone: Zone,
}

impl Edges {
    pub(crate) fn of(plan: &Plan) -> Edges {
        Edges { now: plan.now, today: plan.zone.day_of(plan.now), zone: plan.zone.clone() }
    }
    fn in_last_months(&self, at: Timestamp, months: i32) -> bool {
        at >= self.zone.plus_months(self.now, -months) && at < self.now
    }
    fn day_in_last_months(&self, day: Day, months: i32) -> bool {
        let first = self.zone.day_of(self.zone.plus_months(self.now, -months));
        let last = self.zone.day_of(Timestamp::from_micros(self.now.micros() - 1));
        first <= day && day <= last
    }
    fn in_next_days(&self, at: Timestamp, days: i32) -> bool {
        at >= self.now && at < self.zone.plus_days(self.now, days)
    }
    /// Least and greatest age, which differ if only the month of birth is known.
    fn ages(&self, chart: &Chart) -> (i32, i32) {
        let born = chart.person.born;
        if !chart.person.birth_month_only {
            let age = self.today.years_since(born);
            return (age, age);
        }
        let (.., day) = born.ymd();
        let first = born.plus_days(1 - i32::from(day));
        let last = first.plus_months(1).plus_days(-1);
        (self.today.years_since(last), self.today.years_since(first))
    }
}

/// Whether a record is in a segment.
pub(crate) type Truth = fn(&Chart, &Edges) -> bool;

/// In the order of [`SEGMENTS`].
pub(crate) const TRUTHS: [Truth; SEGMENTS.len()] = [
    like_to_be_outdoors,
    walking_readers,
    a1c_overdue,
    mammogram_due,
    booked_soon,
    new_parents,
    long_away,
    spanish_with_public_payer,
];

fn any_word(words: &[&str], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(word))
}

fn like_to_be_outdoors(chart: &Chart, edges: &Edges) -> bool {
    let [interests, _, lifestyle] = &chart.words;
    edges.ages(chart).0 >= 18
        && (any_word(interests, &["walking", "gardening", "healthy_aging", "heart_health"])
            || any_word(lifestyle, &["active", "outdoors"]))
}

fn walking_readers(chart: &Chart, edges: &Edges) -> bool {
    let [interests, ..] = &chart.words;
    any_word(interests, &["walking"])
        && chart.consent("newsletter").is_some_and(|act| act.granted)
        && chart.online.iter().any(|e| e.kind == "email_click" && edges.in_last_months(e.at, 12))
}

fn a1c_overdue(chart: &Chart, edges: &Edges) -> bool {
    let active = chart.problems.iter().any(|p| p.code.starts_with("E11") && p.end.is_none() && !p.in_error);
    let tested =
        |months| chart.readings.iter().any(|r| r.measure == &A1C && edges.in_last_months(r.at, months));
    active && !tested(6)
}

fn mammogram_due(chart: &Chart, edges: &Edges) -> bool {
    let (least, most) = edges.ages(chart);
    let mut mammograms = chart.procedures.iter().filter(|p| p.code == MAMMOGRAM.0);
    chart.person.gender == Some("female")
        && least >= 50
        && most <= 74
        && !mammograms.any(|p| edges.day_in_last_months(p.on, 24))
}

fn booked(chart: &Chart, edges: &Edges, days: i32) -> bool {
    chart.visits.iter().any(|v| v.status == Status::Booked && edges.in_next_days(v.start, days))
}

fn booked_soon(chart: &Chart, edges: &Edges) -> bool {
    booked(chart, edges, 14)
}

fn new_parents(chart: &Chart, edges: &Edges) -> bool {
    let [.., lifestyle] = &chart.words;
    let born = |months| {
        let mut births = chart.problems.iter().filter(|p| p.code.starts_with("Z39") && !p.in_error);
        births.any(|p| edges.day_in_last_months(p.onset, months))
    };
    any_word(lifestyle, &["new_parent"]) || born(12)
}

fn long_away(chart: &Chart, edges: &Edges) -> bool {
    let came =
        chart.visits.iter().any(|v| v.status == Status::Fulfilled && edges.in_last_months(v.start, 18));
    edges.ages(chart).0 >= 18 && !came && !booked(chart, edges, 90)
}

fn spanish_with_public_payer(chart: &Chart, _: &Edges) -> bool {
    let payer = PAYERS.get(chart.person.payer).map_or("", |row| row.0);
    chart.person.language == Some("es") && ["medicare", "medicaid", "dual"].contains(&payer)
}
