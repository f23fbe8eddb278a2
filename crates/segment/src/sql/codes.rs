//! Conditions on coded facts. Each row of `codes` gets a rank: 2 if it counts, 1 if that is undecided, 0 if not. The
//! greatest rank of a patient is the answer, and it is asked twice: with the restricted rows, and without.

use super::LowerError;
use super::literal::text;
use super::time::{Clock, within};
use super::value::code_test;
use crate::checked::CodeLeaf;
use crate::limits::SQL_CONDITIONS_AT_ONCE;
use discreet_domain::CodeKind;

/// The tests on rows of `codes`.
#[derive(Default)]
pub struct Codes {
    ranks: Vec<String>,
}

impl Codes {
    /// The answer to one.
    pub fn condition(&mut self, leaf: &CodeLeaf, clock: Clock<'_>) -> Result<String, LowerError> {
        let at = self.ranks.len();
        self.ranks.push(rank(leaf, clock)?);
        let table = at / SQL_CONDITIONS_AT_ONCE;
        let all = format!("coalesce(codes_{table}.all_{at}, 0)");
        let shown = format!("coalesce(codes_{table}.shown_{at}, 0)");
        Ok(format!(
            "case when {all} = 2 and {shown} = 2 then true when {all} = 0 and {shown} = 0 then false end"
        ))
    }
    /// The names of its table expressions.
    pub fn names(&self) -> impl Iterator<Item = String> {
        (0..self.ranks.len().div_ceil(SQL_CONDITIONS_AT_ONCE)).map(|table| format!("codes_{table}"))
    }
    /// Its table expressions.
    pub fn tables(&self) -> Vec<String> {
        let mut tables = Vec::new();
        for (table, ranks) in self.ranks.chunks(SQL_CONDITIONS_AT_ONCE).enumerate() {
            let numbered = || ranks.iter().zip(table * SQL_CONDITIONS_AT_ONCE..);
            let rows: Vec<String> = numbered().map(|(rank, at)| format!("{rank} as rank_{at}")).collect();
            tables.push(format!(
                "code_ranks_{table} as (\n  select r.patient, r.restricted,\n    {}\n  from codes r\n)",
                rows.join(",\n    ")
            ));
            let greatest: Vec<String> = numbered()
                .map(|(_, at)| {
                    format!(
                        "max(t.rank_{at}) as all_{at}, \
                         max(case when not t.restricted then t.rank_{at} end) as shown_{at}"
                    )
                })
                .collect();
            tables.push(format!(
                "codes_{table} as (\n  select t.patient,\n    {}\n  from code_ranks_{table} t group by t.patient\n)",
                greatest.join(",\n    ")
            ));
        }
        tables
    }
}

fn rank(leaf: &CodeLeaf, clock: Clock<'_>) -> Result<String, LowerError> {
    let is_it = format!("r.kind = {} and {}", text(leaf.kind.name())?, code_test(&leaf.codes, "r")?);
    // Procedures and immunizations, once done, are: `CodeFact::is_active`.
    let done = matches!(leaf.kind, CodeKind::Procedure | CodeKind::Immunization);
    let active = match leaf.active && !done {
        true => format!(" and r.active and (r.ended is null or r.ended > {})", clock.now.micros()),
        false => String::new(),
    };
    let rank = match leaf.onset {
        None => "2".to_owned(),
        Some(window) => format!("coalesce(2 * ({}), 1)", within(window, clock, "r")),
    };
    Ok(format!("case when {is_it}{active} then {rank} else 0 end"))
}
