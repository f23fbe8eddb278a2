//! CSV files → records: our own format, or another laid on it by a mapping.

mod codes;
mod events;
pub(crate) mod head;
mod others;
mod patients;
mod plan;
mod row;
mod rows;
mod table;

pub(crate) use plan::{may_be_column, shown};
pub use table::{KINDS, KindSpec, table_of};

use crate::fhir::Verdict;
use crate::import::{Import, ReadError, Sink};
use crate::limits::MOST_COLUMNS;
use crate::mapping::FileRule;
use crate::reason::{FileProblem, Reason};
use crate::record::{Item, Place};
use plan::{Plan, Planned};
use row::CsvRow;
use rows::{Fields, Found, Rows};
use std::io::{self, BufRead};
use table::Kind;

/// Reads a file. `name` is its name in lower case, without `.gz`.
pub(crate) fn read<S: Sink>(
    import: &mut Import<'_, S>,
    file: u32,
    name: &str,
    input: &mut impl BufRead,
) -> Result<(), ReadError<S::Error>> {
    let mapping = import.desk.options.mapping.as_ref();
    let rule = mapping.and_then(|mapping| mapping.rule(name));
    if rule.is_none() && mapping.is_some_and(|mapping| mapping.ignores(name)) {
        import.desk.report.skip("file the mapping ignores");
        return Ok(());
    }
    let Some(spec) = rule.map_or_else(|| kind_of(name), FileRule::spec) else {
        return import.refuse_file(file, FileProblem::UnknownKind);
    };
    let mut rows = Rows::new(input, import.desk.options.limits.row);
    let planned = header(&mut rows, spec, rule, import).map_err(|e| import.io(file, 1, &e))?;
    let plan = match planned {
        Ok(Planned { plan, warnings }) => {
            let place = Place { file, line: rows.line, entry: 0 };
            for reason in warnings {
                import.desk.warn(place, reason);
            }
            import.flush()?;
            plan
        }
        Err(problem) => return import.refuse_file(file, problem),
    };
    let mut fields = Fields::default();
    loop {
        let found = rows.next().map_err(|e| import.io(file, rows.line, &e))?;
        let place = Place { file, line: rows.line, entry: 0 };
        let taken = match found {
            Found::End => return Ok(()),
            Found::Unclosed => Err(Reason::UnclosedQuote),
            Found::TooLong => Err(Reason::TooLong { limit: import.desk.options.limits.row as u64 }),
            Found::Row => row(import, &plan, name, &mut fields, (rows.raw(), rows.delimiter), place),
        };
        match taken {
            Ok(Verdict::Taken) => {}
            Ok(Verdict::Skipped(what)) => import.desk.report.skip(what),
            Err(reason) => {
                // A row is taken whole or not at all.
                import.desk.items.retain(|item| matches!(item, Item::Name(_)));
                import.desk.reject(place, reason, rows.raw());
            }
        }
        import.desk.report.row(file);
        import.flush()?;
    }
}

/// `patients.csv`, `patients.2026-01.csv`, `1.patients.csv`: one part of the name is a kind, the others are numbers.
pub(crate) fn kind_of(name: &str) -> Option<&'static KindSpec> {
    let stem = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".tsv"))?;
    let is_number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let mut words = stem.split('.').filter(|part| !is_number(part));
    let spec = table_of(words.next()?)?;
    (words.next().is_none() && spec.kind != Kind::Names).then_some(spec)
}

/// Reads the header and plans the file.
fn header<S: Sink>(
    rows: &mut Rows<'_, impl BufRead>,
    spec: &'static KindSpec,
    rule: Option<&FileRule>,
    import: &Import<'_, S>,
) -> io::Result<Result<Planned, FileProblem>> {
    if rows.is_utf16()? {
        return Ok(Err(FileProblem::Utf16));
    }
    if !rows.sniff()? || rows.next()? != Found::Row {
        return Ok(Err(FileProblem::NoHeader));
    }
    let Ok(header) = std::str::from_utf8(rows.raw()) else {
        return Ok(Err(FileProblem::NotUtf8));
    };
    let mut fields = Fields::default();
    fields.split(header, rows.delimiter);
    if fields.len() > MOST_COLUMNS {
        return Ok(Err(FileProblem::TooManyColumns));
    }
    Ok(Plan::of(spec, &fields, rule, &import.desk.options.catalog))
}

fn row<S: Sink>(
    import: &mut Import<'_, S>,
    plan: &Plan,
    name: &str,
    fields: &mut Fields,
    (raw, delimiter): (&[u8], u8),
    place: Place,
) -> Result<Verdict, Reason> {
    let text = std::str::from_utf8(raw).map_err(|_| Reason::NotUtf8)?;
    fields.split(text, delimiter);
    // Empty fields beyond the header come from trailing delimiters. Any other difference may have moved the fields.
    let beyond = fields.iter().skip(plan.width).all(|field| field.trim().is_empty());
    if fields.len() < plan.width || !beyond {
        return Err(Reason::ColumnCount { expected: u32::try_from(plan.width).unwrap_or(u32::MAX) });
    }
    if fields.iter().all(|field| field.trim().is_empty()) {
        return Ok(Verdict::Skipped("empty CSV row"));
    }
    let mut row = CsvRow::new(plan, fields, &mut import.desk, place);
    match plan.spec.kind {
        Kind::Patients => patients::map(&mut row),
        Kind::Observations => events::observation(&mut row),
        Kind::Appointments => events::appointment(&mut row),
        Kind::Encounters => events::encounter(&mut row),
        Kind::Events => events::event(&mut row),
        Kind::Coverages => others::coverage(&mut row),
        Kind::Consents => others::consent(&mut row),
        Kind::Interests => others::interest(&mut row),
        Kind::Names => others::name(&mut row, name),
        _ => codes::map(&mut row),
    }
}
