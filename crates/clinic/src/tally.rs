//! Counts a clinic while it is drawn, one patient at a time.

use crate::demo::SEGMENTS;
use crate::model::{Chart, ConsentAct, Fate, Finding, Mail, Status, Tie};
use crate::plan::Plan;
use crate::summary::{Membership, Summary};
use crate::truth::{Edges, TRUTHS};
use discreet_domain::Day;

/// The last word on marketing by email.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Word {
    Yes,
    No,
    Nothing,
}

/// What is remembered of the patient just before.
#[derive(Clone, Debug)]
struct Seen {
    address: Option<String>,
    word: Word,
    eligible: bool,
}

/// A summary under way.
pub(crate) struct Tally {
    summary: Summary,
    today: Day,
    edges: Edges,
    /// The record just before, held back until it is known whether the next one is merged into it.
    held: Option<Chart>,
    before: Option<Seen>,
}

impl Tally {
    pub(crate) fn new(plan: &Plan) -> Tally {
        let segments = SEGMENTS.iter().map(|s| Membership { name: s.name, ..Membership::default() });
        let summary = Summary { segments: segments.collect(), ..Summary::default() };
        Tally { summary, today: plan.zone.day_of(plan.now), edges: Edges::of(plan), held: None, before: None }
    }

    pub(crate) fn add(&mut self, chart: &Chart) {
        self.summary.patients += 1;
        self.facts(chart);
        if chart.person.is_merged() {
            self.summary.people.merged += 1;
            if let Some(survivor) = &mut self.held {
                survivor.consents.extend(chart.consents.iter().cloned());
                survivor.visits.extend(chart.visits.iter().cloned());
            }
            return;
        }
        self.release();
        self.people(chart);
        self.said(chart);
        self.held = Some(chart.clone());
    }

    pub(crate) fn done(mut self, lines: Vec<(&'static str, u64)>) -> Summary {
        self.release();
        self.summary.lines = lines.into_iter().collect();
        self.summary
    }

    /// Asks the segments about the record held back.
    fn release(&mut self) {
        let Some(chart) = self.held.take() else { return };
        let living = chart.person.fate == Fate::Living;
        for (member, truth) in self.summary.segments.iter_mut().zip(TRUTHS) {
            let inside = u64::from(truth(&chart, &self.edges));
            member.records += inside;
            member.living += inside * u64::from(living);
        }
    }

    fn people(&mut self, chart: &Chart) {
        let (person, people) = (&chart.person, &mut self.summary.people);
        people.records += 1;
        people.duplicates += u64::from(matches!(person.tie, Tie::DuplicateOf(_)));
        people.deceased += u64::from(person.is_dead());
        people.inactive += u64::from(matches!(person.fate, Fate::Left(_)));
        people.minors += u64::from(person.is_minor(self.today));
        people.birth_month_only += u64::from(person.birth_month_only);
        people.usable_address += u64::from(person.mail.is_usable());
        let count = match person.mail {
            Mail::Untidy => &mut people.untidy_address,
            Mail::Missing => &mut people.no_address,
            Mail::Malformed => &mut people.malformed_address,
            Mail::Placeholder => &mut people.placeholder_address,
            Mail::Own | Mail::Guardians | Mail::Shared => return,
        };
        *count += 1;
    }

    fn said(&mut self, chart: &Chart) {
        let person = &chart.person;
        let word = match chart.consent("marketing") {
            Some(ConsentAct { granted: true, .. }) => Word::Yes,
            Some(_) => Word::No,
            None => Word::Nothing,
        };
        let marketing = &mut self.summary.marketing;
        marketing.granted += u64::from(word == Word::Yes);
        marketing.withdrawn += u64::from(word == Word::No);
        let once_no = chart.consents.iter().any(|a| a.topic == "marketing" && !a.granted);
        marketing.granted_again += u64::from(word == Word::Yes && once_no);

        let usable = person.mail.is_usable();
        let eligible =
            usable && word == Word::Yes && person.fate == Fate::Living && !person.is_minor(self.today);
        self.summary.reach.eligible += u64::from(eligible);
        let now = Seen { address: person.email.clone().filter(|_| usable), word, eligible };
        if let Some(before) = self.before.take().filter(|b| b.address.is_some() && b.address == now.address) {
            self.summary.people.shared_address += 2;
            let torn = u64::from(before.eligible && now.word == Word::No)
                + u64::from(now.eligible && before.word == Word::No);
            self.summary.reach.eligible_but_mailbox_withdrew += torn;
        }
        self.before = Some(now);
    }

    fn facts(&mut self, chart: &Chart) {
        let booked = chart.visits.iter().filter(|v| !v.emergency).count();
        let seen = chart.visits.iter().filter(|v| v.status == Status::Fulfilled).count();
        let counts = [
            ("condition", chart.problems.iter().filter(|p| !p.in_error).count()),
            ("medication", chart.drugs.len()),
            ("procedure", chart.procedures.len()),
            ("immunization", chart.vaccines.iter().filter(|v| !v.refused).count()),
            ("allergy", chart.allergies.len()),
            ("care_plan", chart.plans.len()),
            ("observation", chart.readings.len()),
            ("appointment", booked),
            ("encounter", seen),
            ("consent", chart.consents.len()),
        ];
        let facts = &mut self.summary.facts;
        for (kind, count) in counts {
            *facts.entry(kind).or_default() += count as u64;
        }
        let pressures = chart.readings.iter().filter(|r| matches!(r.finding, Finding::Pressure(..)));
        self.summary.pressures += pressures.count() as u64;
        for event in &chart.online {
            *facts.entry(event.kind).or_default() += 1;
        }
    }
}
