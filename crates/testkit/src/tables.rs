//! Patients' facts in the plain tables of [`SCHEMA`], in a SQLite in memory: what lowered segments are asked of.

use discreet_domain::{CodeFact, EventFact, PatientFacts, PatientId, Value, When, Zone};
use discreet_segment::sql::{Lowered, SCHEMA, Split};
use discreet_segment::{bucket_of, fold};
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};

/// How many statements are kept prepared: each segment of a world, and those that fill.
const STATEMENTS: usize = 200;

/// The tables' names, in the order of [`SCHEMA`].
pub const TABLES: [&str; 9] = [
    "patients",
    "attributes",
    "attribute_words",
    "codes",
    "events",
    "event_fields",
    "event_field_words",
    "consents",
    "buckets",
];

/// The tables, filled for a zone.
pub struct Tables {
    connection: Connection,
    zone: Zone,
    patients: BTreeSet<PatientId>,
    splits: BTreeSet<Split>,
    events: i64,
}

impl Tables {
    /// Of nobody.
    pub fn new(zone: &Zone) -> Tables {
        let connection = Connection::open_in_memory().expect("a database in memory opens");
        connection.execute_batch(SCHEMA).expect("the schema is SQL");
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let zone = zone.clone();
        Tables { connection, zone, patients: BTreeSet::new(), splits: BTreeSet::new(), events: 0 }
    }
    /// The database.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes all that is known of a patient, instead of what was there.
    pub fn put(&mut self, facts: &PatientFacts) {
        self.remove(facts.patient);
        self.patients.insert(facts.patient);
        let patient = || Cell::Text(facts.patient.to_string());
        self.insert("patients", vec![patient()]);
        for (name, value) in &facts.attributes {
            let key = vec![patient(), Cell::Text(name.clone())];
            self.value("attributes", "attribute_words", key, value);
        }
        for fact in &facts.codes {
            self.code(&patient(), fact);
        }
        for fact in &facts.events {
            self.event(&patient(), fact);
        }
        for state in &facts.consents {
            let (topic, channel) = (state.topic.as_str().to_owned(), state.channel.name().to_owned());
            let row = vec![patient(), Cell::Text(topic), Cell::Text(channel), yes_or_no(state.granted)];
            self.insert("consents", row);
        }
        for split in self.splits.clone() {
            self.bucket(facts.patient, &split);
        }
    }
    /// Forgets a patient.
    pub fn remove(&mut self, patient: PatientId) {
        if !self.patients.remove(&patient) {
            return;
        }
        let key = patient.to_string();
        for table in ["event_fields", "event_field_words"] {
            let events = "event in (select event from events where patient = ?1)";
            self.run(&format!("delete from {table} where {events}"), vec![Cell::Text(key.clone())]);
        }
        for table in ["attributes", "attribute_words", "codes", "events", "consents", "buckets", "patients"] {
            self.run(&format!("delete from {table} where patient = ?1"), vec![Cell::Text(key.clone())]);
        }
    }
    /// What a segment answers for each patient.
    pub fn answers(&mut self, lowered: &Lowered) -> BTreeMap<PatientId, Option<bool>> {
        for split in &lowered.splits {
            if self.splits.insert(split.clone()) {
                self.patients.iter().for_each(|patient| self.bucket(*patient, split));
            }
        }
        let ask = || -> rusqlite::Result<Vec<(String, Option<bool>)>> {
            let mut statement = self.connection.prepare_cached(&lowered.sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        let rows = ask().unwrap_or_else(|error| panic!("{error}\n{}", lowered.sql));
        rows.into_iter().map(|(id, truth)| (id.parse().expect("a patient's id"), truth)).collect()
    }

    fn run(&self, sql: &str, row: Vec<Cell>) {
        let mut statement = self.connection.prepare_cached(sql).expect("a fixed text is SQL");
        statement.execute(params_from_iter(row)).expect("a row fits its table");
    }
    fn insert(&self, table: &str, row: Vec<Cell>) {
        let places = vec!["?"; row.len()].join(", ");
        self.run(&format!("insert into {table} values ({places})"), row);
    }
    fn bucket(&self, patient: PatientId, split: &Split) {
        let bucket = bucket_of(patient, &split.salt, split.parts);
        let numbers = [i64::from(split.parts), i64::from(bucket)].map(Cell::Integer);
        let mut row = vec![Cell::Text(patient.to_string()), Cell::Text(split.salt.clone())];
        row.extend(numbers);
        self.insert("buckets", row);
    }

    fn value(&self, table: &str, words: &str, key: Vec<Cell>, value: &Value) {
        if matches!(value, Value::Number(number) if number.is_nan()) {
            return;
        }
        let mut columns = Columns::default();
        let kind = match value {
            Value::Text(text) => {
                columns.text = Cell::Text(fold(text));
                "text"
            }
            Value::Number(number) => {
                columns.number = Cell::Real(*number);
                "number"
            }
            Value::Bool(yes) => {
                columns.yes = yes_or_no(*yes);
                "bool"
            }
            Value::When(when) => {
                columns.times = self.times(Some(*when));
                columns.days = self.days_of_year(*when);
                "when"
            }
            Value::Code(code) => {
                columns.code = [code.system.name(), &code.value].map(|text| Cell::Text(text.to_owned()));
                "code"
            }
            Value::Set(set) => {
                let folded: BTreeSet<String> = set.iter().map(|word| fold(word)).collect();
                for word in folded {
                    self.insert(words, [key.clone(), vec![Cell::Text(word)]].concat());
                }
                "set"
            }
        };
        let days = if table == "attributes" { columns.days.to_vec() } else { Vec::new() };
        let value = vec![Cell::Text(kind.to_owned()), columns.text, columns.number, columns.yes];
        self.insert(table, [key, value, columns.times.to_vec(), days, columns.code.to_vec()].concat());
    }
    fn code(&self, patient: &Cell, fact: &CodeFact) {
        let active = fact.status == discreet_domain::CodeStatus::Active;
        let ended = fact.end.map(|end| end.span(&self.zone).1.micros());
        for code in &fact.codes {
            let texts = [fact.kind.name(), code.system.name(), &code.value];
            let mut row = vec![patient.clone()];
            row.extend(texts.map(|text| Cell::Text(text.to_owned())));
            row.extend([yes_or_no(active), number(ended)]);
            row.extend(self.times(fact.onset));
            row.push(yes_or_no(fact.restricted));
            self.insert("codes", row);
        }
    }
    fn event(&mut self, patient: &Cell, fact: &EventFact) {
        self.events += 1;
        let event = Cell::Integer(self.events);
        let mut row = vec![event.clone(), patient.clone(), Cell::Text(fact.kind.clone())];
        row.extend(self.times(Some(fact.at)));
        let (start, end) = fact.at.span(&self.zone);
        row.extend([start, end].map(|t| Cell::Integer(t.micros())));
        row.push(yes_or_no(fact.restricted));
        self.insert("events", row);
        for (name, value) in &fact.fields {
            let key = vec![event.clone(), Cell::Text(name.clone())];
            self.value("event_fields", "event_field_words", key, value);
        }
    }

    /// `instant`, `first_day`, `last_day`
    fn times(&self, when: Option<When>) -> [Cell; 3] {
        let instant = match when {
            Some(When::At(t)) => Some(t.micros()),
            _ => None,
        };
        let days = when.map(|when| when.days(&self.zone));
        let day = |day: Option<discreet_domain::Day>| number(day.map(|day| i64::from(day.number())));
        [number(instant), day(days.map(|days| days.0)), day(days.map(|days| days.1))]
    }
    /// `year`, `first_month_day`, `last_month_day`
    fn days_of_year(&self, when: When) -> [Cell; 3] {
        let (first, last) = when.days(&self.zone);
        let month_day =
            |(_, month, day): (i16, i8, i8)| Cell::Integer(i64::from(month) * 100 + i64::from(day));
        [Cell::Integer(i64::from(first.ymd().0)), month_day(first.ymd()), month_day(last.ymd())]
    }
}

/// What a value is, in columns.
struct Columns {
    text: Cell,
    number: Cell,
    yes: Cell,
    times: [Cell; 3],
    days: [Cell; 3],
    code: [Cell; 2],
}

impl Default for Columns {
    fn default() -> Columns {
        let null = || Cell::Null;
        Columns {
            text: null(),
            number: null(),
            yes: null(),
            times: [null(), null(), null()],
            days: [null(), null(), null()],
            code: [null(), null()],
        }
    }
}

fn yes_or_no(yes: bool) -> Cell {
    Cell::Integer(i64::from(yes))
}

fn number(number: Option<i64>) -> Cell {
    number.map_or(Cell::Null, Cell::Integer)
}
