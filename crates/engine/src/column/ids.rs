//! Numbers of the lexicon, as narrow as the greatest of them allows.

use crate::dictionary::NOTHING;

pub(crate) enum Ids {
    Byte(Box<[u8]>),
    Short(Box<[u16]>),
    Long(Box<[u32]>),
}

impl Ids {
    pub fn narrow(ids: &[u32]) -> Ids {
        let greatest = ids.iter().copied().max().unwrap_or(NOTHING);
        if greatest <= u32::from(u8::MAX) {
            Ids::Byte(ids.iter().map(|id| *id as u8).collect())
        } else if greatest <= u32::from(u16::MAX) {
            Ids::Short(ids.iter().map(|id| *id as u16).collect())
        } else {
            Ids::Long(ids.into())
        }
    }
    /// The number at a place; [`NOTHING`] beyond the end.
    #[inline]
    pub fn get(&self, place: usize) -> u32 {
        match self {
            Ids::Byte(ids) => ids.get(place).map(|id| u32::from(*id)),
            Ids::Short(ids) => ids.get(place).map(|id| u32::from(*id)),
            Ids::Long(ids) => ids.get(place).copied(),
        }
        .unwrap_or(NOTHING)
    }
    pub fn bytes(&self) -> usize {
        match self {
            Ids::Byte(ids) => size_of_val::<[u8]>(ids),
            Ids::Short(ids) => size_of_val::<[u16]>(ids),
            Ids::Long(ids) => size_of_val::<[u32]>(ids),
        }
    }
}
