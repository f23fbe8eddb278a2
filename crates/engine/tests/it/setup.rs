//! What every test needs: a scope to check segments in, receipts, small makers of facts.

use discreet_audit::{Access, Entry, Ledger, Parts, Reason, Receipt, Settling, Whom, record};
use discreet_domain::catalog::{Attribute, EventKind, Field, Kind};
use discreet_domain::{
    Actor, Basis, Catalog, Code, CodeFact, CodeKind, CodeStatus, EventFact, FactId, Label, Part,
    PatientFacts, PatientId, SegmentId, System, Timestamp, Value, When, Zone,
};
use discreet_engine::{Index, Selection};
use discreet_segment::checked::ZipArea;
use discreet_segment::{Checked, CodePattern, Fingerprint, SavedSegment, Scope, ValueSet, ZipLookup, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

/// The builtin catalog with an attribute and a field of every type that it lacks.
pub struct TestScope {
    catalog: Catalog,
    segments: BTreeMap<&'static str, SavedSegment>,
}

pub static SCOPE: LazyLock<TestScope> = LazyLock::new(|| {
    let mut catalog = Catalog::builtin();
    for (name, kind) in
        [("score", Kind::Number), ("blood", Kind::Code), ("last_seen", Kind::Date), ("flag", Kind::Bool)]
    {
        catalog.attributes.push(Attribute {
            name: name.to_owned(),
            title: name.to_owned(),
            kind,
            label: Label::L1,
            basis: Basis::Demographic,
            values: Vec::new(),
        });
    }
    let field = |(name, kind): (&str, Kind)| Field { name: name.to_owned(), kind, values: Vec::new() };
    catalog.events.push(EventKind {
        name: "thing".to_owned(),
        title: "Thing".to_owned(),
        label: Label::L1,
        basis: Basis::Behavioral,
        fields: [
            ("flag", Kind::Bool),
            ("tags", Kind::Set),
            ("zip", Kind::Zip),
            ("end", Kind::Date),
            ("word", Kind::Text),
            ("amount", Kind::Number),
            ("sign", Kind::Code),
        ]
        .map(field)
        .to_vec(),
    });
    let saved = [
        ("women", "sex = female"),
        ("quiet", "no thing in last 2 days or withdrew consent marketing by email"),
        ("nested", "in segment \"women\" and not in segment \"quiet\""),
    ];
    let segments = saved.into_iter().enumerate().map(|(at, (name, text))| {
        let id = SegmentId::from_u128(at as u128 + 1);
        (name, SavedSegment { id, version: 1, parsed: Arc::new(parse(text).unwrap()) })
    });
    TestScope { catalog, segments: segments.collect() }
});

impl Scope for TestScope {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }
    fn value_set(&self, name: &str) -> Option<ValueSet> {
        let codes =
            vec![CodePattern::under(System::Icd10, "E11"), CodePattern::exact(System::Snomed, "44054006")];
        (name == "diabetes").then_some(ValueSet { label: Label::L2, hash: Fingerprint([7; 32]), codes })
    }
    fn segment(&self, name: &str) -> Option<SavedSegment> {
        self.segments.get(name).cloned()
    }
    fn zip_area(&self, _: &str, _: f64) -> ZipLookup {
        let zips = |zips: &[&str]| zips.iter().map(|zip| (*zip).to_owned()).collect::<BTreeSet<_>>();
        let known = Arc::new(zips(&["94110", "94103", "95814"]));
        let area = Arc::new(ZipArea { inside: zips(&["94110", "94103"]), known });
        ZipLookup::Area { area, hash: Fingerprint([9; 32]) }
    }
}

pub fn checked(text: &str) -> Checked {
    let parsed = parse(text).unwrap_or_else(|error| panic!("{}", error.render(text)));
    parsed.check(&*SCOPE).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

pub fn new_york() -> Zone {
    Zone::named("America/New_York").unwrap()
}
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}
pub fn when(text: &str) -> When {
    text.parse().unwrap()
}
pub fn patient(number: u128) -> PatientId {
    PatientId::from_u128(number)
}

/// A patient of whom nothing is known.
pub fn nothing(number: u128, version: u64) -> PatientFacts {
    PatientFacts {
        patient: patient(number),
        version,
        attributes: BTreeMap::new(),
        codes: Vec::new(),
        events: Vec::new(),
        consents: Vec::new(),
    }
}
pub fn with_attribute(number: u128, name: &str, value: Value) -> PatientFacts {
    let mut facts = nothing(number, 1);
    facts.attributes.insert(name.to_owned(), value);
    facts
}
pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
pub fn code_fact(kind: CodeKind, code: &str) -> CodeFact {
    let (system, value) = code.split_once(':').unwrap();
    CodeFact {
        id: FactId(0),
        kind,
        codes: vec![Code::new(System::parse(system), value)],
        onset: None,
        end: None,
        status: CodeStatus::Active,
        restricted: false,
    }
}
pub fn event(kind: &str, at: &str, fields: &[(&str, Value)]) -> EventFact {
    let mut fields: Vec<(String, Value)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    EventFact { id: FactId(0), kind: kind.to_owned(), at: when(at), fields, restricted: false }
}

pub fn index_of(zone: &Zone, patients: impl IntoIterator<Item = PatientFacts>) -> Index {
    let mut builder = Index::builder(zone.clone());
    patients.into_iter().for_each(|facts| builder.push(facts));
    builder.finish(1)
}

struct Nowhere;
impl Ledger for Nowhere {
    type Error = Infallible;
    async fn append(&mut self, _: &[Entry]) -> Result<(), Infallible> {
        Ok(())
    }
    async fn commit(self, _: Settling) -> Result<(), Infallible> {
        Ok(())
    }
}

pub fn receipt(whom: Whom, parts: &[Part], until: i64) -> Receipt {
    let access = Access {
        actor: Actor::Console,
        whom,
        parts: Parts::of(parts),
        reason: Reason::PatientRequest,
        until: Timestamp::from_micros(until),
    };
    let mut recorded = std::pin::pin!(record(Nowhere, access, None, Timestamp::from_micros(0)));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match recorded.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Ok(receipt)) => receipt,
        _ => panic!("nothing to wait for"),
    }
}

/// Good for everything and for good.
pub fn any_receipt() -> Receipt {
    receipt(Whom::All, &[Part::Facts, Part::Events], i64::MAX)
}

pub fn ids(selection: &Selection<'_>) -> BTreeSet<PatientId> {
    selection.ids(&any_receipt(), Timestamp::from_micros(0)).unwrap().into_iter().collect()
}
