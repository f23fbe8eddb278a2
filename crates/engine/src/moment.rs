//! A [`When`] in eight bytes.

use discreet_domain::{Day, Timestamp, When};

const TAG_BITS: u32 = 2;
const AT: i64 = 0;
const DAY: i64 = 1;
const MONTH: i64 = 2;
const YEAR: i64 = 3;
/// Instants farther than 73,000 years from 1970 count as that far.
const FARTHEST: i64 = (i64::MAX >> TAG_BITS) - 1;
const MONTHS: i64 = 16;

/// A [`When`], packed: the tag in the lowest bits, the number above them. Never [`Moment::NONE`], the pattern that columns
/// keep for "not known".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Moment(i64);

impl Moment {
    /// No moment packs to this.
    pub const NONE: i64 = i64::MIN;

    pub fn from_bits(bits: i64) -> Option<Moment> {
        (bits != Moment::NONE).then_some(Moment(bits))
    }
    pub fn bits(self) -> i64 {
        self.0
    }
    pub fn of_day(day: Day) -> Moment {
        Moment::tagged(i64::from(day.number()), DAY)
    }
    pub fn of(when: When) -> Moment {
        match when {
            When::At(t) => Moment::tagged(t.micros().clamp(-FARTHEST, FARTHEST), AT),
            When::Day(day) => Moment::of_day(day),
            When::Month(year, month) => {
                Moment::tagged(i64::from(year) * MONTHS + i64::from(month).rem_euclid(MONTHS), MONTH)
            }
            When::Year(year) => Moment::tagged(i64::from(year), YEAR),
        }
    }
    #[inline]
    pub fn when(self) -> When {
        let number = self.0 >> TAG_BITS;
        match self.0 & 0b11 {
            AT => When::At(Timestamp::from_micros(number)),
            DAY => When::Day(Day::from_number(number as i32)),
            MONTH => When::Month(number.div_euclid(MONTHS) as i16, number.rem_euclid(MONTHS) as i8),
            _ => When::Year(number as i16),
        }
    }
    const fn tagged(number: i64, tag: i64) -> Moment {
        Moment(number << TAG_BITS | tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        for day in [i32::MIN, -1, 0, 1, i32::MAX] {
            let when = When::Day(Day::from_number(day));
            assert_eq!(Moment::of(when).when(), when);
        }
        for micros in [-FARTHEST, -1, 0, 1, FARTHEST] {
            let when = When::At(Timestamp::from_micros(micros));
            assert_eq!(Moment::of(when).when(), when);
        }
        for (t, far) in [(Timestamp::MIN, -FARTHEST), (Timestamp::MAX, FARTHEST)] {
            assert_eq!(Moment::of(When::At(t)).when(), When::At(Timestamp::from_micros(far)));
            assert_ne!(Moment::of(When::At(t)).bits(), Moment::NONE);
        }
        for when in
            [When::Year(i16::MIN), When::Year(i16::MAX), When::Month(-1, 12), When::Month(i16::MAX, 1)]
        {
            assert_eq!(Moment::of(when).when(), when);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(year: i16, month in 1i8..=12, day: i32, micros in -FARTHEST..=FARTHEST) {
            let all = [
                When::Year(year),
                When::Month(year, month),
                When::Day(Day::from_number(day)),
                When::At(Timestamp::from_micros(micros)),
            ];
            for when in all {
                prop_assert_eq!(Moment::of(when).when(), when);
                prop_assert_eq!(Moment::from_bits(Moment::of(when).bits()), Some(Moment::of(when)));
            }
        }
    }
}
