//! Every operator with every type of value, and every kind of condition with every kind of fact: each pair is either
//! evaluated, as the oracle does, or refused by `check` in words. Which is which stands in the table here; nothing is left
//! to be found out by whoever runs a campaign.

use crate::equality::agree;
use crate::setup::{SCOPE, at, checked, code_fact, event, index_of, new_york, nothing, text, when};
use discreet_domain::catalog::Kind;
use discreet_domain::{
    Channel, Code, CodeKind, ConsentState, PatientFacts, PatientId, System, Timestamp, Topic, Value,
};
use discreet_engine::Index;
use discreet_segment::{Scope, parse};

const NOW: &str = "2026-03-08T12:00:00Z";

/// The operators, `{}` for a value of the type; and the types they are for.
const OPERATORS: [(&str, &[Kind]); 26] = {
    const EQUAL: &[Kind] = &[Kind::Text, Kind::Zip, Kind::Number, Kind::Bool, Kind::Date, Kind::Code];
    const LISTED: &[Kind] = &[Kind::Text, Kind::Zip, Kind::Number, Kind::Date, Kind::Code];
    const ORDERED: &[Kind] = &[Kind::Number, Kind::Date];
    const WORDS: &[Kind] = &[Kind::Text, Kind::Zip];
    const DATES: &[Kind] = &[Kind::Date];
    [
        ("= {}", EQUAL),
        ("!= {}", EQUAL),
        ("< {}", ORDERED),
        ("<= {}", ORDERED),
        ("> {}", ORDERED),
        (">= {}", ORDERED),
        ("in ({})", LISTED),
        ("in ({}, {})", LISTED),
        ("in {}..{}", ORDERED),
        ("in {}..", ORDERED),
        ("in ..{}", ORDERED),
        ("contains {}", WORDS),
        ("starts with {}", WORDS),
        ("has any ({})", &[Kind::Set]),
        ("has all ({})", &[Kind::Set]),
        ("has none ({})", &[Kind::Set]),
        ("in last 1 day", DATES),
        ("in next 1 month", DATES),
        ("more than 1 year ago", DATES),
        ("before 2026-03-08", DATES),
        ("after 2026-03-08", DATES),
        ("between 2026-01-01 and 2026-03-08", DATES),
        ("= @diabetes", &[Kind::Code]),
        ("!= @diabetes", &[Kind::Code]),
        ("in (@diabetes, local:A1)", &[Kind::Code]),
        ("within 5 miles of 94110", &[Kind::Zip]),
    ]
};

/// A value as written, an attribute and a field, by type.
const TYPES: [(Kind, &str, &str, &str); 7] = [
    (Kind::Text, "abc", "sex", "word"),
    (Kind::Zip, "94110", "zip", "zip"),
    (Kind::Number, "50", "score", "amount"),
    (Kind::Bool, "yes", "flag", "flag"),
    (Kind::Date, "2026-03-08", "last_seen", "end"),
    (Kind::Code, "local:A1", "blood", "sign"),
    (Kind::Set, "abc", "interests", "tags"),
];

/// Values of every type, each to be given to every attribute and field: most are of another type than stated.
fn values() -> Vec<Value> {
    let mut all: Vec<Value> = ["abc", "ABCD", "94110", "95814-1", "00000", ""].map(text).into();
    all.extend([50.0, 49.0, -0.0, f64::NAN, f64::INFINITY].map(Value::Number));
    all.extend([true, false].map(Value::Bool));
    all.extend(
        ["2026-03-08", "2026-03-08T12:00:00Z", "2026-03-08T04:59:59Z", "2026-03", "2026", "1976-03-08"]
            .map(|t| Value::When(when(t))),
    );
    all.extend(["A1", "B"].map(|code| Value::Code(Code::new(System::Local, code))));
    all.push(Value::Code(Code::new(System::Icd10, "E11.9")));
    all.extend([vec![], vec!["abc".to_owned()], vec!["x".to_owned(), "Abc".to_owned()]].map(Value::set));
    all
}

fn patients() -> Vec<PatientFacts> {
    let mut all = vec![nothing(0, 1)];
    let attributes = TYPES.iter().map(|(_, _, name, _)| *name).chain(["birth_date", "age"]);
    for name in attributes {
        for value in values() {
            let mut facts = nothing(0, 1);
            facts.attributes.insert(name.to_owned(), value);
            all.push(facts);
        }
    }
    for (_, _, _, field) in TYPES {
        for value in values() {
            let events = vec![event("thing", "2026-03-07", &[(field, value)])];
            all.push(PatientFacts { events, ..nothing(0, 1) });
        }
    }
    for kind in CodeKind::ALL {
        for onset in [None, Some("2026-03-08"), Some("2026"), Some("2020-01-01T00:00:00Z")] {
            let mut fact = code_fact(kind, "icd10:E11.9");
            fact.onset = onset.map(when);
            let mut ended = fact.clone();
            ended.end = Some(when("2026-03"));
            all.push(PatientFacts { codes: vec![fact], ..nothing(0, 1) });
            all.push(PatientFacts { codes: vec![ended], ..nothing(0, 1) });
        }
    }
    for kind in &Scope::catalog(&*SCOPE).events {
        let times = ["2026-03-07", "2026-03-08T11:00:00Z", "2026-03-09", "2026-03"];
        let mut events: Vec<_> = times.iter().map(|time| event(&kind.name, time, &[])).collect();
        events
            .extend(Scope::catalog(&*SCOPE).events.iter().map(|other| event(&other.name, "2026-03-08", &[])));
        events.sort_by_key(|event| event.at.span(&new_york()));
        all.push(PatientFacts { events, ..nothing(0, 1) });
    }
    for (channel, granted) in Channel::ALL.into_iter().flat_map(|c| [(c, true), (c, false)]) {
        let at = Timestamp::from_micros(0);
        let state = ConsentState { topic: Topic::marketing(), channel, granted, at };
        all.push(PatientFacts { consents: vec![state], ..nothing(0, 1) });
    }
    for (facts, number) in all.iter_mut().zip(1..) {
        facts.patient = PatientId::from_u128(number);
    }
    all
}

