//! Numbers about many: which values and codes there are, and how a selection divides.

use crate::bits::Bits;
use crate::column::{Column, NO_YES, Type};
use crate::dictionary::NOTHING;
use crate::index::{Index, Stored};
use crate::lexicon::Values;
use crate::selection::{Selection, cell};
use discreet_domain::catalog::{AGE, BIRTH_DATE};
use discreet_domain::{Cell, Code, CodeKind, Day, When};
use std::collections::{BTreeMap, HashMap};

/// How a selection divides by an attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breakdown {
    /// Each value with how many have it, the most frequent first; ages by tens of years, the youngest first. With an
    /// attribute that is a set, a patient counts for each word.
    pub values: Vec<(String, Cell)>,
    /// How many have none of these: nothing is known, or it is a number or date.
    pub others: Cell,
}

impl Selection<'_> {
    /// How those who are in divide by an attribute: text, yes or no, codes, sets and age.
    pub fn breakdown(&self, attribute: &str) -> Breakdown {
        if attribute == AGE {
            return self.by_age();
        }
        let tally = Tally::of(self.index(), attribute, self.rows());
        let others = self.rows().count().saturating_sub(tally.people);
        Breakdown { values: tally.by_frequency(self.index(), attribute), others: cell(others) }
    }
    fn by_age(&self) -> Breakdown {
        let index = self.index();
        let today = index.zone().day_of(self.now());
        let mut bands: BTreeMap<i32, usize> = BTreeMap::new();
        // Thousands of people share a birth date, and the calendar is slow.
        let mut known: HashMap<When, Option<i32>> = HashMap::new();
        let name = index.lexicon().attributes.find(BIRTH_DATE).map(|(number, _)| number);
        for stored in index.stored() {
            let column = name.and_then(|name| stored.part().attributes().find(name, Type::Time));
            let Some(Column::Time(births)) = column else { continue };
            for birth in chosen(stored, self.rows()).filter_map(|slot| Some(births.get(slot)?.when())) {
                let band = *known.entry(birth).or_insert_with(|| band(birth.days(index.zone()), today));
                band.into_iter().for_each(|band| *bands.entry(band).or_default() += 1);
            }
        }
        let people: usize = bands.values().sum();
        Breakdown {
            values: bands.into_iter().map(|(band, count)| (band_name(band), cell(count))).collect(),
            others: cell(self.rows().count().saturating_sub(people)),
        }
    }
}

/// The decade of life, if a birth between two dates leaves no choice and has happened.
fn band((first, last): (Day, Day), today: Day) -> Option<i32> {
    let [oldest, youngest] = [first, last].map(|birth| today.years_since(birth).div_euclid(BAND));
    (oldest == youngest && youngest >= 0).then_some(youngest)
}

const BAND: i32 = 10;

fn band_name(band: i32) -> String {
    format!("{}–{}", band * BAND, band * BAND + BAND - 1)
}

impl Index {
    /// The values an attribute has, with how many patients have each, the most frequent first: for suggestions.
    pub fn values(&self, attribute: &str) -> Vec<(String, Cell)> {
        Tally::of(self, attribute, &self.present()).by_frequency(self, attribute)
    }
    /// The codes of a kind, with how many patients have each, now or once, the most frequent first: for suggestions.
    /// Restricted facts are not counted.
    pub fn codes(&self, kind: CodeKind) -> Vec<(Code, Cell)> {
        let mut tally = CodeTally::new(self);
        for stored in self.stored() {
            let Some(table) = stored.part().codes(kind) else { continue };
            for slot in stored.current().ones() {
                tally.next_patient();
                let seen = table.facts(slot).filter(|fact| !table.is_hidden(*fact));
                seen.for_each(|fact| tally.add(table.concept(fact)));
            }
        }
        tally.by_frequency()
    }
}

/// How many patients have each code.
struct CodeTally<'i> {
    /// By the number of a fact's codes: which of `counts` they are.
    concepts: Vec<Vec<usize>>,
    counts: Vec<CodeCount<'i>>,
    /// How many patients were looked at.
    patients: usize,
}

struct CodeCount<'i> {
    code: &'i Code,
    count: usize,
    /// The last patient counted: each counts once, however many facts have the code.
    last: usize,
}

