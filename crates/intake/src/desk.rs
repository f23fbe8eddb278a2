//! The desk at which rows are read: what is remembered between rows, and where items wait for the sink.

use crate::directory::Directory;
use crate::options::Options;
use crate::reason::{EmailProblem, Reason};
use crate::record::{CodeName, Incoming, Item, Place, Record, Rejected, Warning};
use crate::report::Report;
use crate::{limits, notes, text};
use discreet_domain::{AddressProblem, Code, EmailAddress, Identifier, Phi, Timestamp};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// What is remembered between rows. All of it is bounded.
pub(crate) struct Desk<'o> {
    pub options: &'o Options,
    pub directory: Directory,
    pub report: Report,
    pub items: Vec<Item>,
    names: Names,
}

impl<'o> Desk<'o> {
    pub fn new(options: &'o Options) -> Desk<'o> {
        Desk {
            options,
            directory: Directory::new(options.limits.directory),
            report: Report::default(),
            items: Vec::new(),
            names: Names::default(),
        }
    }

    pub fn reject(&mut self, place: Place, reason: Reason, raw: &[u8]) {
        let keep = reason != Reason::ForbiddenNote && raw.len() <= limits::RAW_KEPT && notes::may_keep(raw);
        let raw = Phi::new(if keep { raw.to_vec() } else { Vec::new() });
        self.items.push(Item::Rejected(Rejected { place, reason, raw }));
    }

    pub fn warn(&mut self, place: Place, reason: Reason) {
        self.items.push(Item::Warning(Warning { place, reason }));
    }

    pub fn emit(&mut self, place: Place, subject: &Identifier, updated: Option<Timestamp>, what: Incoming) {
        self.items.push(Item::Record(Record { place, subject: subject.clone(), updated, what }));
    }

    /// Yields what a code is called, the first time it is met.
    pub fn name(&mut self, code: &Code, display: &str) {
        if self.names.is_new(code, self.options.limits.names)
            && let Some(display) = text::clean_owned(display, limits::LONGEST_DISPLAY)
        {
            self.items.push(Item::Name(CodeName { code: code.clone(), display }));
        }
    }

    /// The id by which rows of this source name a patient.
    pub fn patient(&self, id: &str) -> Identifier {
        Identifier { source: self.options.source.clone(), value: id.to_owned() }
    }

    /// The authority of record numbers that come without one. Not the source itself: a record number must never be
    /// taken for the row id of another patient.
    pub fn mrn_source(&self) -> String {
        crate::mrn_source(&self.options.source)
    }

    /// Reads the addresses of one field: several may stand there. Those that cannot be used are warned about; none
    /// comes twice.
    pub fn emails(&mut self, place: Place, field: &str, into: &mut Vec<EmailAddress>) {
        if field.len() > limits::LONGEST_FIELD {
            self.warn(place, Reason::Email { problem: EmailProblem::TooLong });
            return;
        }
        for part in field.split([';', ',']).flat_map(split_unless_one_address) {
            match EmailAddress::parse(part) {
                Ok(address) => {
                    let known = into.iter().any(|a| a.folded() == address.folded());
                    if !known && into.len() < limits::MOST_EMAILS {
                        into.push(address);
                    }
                }
                Err(problem) => self.warn(place, Reason::Email { problem: of_domain(problem) }),
            }
        }
    }
}

/// `a@example.org b@example.org` are two; ` < a@example.org > ` is one.
fn split_unless_one_address(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim();
    let several = text.matches('@').count() > 1;
    let separators: fn(char) -> bool = if several { char::is_whitespace } else { |_| false };
    text.split(separators).filter(|part| !part.is_empty())
}

const fn of_domain(problem: AddressProblem) -> EmailProblem {
    match problem {
        AddressProblem::Malformed => EmailProblem::Malformed,
        AddressProblem::Undeliverable => EmailProblem::Undeliverable,
        AddressProblem::TooLong => EmailProblem::TooLong,
        AddressProblem::Placeholder => EmailProblem::Placeholder,
    }
}

/// Which codes were named already, by a hash: at worst a name is missed.
#[derive(Default)]
struct Names {
    hasher: RandomState,
    seen: HashSet<u64>,
}

impl Names {
    fn is_new(&mut self, code: &Code, most: usize) -> bool {
        let hash = self.hasher.hash_one(code);
        !self.seen.contains(&hash) && self.seen.len() < most && self.seen.insert(hash)
    }
}
