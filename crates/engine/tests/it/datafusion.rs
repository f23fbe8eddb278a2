//! The same SQL on Apache DataFusion, where there is one: `DISCREET_TEST_DATAFUSION` names a Python that has the package
//! `datafusion`. How many random segments it is asked, `DISCREET_TEST_CASES` says.

use crate::lowered::{NOW, deep, hostile_patients, hostile_segments};
use crate::setup::{at, checked, new_york};
use discreet_domain::{PatientFacts, Timestamp, Zone};
use discreet_segment::Checked;
use discreet_segment::sql::{LowerError, lower};
use discreet_testkit::segments::{leaf, segment};
use discreet_testkit::tables::{TABLES, Tables};
use discreet_testkit::worlds::world;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

const CASES: usize = 400;
/// How many segments each world is asked.
const SEGMENTS: usize = 20;
const PATIENTS: usize = 6;

/// A world to be asked, and what SQLite answered to each segment.
struct Asked {
    document: Value,
    segments: Vec<String>,
    answers: Vec<BTreeMap<String, Option<bool>>>,
}

fn ask_sqlite(patients: &[PatientFacts], segments: &[Checked], now: Timestamp, zone: &Zone) -> Asked {
    let mut tables = Tables::new(zone);
    patients.iter().for_each(|facts| tables.put(facts));
    // Sequences have no SQL yet.
    let in_sql = |segment: &&Checked| !matches!(lower(segment, now, zone), Err(LowerError::Sequence));
    let segments: Vec<&Checked> = segments.iter().filter(in_sql).collect();
    let lowered: Vec<_> = segments.iter().map(|segment| lower(segment, now, zone).unwrap()).collect();
    let answers = lowered.iter().map(|lowered| {
        let answers = tables.answers(lowered).into_iter();
        answers.map(|(patient, truth)| (patient.to_string(), truth)).collect()
    });
    let answers = answers.collect();
    // Only now: answering filled in the buckets.
    let columns = TABLES.map(|table| (table.to_owned(), columns(&tables, table)));
    let queries: Vec<&str> = lowered.iter().map(|lowered| lowered.sql.as_str()).collect();
    let document = json!({ "tables": Map::from_iter(columns), "queries": queries });
    let segments = segments.iter().map(|segment| segment.expr().to_string()).collect();
    Asked { document, segments, answers }
}

/// A table's columns: name, type and values.
fn columns(tables: &Tables, table: &str) -> Value {
    let connection = tables.connection();
    let mut described =
        connection.prepare(&format!("select name, type from pragma_table_info('{table}')")).unwrap();
    let named =
        described.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    let columns = named.map(Result::unwrap).map(|(name, kind)| {
        let mut statement =
            connection.prepare(&format!("select {name} from {table} order by rowid")).unwrap();
        let values = statement.query_map([], |row| {
            Ok(match row.get::<_, rusqlite::types::Value>(0)? {
                rusqlite::types::Value::Integer(number) => json!(number),
                rusqlite::types::Value::Real(number) => json!(number),
                rusqlite::types::Value::Text(text) => json!(text),
                _ => Value::Null,
            })
        });
        let values: Vec<Value> = values.unwrap().map(Result::unwrap).collect();
        let first = kind.split(' ').next().unwrap().to_lowercase();
        json!({ "name": name, "type": first, "values": values })
    });
    Value::Array(columns.collect())
}

#[test]
fn datafusion_answers_as_sqlite_does() {
    let Some(python) = std::env::var_os("DISCREET_TEST_DATAFUSION") else {
        println!("skipped: DISCREET_TEST_DATAFUSION names no Python with the package `datafusion`");
        return;
    };
    let cases = std::env::var("DISCREET_TEST_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    let mut runner = TestRunner::default();
    let sample = prop_oneof![leaf(), segment()];
    let everything = (world(PATIENTS), prop::collection::vec(sample, SEGMENTS));
    let mut asked: Vec<Asked> = (0..cases.div_ceil(SEGMENTS))
        .map(|_| {
            let (world, samples) = everything.new_tree(&mut runner).unwrap().current();
            let segments: Vec<Checked> = samples.into_iter().map(|sample| sample.checked).collect();
            ask_sqlite(&world.patients, &segments, world.clock.now, &world.clock.zone)
        })
        .collect();
    let hostile = hostile_segments().flat_map(|(exact, others)| exact.into_iter().chain(others));
    let hostile: Vec<Checked> = hostile.chain([deep()]).map(|text| checked(&text)).collect();
    asked.push(ask_sqlite(&hostile_patients(), &hostile, at(NOW), &new_york()));

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ask_datafusion.py");
    let mut child =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let documents: Vec<&Value> = asked.iter().map(|asked| &asked.document).collect();
    child.stdin.take().unwrap().write_all(json!(documents).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed");

    let printed = String::from_utf8(output.stdout).unwrap();
    let mut lines = printed.lines();
    for asked in &asked {
        for (segment, answers) in asked.segments.iter().zip(&asked.answers) {
            let line = lines.next().unwrap();
            let theirs: BTreeMap<String, Option<bool>> = serde_json::from_str(line).unwrap();
            assert_eq!(theirs, *answers, "DataFusion, SQLite: {segment}");
        }
    }
    assert_eq!(lines.next(), None);
    println!("{} segments", asked.iter().map(|asked| asked.segments.len()).sum::<usize>());
}