impl<'i> CodeTally<'i> {
    fn new(index: &'i Index) -> CodeTally<'i> {
        let mut places: HashMap<&Code, usize> = HashMap::new();
        let mut counts: Vec<CodeCount<'i>> = Vec::new();
        let concepts = index.lexicon().concepts.keys().iter().map(|codes| {
            let place = |code: &'i Code| {
                *places.entry(code).or_insert_with(|| {
                    counts.push(CodeCount { code, count: 0, last: 0 });
                    counts.len() - 1
                })
            };
            codes.iter().map(place).collect()
        });
        let concepts = std::iter::once(Vec::new()).chain(concepts).collect();
        CodeTally { concepts, counts, patients: 0 }
    }
    fn next_patient(&mut self) {
        self.patients += 1;
    }
    fn add(&mut self, concept: u32) {
        for place in self.concepts.get(concept as usize).into_iter().flatten() {
            if let Some(seen) = self.counts.get_mut(*place).filter(|seen| seen.last != self.patients) {
                seen.count += 1;
                seen.last = self.patients;
            }
        }
    }
    fn by_frequency(self) -> Vec<(Code, Cell)> {
        let mut counts: Vec<CodeCount<'i>> = self.counts.into_iter().filter(|seen| seen.count > 0).collect();
        counts.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(b.code)));
        counts.into_iter().map(|seen| (seen.code.clone(), cell(seen.count))).collect()
    }
}

/// The slots of a block that are current and among these rows.
fn chosen<'i>(stored: &'i Stored, rows: &'i Bits) -> impl Iterator<Item = usize> + 'i {
    stored.current().ones().filter(|slot| stored.row(*slot).is_some_and(|row| rows.get(row)))
}

/// How many have each value.
#[derive(Default)]
struct Tally {
    /// By type, then by the value's number.
    counts: BTreeMap<Type, Vec<usize>>,
    /// How many have any.
    people: usize,
}

impl Tally {
    fn of(index: &Index, attribute: &str, rows: &Bits) -> Tally {
        let mut tally = Tally::default();
        let Some((name, _)) = index.lexicon().attributes.find(attribute) else {
            return tally;
        };
        for stored in index.stored() {
            for column in stored.part().attributes().of(name) {
                chosen(stored, rows).for_each(|slot| tally.add(column, slot));
            }
        }
        tally
    }
    fn add(&mut self, column: &Column, slot: usize) {
        let one = |kind, id| Some((kind, id)).filter(|_| id != NOTHING);
        let value = match column {
            Column::Text(ids) => one(Type::Text, ids.get(slot)),
            Column::Bool(ids) => one(Type::Bool, ids.get(slot)),
            Column::Code(ids) => one(Type::Code, ids.get(slot)),
            Column::Set(sets) => {
                let words = sets.words(slot);
                self.people += usize::from(!words.is_empty());
                words.for_each(|at| self.count(Type::Text, sets.word(at)));
                return;
            }
            Column::Number(_) | Column::Time(_) => None,
        };
        if let Some((kind, id)) = value {
            self.people += 1;
            self.count(kind, id);
        }
    }
    fn count(&mut self, kind: Type, id: u32) {
        let counts = self.counts.entry(kind).or_default();
        let place = id as usize;
        if counts.len() <= place {
            counts.resize(place + 1, 0);
        }
        counts.get_mut(place).into_iter().for_each(|count| *count += 1);
    }
    fn by_frequency(self, index: &Index, attribute: &str) -> Vec<(String, Cell)> {
        let Some((_, values)) = index.lexicon().attributes.find(attribute) else {
            return Vec::new();
        };
        let mut counts: Vec<(String, usize)> = Vec::new();
        for (kind, of_kind) in &self.counts {
            let there = (0..).zip(of_kind).filter(|(_, count)| **count > 0);
            counts.extend(there.map(|(id, count)| (shown(values, (*kind, id)), *count)));
        }
        counts.sort_unstable_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        counts.into_iter().map(|(value, count)| (value, cell(count))).collect()
    }
}

/// A numbered value as people write it.
pub(crate) fn shown(values: &Values, (kind, id): (Type, u32)) -> String {
    match kind {
        Type::Bool if id == NO_YES[1] => "yes".to_owned(),
        Type::Bool => "no".to_owned(),
        Type::Code => values.codes.get(id).map(ToString::to_string).unwrap_or_default(),
        _ => values.words.shown(id).unwrap_or_default().to_owned(),
    }
}
