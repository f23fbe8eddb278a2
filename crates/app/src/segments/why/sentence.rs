//! The answer in one sentence: "Not in “Walkers”, because row 3 is false: …".

use super::{Explained, Row, word};
use discreet_segment::outline::Join;
use discreet_segment::truth::Truth;

/// Facts that the sentence names, at most; the rows name more.
const FACTS_NAMED: usize = 2;

impl Explained {
    /// In or out, and which rows decided it. Sensitive facts are named only if `all`.
    pub fn sentence(&self, all: bool) -> String {
        let mut rows = Vec::new();
        deciding(&self.root, &mut rows);
        let segment =
            self.name.as_ref().map_or_else(|| "this segment".to_owned(), |name| format!("“{name}”"));
        let head = if self.answer == Some(true) { "In" } else { "Not in" };
        let because = match rows.as_slice() {
            [] => "it has no rows".to_owned(),
            [one] => {
                let evidence = evidence(one, all).map_or_else(String::new, |words| format!(": {words}"));
                format!("row {} is {}{evidence}", one.number, word(one.answer))
            }
            many => several(many),
        };
        let unknown = if self.answer.is_none() { " What is unknown counts as not included." } else { "" };
        format!("{head} {segment}, because {because}.{unknown}")
    }
}

/// The rows without groups that made the answer of a row what it is.
fn deciding<'a>(row: &'a Row, into: &mut Vec<&'a Row>) {
    let Some(join) = row.join else { return into.push(row) };
    let of = |answer: Truth| row.parts.iter().any(|part| part.answer == answer);
    // One part of this answer is enough to decide; without one, what is unknown decides; else all do together.
    let decides = match join {
        Join::All | Join::NotAll => Some(false),
        Join::Any | Join::None => Some(true),
    };
    let which = if of(decides) {
        decides
    } else if of(None) {
        None
    } else {
        decides.map(|answer| !answer)
    };
    for part in row.parts.iter().filter(|part| part.answer == which) {
        deciding(part, into);
    }
}

/// "rows 1 and 2 are true and row 3.1 is false"
fn several(rows: &[&Row]) -> String {
    let mut said = Vec::new();
    for answer in [Some(true), Some(false), None] {
        let numbers: Vec<&str> =
            rows.iter().filter(|row| row.answer == answer).map(|row| row.number.as_str()).collect();
        let word = word(answer);
        match numbers.as_slice() {
            [] => {}
            [one] => said.push(format!("row {one} is {word}")),
            [first @ .., last] => said.push(format!("rows {} and {last} are {word}", first.join(", "))),
        }
    }
    said.join(" and ")
}

/// What decided a row.
fn evidence(row: &Row, all: bool) -> Option<String> {
    if row.facts.is_empty() {
        return match (row.parts.is_empty(), row.answer) {
            (true, None) => Some("what is on record does not tell".to_owned()),
            (true, _) => Some("nothing on record counts".to_owned()),
            (false, _) => None,
        };
    }
    let mut named: Vec<&str> =
        row.facts.iter().filter(|fact| all || !fact.is_sensitive()).map(|fact| fact.words.as_str()).collect();
    let beyond = row.facts.len() + row.more > FACTS_NAMED;
    named.truncate(FACTS_NAMED);
    let more = if beyond { " and more" } else { "" };
    (!named.is_empty()).then(|| format!("{}{more}", named.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::super::Told;
    use super::*;
    use discreet_domain::Label;

    fn row(number: &str, answer: Truth, facts: &[(&str, Label)]) -> Row {
        let facts = facts.iter().map(|(words, label)| Told { words: (*words).to_owned(), label: *label });
        Row {
            number: number.to_owned(),
            join: None,
            words: String::new(),
            answer,
            label: Label::L2,
            facts: facts.collect(),
            more: 0,
            parts: Vec::new(),
        }
    }
    fn group(number: &str, join: Join, answer: Truth, parts: Vec<Row>) -> Row {
        Row { join: Some(join), parts, ..row(number, answer, &[]) }
    }
    fn said(root: Row, all: bool) -> String {
        let answer = root.answer;
        Explained { name: Some("Walkers".to_owned()), label: Label::L2, answer, root }.sentence(all)
    }

    #[test]
    fn the_rows_that_decided_are_named() {
        let (yes, no) = (Some(true), Some(false));
        let visit = ("Appointment on Aug 12, 2026", Label::L2);
        let plain = |number, answer| row(number, answer, &[]);
        for (root, words) in [
            (row("1", yes, &[visit]), "In “Walkers”, because row 1 is true: Appointment on Aug 12, 2026."),
            (
                group("", Join::All, no, vec![plain("1", yes), row("2", no, &[visit]), plain("3", None)]),
                "Not in “Walkers”, because row 2 is false: Appointment on Aug 12, 2026.",
            ),
            (
                group("", Join::All, None, vec![plain("1", yes), plain("2", None)]),
                "Not in “Walkers”, because row 2 is unknown: what is on record does not tell. \
                 What is unknown counts as not included.",
            ),
            (
                group(
                    "",
                    Join::All,
                    yes,
                    vec![
                        plain("1", yes),
                        group("2", Join::None, yes, vec![plain("2.1", no), plain("2.2", no)]),
                    ],
                ),
                "In “Walkers”, because row 1 is true and rows 2.1 and 2.2 are false.",
            ),
            (
                group("", Join::Any, no, vec![plain("1", no), plain("2", no), plain("3", no)]),
                "Not in “Walkers”, because rows 1, 2 and 3 are false.",
            ),
            (
                group("", Join::NotAll, no, vec![plain("1", yes), plain("2", yes)]),
                "Not in “Walkers”, because rows 1 and 2 are true.",
            ),
        ] {
            assert_eq!(said(root, false), words);
        }
    }

    #[test]
    fn sensitive_facts_are_named_only_if_asked_for() {
        let root = || row("1", Some(false), &[("Depression", Label::L3), ("Asthma", Label::L2)]);
        assert_eq!(said(root(), false), "Not in “Walkers”, because row 1 is false: Asthma.");
        assert_eq!(said(root(), true), "Not in “Walkers”, because row 1 is false: Depression; Asthma.");
        let only = row("1", Some(false), &[("Depression", Label::L3)]);
        assert_eq!(said(only, false), "Not in “Walkers”, because row 1 is false.");
    }
}
