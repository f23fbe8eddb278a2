//! Things numbered in the order they were first met, from 1. Columns hold the numbers; 0 stands for nothing.

use discreet_segment::fold;
use std::borrow::{Borrow, Cow};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// The number of nothing.
pub(crate) const NOTHING: u32 = 0;

/// Only grows: what was numbered keeps its number.
#[derive(Debug)]
pub(crate) struct Dictionary<K> {
    keys: Vec<K>,
    numbers: HashMap<K, u32>,
}

impl<K> Default for Dictionary<K> {
    fn default() -> Self {
        Dictionary { keys: Vec::new(), numbers: HashMap::new() }
    }
}

impl<K: Clone + Eq + Hash> Dictionary<K> {
    /// The number of a thing that may be new.
    pub fn number<Q>(&mut self, thing: &Q, keep: impl FnOnce(&Q) -> K) -> u32
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(number) = self.numbers.get(thing) {
            return *number;
        }
        let key = keep(thing);
        self.keys.push(key.clone());
        let number = u32::try_from(self.keys.len()).unwrap_or(NOTHING);
        self.numbers.insert(key, number);
        number
    }
    /// The number of a thing, if it was ever met.
    pub fn find<Q>(&self, thing: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.numbers.get(thing).copied()
    }
    pub fn get(&self, number: u32) -> Option<&K> {
        self.keys.get((number as usize).checked_sub(1)?)
    }
    /// Everything, in the order of its numbers.
    pub fn keys(&self) -> &[K] {
        &self.keys
    }
    /// What `test` says of each, by number; `nothing` for 0.
    pub fn table<T>(&self, nothing: T, test: impl FnMut(&K) -> T) -> Vec<T> {
        std::iter::once(nothing).chain(self.keys.iter().map(test)).collect()
    }
    /// Without what the keys own.
    pub fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<K>() + self.numbers.capacity() * (size_of::<(K, u32)>() + 1)
    }
}

/// Words by their folded form. Of several spellings the least is shown, so that the order of arrival does not matter.
#[derive(Default, Debug)]
pub(crate) struct Words {
    folded: Dictionary<Arc<str>>,
    /// By number less one; `None`: shown as folded.
    shown: Vec<Option<Arc<str>>>,
}

impl Words {
    pub fn number(&mut self, word: &str) -> u32 {
        let folded = folded(word);
        let number = self.folded.number(folded.as_ref(), |word| Arc::from(word));
        let at = (number as usize).saturating_sub(1);
        match self.shown.get_mut(at) {
            Some(shown) => {
                if word < shown.as_deref().unwrap_or(&folded) {
                    *shown = Some(Arc::from(word));
                }
            }
            None => self.shown.push((word != folded).then(|| Arc::from(word))),
        }
        number
    }
    /// A word as people write it.
    pub fn shown(&self, number: u32) -> Option<&str> {
        let spelled = self.shown.get((number as usize).checked_sub(1)?)?;
        spelled.as_deref().or_else(|| self.folded.get(number).map(AsRef::as_ref))
    }
    pub fn folded(&self) -> &Dictionary<Arc<str>> {
        &self.folded
    }
    pub fn bytes(&self) -> usize {
        let text: usize = self.folded.keys().iter().map(|word| word.len() + TEXT_OVERHEAD).sum();
        let spelled: usize = self.shown.iter().flatten().map(|word| word.len() + TEXT_OVERHEAD).sum();
        self.folded.bytes() + self.shown.capacity() * size_of::<Option<Arc<str>>>() + text + spelled
    }
}

/// The counters of an `Arc` and the allocator's own.
const TEXT_OVERHEAD: usize = 24;

/// The same as [`fold`], without a copy where nothing changes.
fn folded(word: &str) -> Cow<'_, str> {
    let plain = word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if plain { Cow::Borrowed(word) } else { Cow::Owned(fold(word)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_share_a_number_and_the_least_is_shown() {
        for order in [["ca", "CA", "Ca"], ["CA", "ca", "Ca"], ["Ca", "ca", "CA"]] {
            let mut words = Words::default();
            let numbers = order.map(|word| words.number(word));
            assert_eq!(numbers, [1, 1, 1]);
            assert_eq!(words.shown(1), Some("CA"));
            assert_eq!(words.folded().find("ca"), Some(1));
        }
        let mut words = Words::default();
        assert_eq!((words.number("ÉTÉ"), words.number("été"), words.number("ete")), (1, 1, 2));
        assert_eq!((words.shown(0), words.shown(3)), (None, None));
    }

    #[test]
    fn tables_begin_with_nothing() {
        let mut numbers = Dictionary::default();
        assert_eq!([5, 7, 5].map(|n: i32| numbers.number(&n, |n| *n)), [1, 2, 1]);
        assert_eq!(numbers.table(0, |n| n * 10), [0, 50, 70]);
    }
}
