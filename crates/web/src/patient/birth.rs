//! A birth date in three fields: month, day, year, each with its label, in both languages.

use crate::fields::Fields;
use discreet_domain::Day;

/// The first year anybody now living can have been born in.
const FIRST_YEAR: i16 = 1900;
/// Characters of one field that are kept.
const LONGEST_BIRTH_FIELD: usize = 10;

/// What was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Birth {
    pub(crate) month: String,
    pub(crate) day: String,
    pub(crate) year: String,
}

impl Birth {
    pub(crate) fn of(fields: &Fields) -> Birth {
        let field = |name| fields.first(name).trim().chars().take(LONGEST_BIRTH_FIELD).collect();
        Birth { month: field("month"), day: field("day"), year: field("year") }
    }
    /// The date, if there is such a day and it is not to come.
    pub(crate) fn date(&self, today: Day) -> Option<Day> {
        let (year, month, day) = (self.year.parse().ok()?, self.month.parse().ok()?, self.day.parse().ok()?);
        let date = Day::of(year, month, day)?;
        (year >= FIRST_YEAR && date <= today).then_some(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_were() {
        let today = Day::of(2026, 11, 24).unwrap();
        let date = |month: &str, day: &str, year: &str| {
            let own = str::to_owned;
            Birth { month: own(month), day: own(day), year: own(year) }.date(today)
        };
        assert_eq!(date("3", "14", "1980"), Day::of(1980, 3, 14));
        assert_eq!(date("03", "04", "1980"), Day::of(1980, 3, 4));
        assert_eq!(date("11", "24", "2026"), Some(today));
        for (month, day, year) in [
            ("2", "30", "1980"),
            ("11", "25", "2026"),
            ("3", "14", "80"),
            ("", "14", "1980"),
            ("March", "1", "1980"),
        ] {
            assert_eq!(date(month, day, year), None, "{month} {day} {year}");
        }
    }
}
