//! What is about a person is answered against a receipt that covers it, and against no other.

use crate::setup::{checked, event, index_of, new_york, nothing, patient, receipt, text, with_attribute};
use discreet_audit::Whom;
use discreet_domain::{CampaignId, ImportId, Part, Timestamp};
use discreet_engine::{Index, Question, Refused};
use discreet_segment::english::PlainWording;

const NOW: Timestamp = Timestamp::from_micros(10);
const FACTS: &[Part] = &[Part::Facts];
const BOTH: &[Part] = &[Part::Facts, Part::Events];

fn index() -> Index {
    let women = (1..=2).map(|number| with_attribute(number, "sex", text("female")));
    let mut third = nothing(3, 1);
    third.events.push(event("page_view", "1970-01-01", &[]));
    index_of(&new_york(), women.chain([third]))
}

#[test]
fn ids_are_listed_for_everyone_a_campaign_or_one() {
    let index = index();
    let women = index.select(&checked("sex = female"), NOW);
    let listed = |whom| {
        let mut ids = women.ids(&receipt(whom, FACTS, 10), NOW)?;
        ids.sort_unstable();
        Ok(ids)
    };
    let both = vec![patient(1), patient(2)];
    assert_eq!(listed(Whom::All), Ok(both.clone()));
    assert_eq!(listed(Whom::Campaign(CampaignId::random())), Ok(both));
    assert_eq!(listed(Whom::One(patient(2))), Ok(vec![patient(2)]));
    assert_eq!(listed(Whom::One(patient(3))), Ok(vec![]));
    assert_eq!(listed(Whom::One(patient(4))), Ok(vec![]));
    assert_eq!(listed(Whom::Import(ImportId::random())), Err(Refused::NotCovered));
}

#[test]
fn ids_need_facts_and_a_receipt_that_is_still_good() {
    let index = index();
    let women = index.select(&checked("sex = female"), NOW);
    for whom in [Whom::All, Whom::One(patient(1)), Whom::Campaign(CampaignId::random())] {
        assert!(women.ids(&receipt(whom, FACTS, 10), NOW).is_ok());
        for parts in [&[][..], &[Part::Identity], &[Part::Events, Part::Evidence]] {
            assert_eq!(women.ids(&receipt(whom, parts, 10), NOW), Err(Refused::NotCovered));
        }
        assert_eq!(women.ids(&receipt(whom, FACTS, 9), NOW), Err(Refused::NotCovered));
    }
}

#[test]
fn why_needs_the_patient_the_parts_and_time() {
    let index = index();
    let asked = |whom, parts: &[Part], until, segment: &str| {
        let segment = checked(segment);
        // Asked as of long ago: the receipt must be good now all the same.
        let question = Question { segment: &segment, at: Timestamp::from_micros(-5), words: &PlainWording };
        index.why(&receipt(whom, parts, until), patient(1), &question, NOW).map(|why| why.expose().answer)
    };
    let one = Whom::One(patient(1));
    assert_eq!(asked(one, FACTS, 10, "sex = female"), Ok(Some(true)));
    assert_eq!(asked(Whom::All, FACTS, 10, "sex = male"), Ok(Some(false)));
    assert_eq!(asked(Whom::Campaign(CampaignId::random()), FACTS, 10, "city = x"), Ok(None));
    for refused in [
        asked(Whom::One(patient(2)), FACTS, 10, "sex = female"),
        asked(Whom::Import(ImportId::random()), FACTS, 10, "sex = female"),
        asked(one, &[Part::Identity, Part::Events], 10, "sex = female"),
        asked(one, FACTS, 9, "sex = female"),
        // Events are another part.
        asked(one, FACTS, 10, "sex = female or any page_view"),
        asked(one, FACTS, 10, "not (latest page_view in last 1 day)"),
        asked(one, FACTS, 10, "in segment \"nested\""),
    ] {
        assert_eq!(refused, Err(Refused::NotCovered));
    }
    assert_eq!(asked(one, BOTH, 10, "in segment \"nested\""), Ok(Some(false)));
}

#[test]
fn a_patient_who_is_not_here_is_told_from_one_not_covered() {
    let index = index();
    let segment = checked("sex = female");
    let question = Question { segment: &segment, at: NOW, words: &PlainWording };
    let asked =
        |number| index.why(&receipt(Whom::One(patient(9)), FACTS, 10), patient(number), &question, NOW);
    assert_eq!(asked(9), Err(Refused::NotHere));
    assert_eq!(asked(1), Err(Refused::NotCovered));
}

#[test]
fn nothing_prints_what_it_holds() {
    let index = index();
    let selection = index.select(&checked("sex = female"), NOW);
    let table = index.side_table([(patient(1), "Zz-Canary")]);
    let printed = format!("{index:?} {selection:?} {table:?} {:?}", Index::builder(new_york()));
    assert_eq!(printed, "Index { seq: 1, .. } Selection(_) SideTable(_) Builder(_)");
}
