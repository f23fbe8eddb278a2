//! Random patients: values missing and of the wrong type, partial dates, restricted facts, and times on the edges of
//! windows. Everything is drawn from small pools, so that random segments find something.

use crate::moments::{Clock, Moment, birth, clock, moment};
use discreet_domain::{
    Channel, Code, CodeFact, CodeKind, CodeStatus, ConsentState, EventFact, FactId, PatientFacts, PatientId,
    System, Timestamp, Topic, Value,
};
use proptest::collection::{btree_map, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A clock and some patients.
#[derive(Clone, Debug)]
pub struct World {
    /// Now, and where.
    pub clock: Clock,
    /// The patients; their ids differ.
    pub patients: Vec<PatientFacts>,
}

/// A world of at least one and at most so many patients.
pub fn world(most: usize) -> impl Strategy<Value = World> {
    (clock(), vec(draft(), 1..=most)).prop_map(|(clock, drafts)| {
        let patients = drafts.iter().zip(1..).map(|(draft, number)| draft.at(&clock, number)).collect();
        World { clock, patients }
    })
}

/// One patient's facts at a clock, with the id of a number.
pub fn patient(clock: Clock, number: u64) -> impl Strategy<Value = PatientFacts> {
    draft().prop_map(move |draft| draft.at(&clock, number))
}

/// A patient whose times are not resolved yet.
#[derive(Clone, Debug)]
struct Draft {
    attributes: BTreeMap<&'static str, Drawn>,
    codes: Vec<DraftCode>,
    events: Vec<DraftEvent>,
    consents: BTreeMap<(&'static str, usize), bool>,
}

/// A value, or a time that is one.
#[derive(Clone, Debug)]
enum Drawn {
    Value(Value),
    Time(Moment),
}

#[derive(Clone, Debug)]
struct DraftCode {
    kind: CodeKind,
    codes: Vec<Code>,
    onset: Option<Moment>,
    end: Option<Moment>,
    status: CodeStatus,
    restricted: bool,
}

#[derive(Clone, Debug)]
struct DraftEvent {
    kind: &'static str,
    at: Moment,
    fields: BTreeMap<&'static str, Drawn>,
    restricted: bool,
}

/// Codes that facts have. Some lie under stems that segments ask for, some just beside them.
const CODES: [(System, &str); 10] = [
    (System::Icd10, "E11.9"),
    (System::Icd10, "E11.65"),
    (System::Icd10, "E10.1"),
    (System::Icd10, "E12"),
    (System::Icd10, "B20"),
    (System::Loinc, "4548-4"),
    (System::Loinc, "2345-7"),
    (System::Cpt, "77067"),
    (System::Snomed, "44054006"),
    (System::Local, "x"),
];

const TOPICS: [&str; 2] = ["marketing", "newsletter"];

fn draft() -> impl Strategy<Value = Draft> {
    let consents = btree_map((select(TOPICS.to_vec()), 0..2_usize), any::<bool>(), 0..3);
    (attributes(), vec(code(), 0..6), events(), consents)
        .prop_map(|(attributes, codes, events, consents)| Draft { attributes, codes, events, consents })
}

/// A field or attribute, and its values.
type Named = (&'static str, BoxedStrategy<Drawn>);

fn text(words: &[&'static str]) -> BoxedStrategy<Drawn> {
    let right = select(words.to_vec()).prop_map(|word| Drawn::Value(Value::Text(word.to_owned())));
    with_wrong_type(right)
}

/// A few values are of a type that the catalog does not state.
fn with_wrong_type(right: impl Strategy<Value = Drawn> + 'static) -> BoxedStrategy<Drawn> {
    let wrong = select(vec![
        Value::Number(5.0),
        Value::Number(f64::NAN),
        Value::Text(String::new()),
        Value::Bool(true),
        Value::set([]),
    ])
    .prop_map(Drawn::Value);
    prop_oneof![30 => right, 1 => wrong].boxed()
}

fn words() -> BoxedStrategy<Drawn> {
    let words = subsequence(vec!["nutrition", "Walking", "yoga", "ÉCOLE"], 0..=4);
    with_wrong_type(words.prop_map(|words| Drawn::Value(Value::set(words.into_iter().map(str::to_owned)))))
}

fn number() -> BoxedStrategy<Drawn> {
    let numbers = select(vec![-1.0, -0.0, 0.0, 6.5, 7.0, 8.999, 9.0, 9.001, 120.0]);
    with_wrong_type(numbers.prop_map(|number| Drawn::Value(Value::Number(number))))
}

fn yes_or_no() -> BoxedStrategy<Drawn> {
    with_wrong_type(any::<bool>().prop_map(|yes| Drawn::Value(Value::Bool(yes))))
}

fn a_code() -> impl Strategy<Value = Code> {
    select(CODES.to_vec()).prop_map(|(system, value)| Code::new(system, value))
}

/// Each attribute that segments ask about, missing every fourth time.
fn attributes() -> impl Strategy<Value = BTreeMap<&'static str, Drawn>> {
    let pools: Vec<Named> = vec![
        ("birth_date", with_wrong_type(birth().prop_map(Drawn::Time))),
        // Never looked at: age derives from the birth date.
        ("age", Just(Drawn::Value(Value::Number(50.0))).boxed()),
        ("sex", text(&["female", "Female", "male", "other"])),
        ("language", text(&["en", "es"])),
        ("city", text(&["San Francisco", "Santa Cruz", "ZÜRICH", ""])),
        ("state", text(&["CA", "or", "NY"])),
        ("zip", text(&["94110", "94103-1234", "95814", "10001"])),
        ("plan", text(&["Blue Cross", "BLUE SHIELD", "Aetna"])),
        ("has_email", yes_or_no()),
        ("interests", words()),
        ("lifestyle", words()),
    ];
    let each: Vec<_> = pools.into_iter().map(|(name, value)| (Just(name), weighted(0.75, value))).collect();
    each.prop_map(|drawn| {
        drawn.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
    })
}

fn code() -> impl Strategy<Value = DraftCode> {
    let status = prop_oneof![3 => Just(CodeStatus::Active), 1 => Just(CodeStatus::Past)];
    let kind = prop_oneof![4 => Just(CodeKind::Condition), 1 => Just(CodeKind::Procedure), 1 => Just(CodeKind::Medication)];
    let onset = weighted(0.8, moment());
    (kind, vec(a_code(), 1..3), onset, weighted(0.2, moment()), status, restricted()).prop_map(
        |(kind, codes, onset, end, status, restricted)| DraftCode {
            kind,
            codes,
            onset,
            end,
            status,
            restricted,
        },
    )
}

fn restricted() -> impl Strategy<Value = bool> {
    prop_oneof![6 => Just(false), 1 => Just(true)]
}

/// Events of one patient: most of one kind, so that there is a latest among several.
fn events() -> impl Strategy<Value = Vec<DraftEvent>> {
    let kinds = event_kinds();
    (0..kinds.len()).prop_flat_map(move |favourite| {
        let any = proptest::strategy::Union::new(kinds.clone());
        vec(prop_oneof![3 => kinds[favourite].clone(), 2 => any], 0..7)
    })
}

fn event_kinds() -> Vec<BoxedStrategy<DraftEvent>> {
    let status = || text(&["booked", "Fulfilled", "no_show"]);
    let coded = || with_wrong_type(a_code().prop_map(|code| Drawn::Value(Value::Code(code))));
    let time = || with_wrong_type(moment().prop_map(Drawn::Time));
    let kinds: Vec<(&'static str, Vec<Named>)> = vec![
        ("appointment", vec![("end", time()), ("status", status()), ("type", text(&["follow up", "new"]))]),
        (
            "encounter",
            vec![("class", text(&["virtual", "inpatient"])), ("code", coded()), ("status", status())],
        ),
        ("observation", vec![("code", coded()), ("unit", text(&["%", "mg"])), ("value", number())]),
        ("observation", vec![("code", coded()), ("value", number())]),
        ("page_view", vec![("page", text(&["/diabetes", "/flu"]))]),
        ("portal_login", vec![]),
        ("email_open", vec![("campaign", text(&["spring", "fall"]))]),
        ("email_click", vec![("campaign", text(&["spring", "fall"]))]),
    ];
    kinds.into_iter().map(|(kind, fields)| event(kind, fields)).collect()
}

fn event(kind: &'static str, fields: Vec<Named>) -> BoxedStrategy<DraftEvent> {
    let fields: Vec<_> = fields.into_iter().map(|(name, value)| (Just(name), weighted(0.9, value))).collect();
    (fields, moment(), restricted())
        .prop_map(move |(fields, at, restricted)| {
            let fields =
                fields.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect();
            DraftEvent { kind, at, fields, restricted }
        })
        .boxed()
}

impl Draft {
    fn at(&self, clock: &Clock, number: u64) -> PatientFacts {
        let mut ids = (1..).map(FactId);
        let mut id = || ids.next().unwrap_or_default();
        let time = |moment: &Option<Moment>| moment.as_ref().map(|moment| moment.at(clock));
        let attributes =
            self.attributes.iter().map(|(name, value)| ((*name).to_owned(), value.at(clock))).collect();
        let codes = self.codes.iter().map(|code| CodeFact {
            id: id(),
            kind: code.kind,
            codes: code.codes.clone(),
            onset: time(&code.onset),
            end: time(&code.end),
            status: code.status,
            restricted: code.restricted,
        });
        let codes = codes.collect();
        let events = self.events.iter().map(|event| EventFact {
            id: id(),
            kind: event.kind.to_owned(),
            at: event.at.at(clock),
            // A map by name, so they are sorted.
            fields: event.fields.iter().map(|(name, value)| ((*name).to_owned(), value.at(clock))).collect(),
            restricted: event.restricted,
        });
        let mut events: Vec<EventFact> = events.collect();
        events.sort_by_key(|event| event.at.span(&clock.zone));
        let consents = self.consents.iter().map(|((topic, channel), granted)| ConsentState {
            topic: Topic::parse(topic).expect("a fixed topic reads"),
            channel: Channel::ALL[*channel],
            granted: *granted,
            at: Timestamp::default(),
        });
        PatientFacts {
            patient: PatientId::from_uuid(Uuid::from_u128(u128::from(number))),
            version: 1,
            attributes,
            codes,
            events,
            consents: consents.collect(),
        }
    }
}

impl Drawn {
    fn at(&self, clock: &Clock) -> Value {
        match self {
            Drawn::Value(value) => value.clone(),
            Drawn::Time(moment) => Value::When(moment.at(clock)),
        }
    }
}
