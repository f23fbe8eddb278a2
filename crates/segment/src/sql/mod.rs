//! A checked segment as one SQL text, over facts in plain tables.
//!
//! Pure: nothing is run here. [`SCHEMA`] says what the tables hold, `docs/segments-sql.md` how they are filled. The text
//! asks for each patient's answer as [`semantics`](crate::semantics) has it, and is the same for every database that knows
//! `with`, `case`, `substr` and `instr`: SQLite and Apache DataFusion run it as it is.
//!
//! Two rules. **Nothing from outside is spliced**: names and words go in as literals that only `literal` makes; there is
//! no identifier that a user chose. **No calendar in SQL**: windows, ages and birthdays become instants, days and years
//! here, by the functions every evaluator uses; the database compares whole numbers.
//!
//! Unknown is `null` from the first test to the answer. Each table is read once, whatever the number of conditions: a
//! condition is a column of the grouped rows (`gather`), and the tree joins columns (`tree`).

mod birth;
mod codes;
mod event;
mod gather;
mod literal;
mod time;
mod tree;
mod value;

use crate::checked::Checked;
use crate::limits::{SQL_CONDITIONS, SQL_FIELD_TESTS};
use discreet_domain::{Timestamp, Zone};
use std::collections::BTreeSet;

/// The tables, as `create table` statements that SQLite and DataFusion take.
pub const SCHEMA: &str = include_str!("schema.sql");

/// A segment in SQL, at one instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lowered {
    /// One query. It gives a row for each patient, in the order of their ids: `patient` and `truth`, which is true, false,
    /// or null for unknown.
    pub sql: String,
    /// The splits it asks for: they must be in the table `buckets`. There is no SHA-256 that every database has.
    pub splits: BTreeSet<Split>,
}

/// A split of all patients: what [`bucket_of`](crate::bucket_of) is asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Split {
    /// What makes it independent of others.
    pub salt: String,
    /// Into how many parts.
    pub parts: u32,
}

/// A segment that cannot be written in SQL.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LowerError {
    /// It would need more columns than SQLite has.
    #[error(
        "too large for SQL: at most {SQL_CONDITIONS} different conditions and {SQL_FIELD_TESTS} different tests on fields"
    )]
    TooLarge,
    /// It asks for one event after another: how far `within` reaches is a matter of each first event's calendar, which SQL
    /// does not know.
    #[error("one event after another cannot be asked in SQL yet")]
    Sequence,
    /// A word has a character that no SQL literal can hold.
    #[error("a word with the character U+0000 cannot stand in SQL")]
    Nul,
}

/// Writes a segment as SQL that answers at `now`, in the organization's zone.
///
/// # Errors
/// [`LowerError`] for sequences, for segments beyond what SQLite's tables can be wide, and for words that SQL cannot hold.
pub fn lower(segment: &Checked, now: Timestamp, zone: &Zone) -> Result<Lowered, LowerError> {
    tree::Lowering::new(time::Clock { now, zone }).lower(segment.root())
}
