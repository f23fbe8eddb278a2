//! How large and how fast: a million patients of the bench population, in memory, in the time that the one thread really
//! had a core.
//!
//! ```text
//! cargo bench -p discreet-engine [-- 100000]
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that fails may panic, and one that does not says what it measured"
)]

use discreet_domain::{
    Channel, Code, CodeFact, CodeKind, CodeStatus, ConsentState, Day, EventFact, FactId, PatientFacts,
    PatientId, System, Timestamp, Topic, Value, When, Zone,
};
use discreet_engine::{Change, Index};
use discreet_testkit::segments::Sample;
use std::collections::BTreeMap;

const NOW: &str = "2026-06-15T12:00:00Z";
/// Without `--bench`, which cargo gives, this is a test run.
const IN_TESTS: u128 = 1_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = words.iter().find_map(|word| word.parse().ok());
    let bench = words.iter().any(|word| word == "--bench");
    scale(number.unwrap_or(if bench { 1_000_000 } else { IN_TESTS }));
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}
fn new_york() -> Zone {
    Zone::named("America/New_York").unwrap()
}
const DAY: i64 = 86_400_000_000;

/// SplitMix64: the same world each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    fn real(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    /// Small numbers more often than great ones.
    fn skewed(&mut self, n: u64) -> u64 {
        ((n as f64) * self.real().powi(3)) as u64
    }
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
    /// So many on average; a few people have very many.
    fn many(&mut self, average: f64) -> usize {
        let skew = 0.4 / (0.02 + self.real());
        (average * skew.min(20.0) * 0.66 + self.real()) as usize
    }
}

fn word(word: impl Into<String>) -> Value {
    Value::Text(word.into())
}

fn attributes(c: &mut Chance, facts: &mut PatientFacts, today: Day) {
    let mut set = |name: &str, value: Value| {
        facts.attributes.insert(name.to_owned(), value);
    };
    set("birth_date", Value::When(When::Day(today.plus_days(-(c.below(36_000) as i32)))));
    set("sex", word(c.one(&["female", "male"])));
    set("state", word(c.one(&["CA", "NY", "TX", "FL", "WA", "OR", "IL", "OH", "PA", "GA", "MI", "NC"])));
    set("zip", word(format!("{:05}", 10_000 + c.skewed(30_000))));
    set("city", word(format!("City {}", c.skewed(5_000))));
    set("language", word(c.one(&["en", "en", "en", "en", "es", "es", "zh", "vi"])));
    set("payer", word(c.one(&["commercial", "commercial", "medicare", "medicaid", "self_pay", "other"])));
    set("has_email", Value::Bool(c.below(10) < 8));
    set("email_domain", word(c.one(&["gmail.com", "yahoo.com", "outlook.com", "example.org"])));
    let interests = (0..c.many(2.4).min(12)).map(|_| format!("interest{}", c.below(40)));
    set("interests", Value::set(interests));
}

fn codes(c: &mut Chance, facts: &mut PatientFacts, today: Day) {
    let kinds =
        [(CodeKind::Condition, System::Icd10, 3.0, 300), (CodeKind::Medication, System::RxNorm, 2.0, 200)];
    for (kind, system, average, different) in kinds {
        for _ in 0..c.many(average) {
            let number = c.skewed(different);
            let value = match kind {
                CodeKind::Condition => format!("E{}.{}", 10 + number / 6, number % 6),
                _ => format!("{}", 1000 + number),
            };
            let past = c.below(3) == 0 && kind == CodeKind::Medication;
            facts.codes.push(CodeFact {
                id: FactId(0),
                kind,
                codes: vec![Code::new(system.clone(), &value)],
                onset: Some(When::Day(today.plus_days(-(c.below(3_000) as i32)))),
                end: past.then(|| When::Day(today.plus_days(-(c.below(300) as i32)))),
                status: if past { CodeStatus::Past } else { CodeStatus::Active },
                restricted: c.below(2_000) == 0,
            });
        }
    }
}

