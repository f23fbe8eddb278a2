//! One patient's record, as drawn: what the writers write and the truth is counted from.

use crate::tables::ailments::Ailment;
use crate::tables::care::Drug;
use crate::tables::origins::Origin;
use crate::tables::places::Town;
use crate::tables::visits::VisitType;
use discreet_domain::{Day, Timestamp};

/// What the patient at one index has to do with the patient just before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tie {
    /// Nothing.
    Nobody,
    /// Married to, and reads mail in the same mailbox.
    SpouseOf(u32),
    /// A minor whose mail goes to the parent.
    ChildOf(u32),
    /// The same person once more, unnoticed.
    DuplicateOf(u32),
    /// The same person once more, noticed: replaced by the other record.
    MergedInto(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    Living,
    /// On this day; the export may say only that, or when.
    Died {
        on: Day,
        dated: bool,
    },
    /// Left the clinic on this day.
    Left(Day),
}

/// What the record says of where mail goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mail {
    Own,
    /// A parent's, who is no patient here.
    Guardians,
    /// The mailbox of the patient just before.
    Shared,
    Missing,
    /// A mistake: `rosa@`, `rosa@@example.org`.
    Malformed,
    /// `none@none.com`.
    Placeholder,
    /// Good, but written `mailto:` or in capitals.
    Untidy,
}

impl Mail {
    pub(crate) fn is_usable(self) -> bool {
        matches!(self, Mail::Own | Mail::Guardians | Mail::Shared | Mail::Untidy)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Guardian {
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    pub(crate) mother: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) town: &'static Town,
    pub(crate) number: u32,
    pub(crate) street: &'static str,
    pub(crate) apartment: Option<u32>,
    /// The last two digits after `555-01`.
    pub(crate) line: u32,
}

/// Who a patient is.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) index: u32,
    pub(crate) tie: Tie,
    pub(crate) origin: &'static Origin,
    pub(crate) female: bool,
    /// `other`, `unknown` or nothing in place of the sex that the body has.
    pub(crate) gender: Option<&'static str>,
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    pub(crate) preferred: Option<&'static str>,
    pub(crate) former_family: Option<&'static str>,
    pub(crate) born: Day,
    /// The record has only year and month of birth.
    pub(crate) birth_month_only: bool,
    pub(crate) fate: Fate,
    pub(crate) home: Home,
    pub(crate) mail: Mail,
    /// As written in the record.
    pub(crate) email: Option<String>,
    /// Marked as no longer used.
    pub(crate) old_email: Option<String>,
    pub(crate) guardian: Option<Guardian>,
    pub(crate) language: Option<&'static str>,
    pub(crate) race_told: bool,
    pub(crate) marital: Option<&'static str>,
    /// A place in [`PAYERS`](crate::tables::words::PAYERS), and the plan.
    pub(crate) payer: usize,
    pub(crate) plan: Option<&'static str>,
    /// A place in [`CLINICIANS`](crate::tables::staff::CLINICIANS).
    pub(crate) clinician: usize,
}

impl Person {
    pub(crate) fn age(&self, today: Day) -> i32 {
        today.years_since(self.born)
    }
    pub(crate) fn is_minor(&self, today: Day) -> bool {
        self.age(today) < 18
    }
    pub(crate) fn is_dead(&self) -> bool {
        matches!(self.fate, Fate::Died { .. })
    }
    pub(crate) fn is_merged(&self) -> bool {
        matches!(self.tie, Tie::MergedInto(_))
    }
    /// The last day on which anything can have happened.
    pub(crate) fn until(&self, today: Day) -> Day {
        match self.fate {
            Fate::Living => today,
            Fate::Died { on, .. } | Fate::Left(on) => on,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) ailment: &'static Ailment,
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    pub(crate) onset: Day,
    pub(crate) end: Option<Day>,
    /// Written by mistake, and marked so.
    pub(crate) in_error: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Prescription {
    pub(crate) drug: &'static Drug,
    pub(crate) since: Day,
    pub(crate) stopped: bool,
}

/// A procedure or a dose of vaccine.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    pub(crate) on: Day,
    /// For vaccines: offered and refused, so not given.
    pub(crate) refused: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    Booked,
    Fulfilled,
    Cancelled,
    NoShow,
}

#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) kind: VisitType,
    pub(crate) status: Status,
    pub(crate) start: Timestamp,
    pub(crate) clinician: usize,
    /// The emergency room, without appointment.
    pub(crate) emergency: bool,
    /// A place among the problems.
    pub(crate) reason: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Finding {
    /// A number, in tenths of the unit.
    Tenths(i32),
    /// Systolic and diastolic.
    Pressure(i32, i32),
    /// SNOMED CT code and words.
    Smoking(&'static str, &'static str),
}

/// What was measured: LOINC code, words, UCUM unit, category.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) category: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) measure: &'static Measure,
    pub(crate) at: Timestamp,
    pub(crate) finding: Finding,
}

#[derive(Clone, Debug)]
pub(crate) struct Allergy {
    pub(crate) row: &'static (u32, &'static str, bool, &'static str, &'static str),
    pub(crate) since: Day,
}

#[derive(Clone, Debug)]
pub(crate) struct FollowedPlan {
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    pub(crate) since: Day,
    pub(crate) over: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct OnlineEvent {
    pub(crate) kind: &'static str,
    pub(crate) at: Timestamp,
    /// An interest or a path.
    pub(crate) page: &'static str,
    /// Year and month of the newsletter.
    pub(crate) issue: (i16, i8),
}

#[derive(Clone, Debug)]
pub(crate) struct ConsentAct {
    pub(crate) topic: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) granted: bool,
    pub(crate) at: Timestamp,
    pub(crate) text_version: &'static str,
    pub(crate) method: &'static str,
}

/// Everything about one patient.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    pub(crate) person: Person,
    pub(crate) problems: Vec<Problem>,
    pub(crate) drugs: Vec<Prescription>,
    pub(crate) visits: Vec<Visit>,
    pub(crate) readings: Vec<Reading>,
    pub(crate) procedures: Vec<Done>,
    pub(crate) vaccines: Vec<Done>,
    pub(crate) allergies: Vec<Allergy>,
    pub(crate) plans: Vec<FollowedPlan>,
    pub(crate) consents: Vec<ConsentAct>,
    pub(crate) online: Vec<OnlineEvent>,
    /// `interests`, `values`, `lifestyle`.
    pub(crate) words: [Vec<&'static str>; 3],
}

impl Chart {
    /// The latest act on a topic by email.
    pub(crate) fn consent(&self, topic: &str) -> Option<&ConsentAct> {
        let acts = self.consents.iter().filter(|act| act.topic == topic && act.channel == "email");
        acts.max_by_key(|act| act.at)
    }
}
