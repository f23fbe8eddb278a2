//! The only file that prints. People read lines and tables; machines read JSON, one object at the end.
#![expect(clippy::print_stderr, reason = "printing is what this file is for")]

pub use discreet_domain::grouped;
use discreet_domain::{Cell, Shown, Viewer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Map, Value, json};

/// Where output goes, and in what form.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    /// For machines.
    pub json: bool,
}

impl Out {
    /// A line for people; nothing for machines.
    pub fn say(self, line: impl AsRef<str>) {
        if !self.json {
            print(line.as_ref());
        }
    }
    /// The answer: lines for people, an object for machines.
    pub fn answer(self, value: &Value, text: impl FnOnce() -> String) {
        print(&if self.json { value.to_string() } else { text() });
    }
    /// What went wrong, on standard error.
    pub fn fail(self, error: &dyn std::fmt::Display) {
        if self.json {
            eprintln!("{}", json!({ "error": error.to_string() }));
        } else {
            let text = error.to_string();
            eprintln!("discreet: {}", text.strip_prefix("error: ").unwrap_or(&text));
        }
    }
    /// A remark beside the answer, on standard error.
    pub fn remark(self, line: impl AsRef<str>) {
        if !self.json {
            eprintln!("{}", line.as_ref());
        }
    }
    /// A progress bar on standard error; hidden for machines and where there is no terminal.
    pub fn bar(self, what: &'static str, unit: &'static str) -> ProgressBar {
        let bar = ProgressBar::no_length();
        if self.json {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = format!(
            "{{spinner}} {what:<24} {{human_pos:>10}}/{{human_len}} {unit}  {{elapsed}}  {{wide_bar}}"
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar
    }
}

/// Prints to standard output. Whoever stops reading there (`| head`) has seen enough: that is no failure.
fn print(text: &str) {
    use std::io::{ErrorKind, Write};
    if let Err(e) = writeln!(std::io::stdout(), "{text}")
        && e.kind() != ErrorKind::BrokenPipe
    {
        eprintln!("discreet: the answer could not be printed: {e}");
    }
}

/// A count in an answer: `"key": 12`, or `"key": null, "key_below": 11`; for the key `count`, `"below": 11`.
pub fn put_cell(map: &mut Map<String, Value>, key: &str, cell: Cell, viewer: Viewer) {
    match cell.shown_to(viewer) {
        Shown::Count(n) => {
            map.insert(key.to_owned(), json!(n));
        }
        Shown::Below(n) => {
            map.insert(key.to_owned(), Value::Null);
            let below = if key == "count" { "below".to_owned() } else { format!("{key}_below") };
            map.insert(below, json!(n));
        }
    }
}

/// A table for people: columns as wide as their widest cell, numbers to the right.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(head.get(column).map(|h| h.chars().count())).max().unwrap_or(0)
    };
    let numeric = |column: usize| {
        let mut cells = rows.iter().filter_map(|row| row.get(column)).filter(|c| !c.is_empty()).peekable();
        cells.peek().is_some() && cells.all(|c| c.chars().all(|c| c.is_ascii_digit() || c == '<' || c == ','))
    };
    let line = |cells: Vec<String>| {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let gap = " ".repeat(width(column).saturating_sub(cell.chars().count()));
            if numeric(column) { format!("{gap}{cell}") } else { format!("{cell}{gap}") }
        });
        padded.collect::<Vec<_>>().join("   ").trim_end().to_owned()
    };
    let mut lines = vec![line(head.iter().map(|h| (*h).to_owned()).collect())];
    lines.push(head.iter().enumerate().map(|(c, _)| "─".repeat(width(c))).collect::<Vec<_>>().join("   "));
    lines.extend(rows.iter().map(|row| line(row.clone())));
    lines.join("\n")
}

/// A count as this viewer sees it, for tables.
pub fn cell_text(cell: Cell, viewer: Viewer) -> String {
    cell.shown_to(viewer).for_people()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_align() {
        let rows = vec![vec!["a".to_owned(), "12".to_owned()], vec!["long".to_owned(), "1,234".to_owned()]];
        assert_eq!(table(&["name", "n"], &rows), "name       n\n────   ─────\na         12\nlong   1,234");
    }

    #[test]
    fn small_counts_in_json() {
        let mut map = Map::new();
        put_cell(&mut map, "count", Cell::of(3), Viewer::SeesNumbers);
        put_cell(&mut map, "eligible", Cell::of(3), Viewer::SeesNumbers);
        put_cell(&mut map, "other", Cell::of(3), Viewer::SeesPatients);
        let wanted = json!({"count": null, "below": 11, "eligible": null, "eligible_below": 11, "other": 3});
        assert_eq!(Value::Object(map), wanted);
    }
}
