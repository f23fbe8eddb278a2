//! Evaluates checked segments over patients held in memory. Pure: no I/O, no clock.
//!
//! An [`Index`] holds every patient's facts, but no names, addresses or record numbers; it follows the log with
//! [`Index::apply`]. [`Index::select`] asks a segment and gives a [`Selection`]: who is in, who is not, and for whom it
//! cannot be told. What a segment means is written in [`discreet_segment::semantics`].
//!
//! Numbers about many need no proof: counts are [`Cell`](discreet_domain::Cell)s. Whatever is about a person does:
//! [`Selection::ids`] and [`Index::why`] take a [`Receipt`](discreet_audit::Receipt), which exists only once the look is in
//! the audit log.
//!
//! Inside: patients lie in blocks of columns ([`limits::Blocks`]), values and codes as numbers of a lexicon shared by
//! all blocks. A segment becomes a plan, in which each test on words or codes is answered once for every word or code there
//! is; the plan is evaluated block by block into two bitmaps, yes and no; what is in neither is unknown. Changed patients
//! wait in small blocks until the block they come from is written anew.

mod bits;
mod calendar;
mod column;
mod dictionary;
mod index;
mod insight;
mod lexicon;
pub mod limits;
mod moment;
mod offsets;
mod part;
mod plan;
mod record;
mod refused;
mod selection;
mod side;
mod why;

pub use index::{Builder, Change, Index};
pub use insight::Breakdown;
pub use refused::Refused;
pub use selection::Selection;
pub use side::SideTable;
pub use why::{Fact, Question, Step, Why};
