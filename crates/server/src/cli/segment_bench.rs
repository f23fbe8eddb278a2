//! `discreet segment bench`: how fast segments are counted here.

use crate::clock::{now, stopwatch};
use crate::output::{Out, cell_text, put_cell, table};
use crate::wire::{Failure, Result, leave};
use clap::Args;
use discreet_access::{CountSegment, Who};
use discreet_app::App;
use discreet_domain::{Cell, Viewer};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// Which segments, and how often.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Segments as text, an empty line between one and the next. A line `# name` before one names it. `-` is standard
    /// input.
    #[arg(long)]
    file: PathBuf,
    /// How often each is counted after the first time.
    #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    repeat: u32,
}

/// A segment of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Named {
    name: String,
    text: String,
}

/// What was measured of one.
struct Measured {
    name: String,
    count: Cell,
    /// The first time.
    cold: Duration,
    /// The times after it, the shortest first.
    warm: Vec<Duration>,
}

/// The segments of a file. One without a name is called by its number.
fn segments(file: &str) -> Vec<Named> {
    let lines: Vec<&str> = file.lines().map(str::trim_end).collect();
    let blocks = lines
        .split(|line| line.trim().is_empty())
        .filter(|lines| lines.iter().any(|line| !line.trim_start().starts_with('#')));
    let named = blocks.enumerate().map(|(n, lines)| {
        let name = lines.first().and_then(|line| line.trim_start().strip_prefix('#'));
        Named {
            name: name.map_or_else(|| (n + 1).to_string(), |name| name.trim().to_owned()),
            text: lines.join("\n"),
        }
    });
    named.collect()
}

/// The middle one of times that are sorted.
fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

impl BenchArgs {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let file = match self.file.to_str() {
            Some("-") => crate::cli::text_or_stdin("-")?,
            _ => crate::config::read(&self.file)?,
        };
        let named = segments(&file);
        if named.is_empty() {
            return Err(Failure::Usage("a file with at least one segment".to_owned()));
        }
        let by = leave(app, who, CountSegment).await?;
        let viewer = by.viewer();
        let texts: Vec<String> = named.iter().map(|named| named.text.clone()).collect();
        let bench = app.bench_segments(by, &texts, now()).await?;
        let mut all = Vec::with_capacity(named.len());
        for (n, named) in named.into_iter().enumerate() {
            let once = || -> Result<(Cell, Duration)> {
                let time = stopwatch();
                let count = bench.count(n)?;
                Ok((count.unwrap_or_default(), time()))
            };
            let (count, cold) = once()?;
            let mut warm = (0..self.repeat).map(|_| Ok(once()?.1)).collect::<Result<Vec<_>>>()?;
            warm.sort_unstable();
            all.push(Measured { name: named.name, count, cold, warm });
        }
        let (patients, bytes) = (bench.patients()?, bench.bytes()?);
        out.answer(&as_json(&all, (patients, bytes), viewer), || as_text(&all, (patients, bytes), viewer));
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "bytes per patient, to one place")]
fn per_patient((patients, bytes): (usize, usize)) -> f64 {
    bytes as f64 / patients.max(1) as f64
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn as_json(all: &[Measured], size: (usize, usize), viewer: Viewer) -> Value {
    let one = |m: &Measured| {
        let mut map = Map::new();
        map.insert("name".to_owned(), json!(m.name));
        put_cell(&mut map, "count", m.count, viewer);
        map.insert("cold_us".to_owned(), json!(micros(m.cold)));
        map.insert("warm_median_us".to_owned(), json!(micros(median(&m.warm))));
        map.insert("warm_min_us".to_owned(), json!(m.warm.first().copied().map(micros)));
        Value::Object(map)
    };
    let segments: Vec<Value> = all.iter().map(one).collect();
    json!({ "patients": size.0, "bytes_per_patient": per_patient(size), "segments": segments })
}

fn as_text(all: &[Measured], size: (usize, usize), viewer: Viewer) -> String {
    let time = |time: Duration| format!("{:.3}", micros(time) / 1e3);
    let row = |m: &Measured| {
        let least = m.warm.first().copied().unwrap_or_default();
        vec![m.name.clone(), cell_text(m.count, viewer), time(m.cold), time(median(&m.warm)), time(least)]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    format!(
        "{}\n\nThe first time, then the median and the least of the times after it, in milliseconds.\n\
         {} patients; the index takes {:.0} bytes for each.",
        table(&["segment", "patients", "first ms", "median ms", "least ms"], &rows),
        size.0,
        per_patient(size)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_segments_between_empty_lines() {
        let file = "# women\nsex = female\nand age > 50\n\n\nage > 3 # grown\n\n# only a remark\n";
        let named = |name: &str, text: &str| Named { name: name.to_owned(), text: text.to_owned() };
        assert_eq!(
            segments(file),
            [named("women", "# women\nsex = female\nand age > 50"), named("2", "age > 3 # grown")]
        );
        assert!(segments("\n# nothing\n").is_empty());
    }

    #[test]
    fn the_middle_of_the_times() {
        let times = [1, 2, 9].map(Duration::from_micros);
        assert_eq!(median(&times), Duration::from_micros(2));
        assert_eq!(median(&[]), Duration::ZERO);
    }
}