struct World {
    patients: Vec<PatientFacts>,
    index: Index,
    evaluated: usize,
    refused: usize,
}

impl World {
    fn evaluates(&mut self, text: &str) {
        for text in [text.to_owned(), format!("not ({text})")] {
            agree(&self.index, &self.patients, &checked(&text), at(NOW), &new_york()).unwrap();
        }
        self.evaluated += 1;
    }
    /// Refused in words: what, where, and what would do instead.
    fn is_refused(&mut self, text: &str) {
        let (message, helps) = match parse(text) {
            Err(error) => (error.message, !error.expected.is_empty() || error.help.is_some()),
            Ok(parsed) => match parsed.check(&*SCOPE) {
                Ok(_) => panic!("{text} is not refused"),
                Err(errors) => {
                    let error = errors.into_iter().next().unwrap();
                    assert!(error.span.end > error.span.start, "{text}");
                    (error.message, !error.expected.is_empty() || error.help.is_some())
                }
            },
        };
        assert!(message.len() > 10 && helps, "{text}: {message}");
        self.refused += 1;
    }
    fn either(&mut self, text: &str, fits: bool) {
        if fits { self.evaluates(text) } else { self.is_refused(text) }
    }
}

#[test]
fn every_pair_is_evaluated_or_refused() {
    let patients = patients();
    let index = index_of(&new_york(), patients.iter().cloned());
    let mut world = World { patients, index, evaluated: 0, refused: 0 };
    operators(&mut world);
    codes(&mut world);
    events(&mut world);
    for channel in Channel::ALL {
        for stance in ["has", "withdrew"] {
            world.evaluates(&format!("{stance} consent marketing by {}", channel.name()));
        }
    }
    // A loop that found nothing to do would go unnoticed.
    let (evaluated, refused) = (world.evaluated, world.refused);
    assert!(evaluated > 800 && refused > 800, "{evaluated} evaluated, {refused} refused");
}

fn operators(world: &mut World) {
    for (kind, value, attribute, field) in TYPES {
        for (operator, kinds) in OPERATORS {
            let operator = operator.replace("{}", value);
            let fits = kinds.contains(&kind);
            world.either(&format!("{attribute} {operator}"), fits);
            // Only an attribute can be near.
            let fits = fits && !operator.starts_with("within");
            for events in [
                format!("any thing where {field} {operator}"),
                format!("latest thing {field} {operator}"),
                format!("any thing where {field} {operator} then thing within 1 day"),
            ] {
                world.either(&events, fits);
            }
        }
        for test in [
            format!("missing {attribute}"),
            format!("any thing where missing {field}"),
            format!("first thing missing {field}"),
        ] {
            world.evaluates(&test);
        }
    }
    for (operator, kinds) in OPERATORS {
        world.either(&format!("age {}", operator.replace("{}", "50")), kinds.contains(&Kind::Number));
    }
    for (window, of_birthdays) in WINDOWS {
        world.either(&format!("birthday {window}"), of_birthdays);
    }
}

/// Windows; and whether they are of birthdays, which are every year and a day long.
const WINDOWS: [(&str, bool); 7] = [
    ("in last 36 hours", false),
    ("in last 1 month", true),
    ("in next 1 week", true),
    ("more than 1 year ago", false),
    ("before 2026-03-08", false),
    ("after 2026-03-08", false),
    ("between 2026-03-01 and 2026-03-08", false),
];

fn codes(world: &mut World) {
    for kind in CodeKind::ALL {
        for tense in ["has", "had"] {
            for codes in ["icd10:E11*", "icd10:E11.9", "@diabetes", "(icd10:*, local:x)"] {
                world.evaluates(&format!("{tense} {} {codes}", kind.name()));
            }
            for (window, _) in WINDOWS {
                world.evaluates(&format!("{tense} {} icd10:E11* {window}", kind.name()));
            }
        }
    }
}

fn events(world: &mut World) {
    let kinds: Vec<String> = Scope::catalog(&*SCOPE).events.iter().map(|kind| kind.name.clone()).collect();
    for kind in &kinds {
        // That none was seen of these proves nothing.
        let closed = kind != "email_open";
        let counts = [
            ("any", true),
            ("at least 2", true),
            ("no", closed),
            ("at most 1", closed),
            ("exactly 1", closed),
        ];
        for (count, fits) in counts {
            world.either(&format!("{count} {kind}"), fits);
            for (window, _) in WINDOWS {
                world.either(&format!("{count} {kind} {window}"), fits);
            }
        }
        for which in ["latest", "first"] {
            for (window, _) in WINDOWS {
                world.either(&format!("{which} {kind} {window}"), closed);
            }
        }
        for then in &kinds {
            world.evaluates(&format!("any {kind} then {then} within 1 day"));
            for (count, _) in counts.into_iter().skip(1) {
                world.is_refused(&format!("{count} {kind} then {then} within 1 day"));
            }
        }
    }
}