fn events(c: &mut Chance, facts: &mut PatientFacts, now: Timestamp) {
    let at = |t: i64| When::At(Timestamp::from_micros(t / 60_000_000 * 60_000_000));
    for _ in 0..c.many(6.0) {
        let coming = c.below(10) == 0;
        let days = if coming { c.below(90) as i64 } else { -(c.below(1_095) as i64) };
        let t = now.micros() + days * DAY + c.below(DAY as u64) as i64;
        let status = if coming {
            "booked"
        } else {
            c.one(&["fulfilled", "fulfilled", "fulfilled", "no_show", "cancelled"])
        };
        let fields = vec![
            ("end".to_owned(), Value::When(at(t + 1_800_000_000))),
            ("provider".to_owned(), word(format!("Dr {}", c.skewed(200)))),
            ("status".to_owned(), word(status)),
            ("type".to_owned(), word(format!("type{}", c.below(12)))),
        ];
        facts.events.push(EventFact {
            id: FactId(0),
            kind: "appointment".to_owned(),
            at: at(t),
            fields,
            restricted: false,
        });
    }
    for _ in 0..c.many(15.0) {
        let t = now.micros() - c.below(730 * DAY as u64) as i64;
        let (kind, field) = match c.below(100) {
            0..48 => ("email_open", Some("campaign")),
            48..76 => ("page_view", Some("page")),
            76..91 => ("portal_login", None),
            _ => ("email_click", Some("campaign")),
        };
        let fields = field.map(|field| (field.to_owned(), word(format!("v{}", c.below(100)))));
        facts.events.push(EventFact {
            id: FactId(0),
            kind: kind.to_owned(),
            at: When::At(Timestamp::from_micros(t)),
            fields: fields.into_iter().collect(),
            restricted: c.below(20_000) == 0,
        });
    }
}

fn consents(c: &mut Chance, facts: &mut PatientFacts) {
    for (topic, channel) in [
        ("marketing", Channel::Email),
        ("care", Channel::Email),
        ("newsletter", Channel::Email),
        ("reminders", Channel::Email),
        ("marketing", Channel::Sms),
    ] {
        if c.below(100) < 58 {
            facts.consents.push(ConsentState {
                topic: Topic::parse(topic).unwrap(),
                channel,
                granted: c.below(100) < 85,
                at: Timestamp::from_micros(0),
            });
        }
    }
}

fn facts(c: &mut Chance, number: u128) -> PatientFacts {
    let now = at(NOW);
    let today = new_york().day_of(now);
    let mut facts = PatientFacts {
        patient: PatientId::from_u128(number),
        version: 1,
        attributes: BTreeMap::new(),
        codes: Vec::new(),
        events: Vec::new(),
        consents: Vec::new(),
    };
    attributes(c, &mut facts, today);
    codes(c, &mut facts, today);
    events(c, &mut facts, now);
    consents(c, &mut facts);
    facts
}

const SEGMENTS: [&str; 20] = [
    "sex = female and age in 50..74 and state in (CA, NY, TX)",
    "language = es and payer in (medicaid, medicare) and has_email = yes and has consent marketing by email",
    "has condition (icd10:E11.0, icd10:E11.1, icd10:E11.2, icd10:E11.3, icd10:E11.4, icd10:E11.5) and age >= 18 \
     and has consent marketing by email",
    "has condition icd10:E11* and has condition icd10:E10* and not (has condition icd10:E12*) and age >= 40 \
     and has consent marketing by email",
    "interests has any (interest1) and interests has none (interest2) and (sex = female or payer = commercial) \
     and language in (en, es) and age >= 18 and has consent marketing by email",
    "has medication rxnorm:1000 and has condition icd10:E11* and state in (CA, NY, TX, FL, WA) and has consent care by email",
    "no appointment where status = fulfilled and type = type3 in last 730 days",
    "any appointment where status = booked in next 14 days",
    "at least 2 email_open in last 90 days",
    "no appointment in last 180 days and no portal_login in last 180 days and no page_view in last 180 days",
    "any appointment where status = no_show in last 90 days and no appointment where status = booked in next 90 days",
    "latest appointment where status = fulfilled in last 1 year",
    "latest appointment status = no_show",
    "first appointment in last 1 year",
    "birthday in next 7 days",
    "age >= 50",
    "has condition icd10:E11*",
    "had condition icd10:E11* in last 2 years",
    "zip starts with 941 or city contains 99",
    "bucket 0..49 of 100 by \"spring\"",
];

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// How long this thread has had a core, in milliseconds: others may be busy on the same machine.
fn spent() -> f64 {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    schedule.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

fn taken(run: impl FnOnce()) -> f64 {
    let begun = spent();
    run();
    spent() - begun
}

/// Median and least of several runs, in milliseconds.
fn timed(runs: usize, mut run: impl FnMut()) -> (f64, f64) {
    let mut times: Vec<f64> = (0..runs).map(|_| taken(&mut run)).collect();
    times.sort_by(f64::total_cmp);
    (times[runs / 2], times[0])
}

fn scale(many: u128) {
    let mut chance = Chance(1);
    let before = resident();
    let mut builder = Index::builder(new_york());
    let mut known = 0;
    let mut pushing = 0.0;
    let mut people = Vec::new();
    for number in 1..=many {
        people.push(facts(&mut chance, number));
        if people.len() == 1_000 || number == many {
            let of = |facts: &PatientFacts| facts.codes.len() + facts.events.len() + facts.consents.len();
            known += people.iter().map(of).sum::<usize>();
            pushing += taken(|| people.drain(..).for_each(|facts| builder.push(facts)));
        }
    }
    let index = builder.finish(1);
    let per = |bytes: f64| bytes / many as f64;
    println!("{many} patients, {known} codes, events and consents, pushed in {:.1} s", pushing / 1e3);
    println!(
        "index says {:.0} MB, {:.0} bytes per patient; resident {:.0} MB",
        index.bytes() as f64 / 1e6,
        per(index.bytes() as f64),
        (resident() - before) as f64 / 1e3
    );
    let now = at(NOW);
    for segment in SEGMENTS {
        let segment = Sample::of(segment).checked;
        let mut count = 0;
        let (median, least) = timed(5, || count = index.select(&segment, now).count().exact());
        println!("{median:8.2} ms (least {least:8.2})  {count:8}  {}", segment.expr());
    }
    others(index, many, &mut chance);
}

fn others(mut index: Index, many: u128, chance: &mut Chance) {
    let now = at(NOW);
    let table = index.side_table((1..=many).map(|number| (PatientId::from_u128(number), number % 7)));
    let everyone = index.everyone(now);
    let show =
        |what: &str, (median, least): (f64, f64)| println!("{median:8.2} ms (least {least:8.2})  {what}");
    show("tally of everyone", timed(5, || _ = everyone.tally(&table, |n| n.copied())));
    show("breakdown by state", timed(5, || _ = everyone.breakdown("state")));
    show("breakdown by age", timed(3, || _ = everyone.breakdown("age")));
    show("codes", timed(3, || _ = index.codes(CodeKind::Condition)));
    let mut version = 2;
    let mut change = |count: usize| -> Vec<Change> {
        version += 1;
        let changed = (0..count).map(|_| 1 + u128::from(chance.below(many as u64)));
        let numbers: Vec<u128> = changed.collect();
        numbers
            .into_iter()
            .map(|number| Change::Facts(PatientFacts { version, ..facts(chance, number) }))
            .collect()
    };
    for (batches, size) in [(2_000, 1), (300, 500), (3, many as usize / 20)] {
        let times: Vec<f64> = (0..batches)
            .map(|_| {
                let batch = change(size);
                taken(|| index.apply(2, batch))
            })
            .collect();
        let average = times.iter().sum::<f64>() / times.len() as f64;
        let longest = times.iter().copied().fold(0.0, f64::max);
        println!("{average:8.3} ms on average, {longest:.1} at most, for changes by the {size}");
    }
    println!(
        "index says {:.0} MB after that; resident {:.0} MB",
        index.bytes() as f64 / 1e6,
        resident() as f64 / 1e3
    );
    let women = Sample::of(SEGMENTS[0]).checked;
    show("the first segment then", timed(5, || _ = index.select(&women, now)));
    assert_eq!(index.everyone(now).count().exact(), many as u64);
}
