//! What to make: how many patients, from which seed, as of when and where.

use discreet_domain::{Day, Timestamp, Zone};

/// What to make. The same plan always makes the same bytes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many `Patient` resources, duplicates included.
    pub patients: u32,
    /// Another seed, another clinic. The first twenty patients play the same parts in every one.
    pub seed: u64,
    /// The instant the data were exported: everything else is counted from here.
    pub now: Timestamp,
    /// The clinic's time zone.
    pub zone: Zone,
}

impl Plan {
    /// The `Patient.id` of every patient, in the order of the files; the `patient` column of the CSV files.
    pub fn ids(&self) -> impl Iterator<Item = String> + use<> {
        (0..self.patients).map(patient_id)
    }
    pub(crate) fn calendar(&self) -> Calendar {
        let today = self.zone.day_of(self.now);
        let first = today.plus_days(-CALENDAR_BACK);
        let midnights =
            (0..CALENDAR_BACK + CALENDAR_AHEAD).map(|n| self.zone.start_of(first.plus_days(n))).collect();
        Calendar { now: self.now, today, first, midnights, zone: self.zone.clone() }
    }
}

/// The `Patient.id` of the patient at `index`.
pub fn patient_id(index: u32) -> String {
    format!("pat-{index:07}")
}

/// The medical record number of the patient at `index`: eight digits in no visible order, no two alike.
pub fn mrn(index: u32) -> String {
    const NUMBERS: u64 = 100_000_000;
    format!("{:08}", (u64::from(index) * 61_803_399 + 27_182_818) % NUMBERS)
}

const CALENDAR_BACK: i32 = 3 * 366 + 31;
const CALENDAR_AHEAD: i32 = 120;

/// The days that visits and events fall on, with their midnights looked up once.
#[derive(Debug)]
pub(crate) struct Calendar {
    pub(crate) now: Timestamp,
    pub(crate) today: Day,
    first: Day,
    midnights: Vec<Timestamp>,
    zone: Zone,
}

impl Calendar {
    /// The instant so many minutes into a local day.
    pub(crate) fn at(&self, day: Day, minutes: i32) -> Timestamp {
        self.midnight(day).plus_seconds(i64::from(minutes) * 60)
    }
    fn midnight(&self, day: Day) -> Timestamp {
        let place = usize::try_from(day.number() - self.first.number()).ok();
        let known = place.and_then(|n| self.midnights.get(n));
        known.copied().unwrap_or_else(|| self.zone.start_of(day))
    }
    /// The local date of an instant.
    pub(crate) fn day_of(&self, t: Timestamp) -> Day {
        self.zone.day_of(t)
    }
    /// So many days before today.
    pub(crate) fn ago(&self, days: i32) -> Day {
        self.today.plus_days(-days)
    }
}

/// The same day, or the Monday after a weekend.
pub(crate) fn working_day(day: Day) -> Day {
    match (day.number() + 3).rem_euclid(7) {
        5 => day.plus_days(2),
        6 => day.plus_days(1),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_numbers_are_all_different() {
        let mut numbers: Vec<String> = (0..200_000).map(mrn).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 200_000);
        assert!(numbers.iter().all(|n| n.len() == 8));
    }

    #[test]
    fn weekends_move_to_monday() {
        for (given, expected) in [
            ("2026-11-20", "2026-11-20"),
            ("2026-11-21", "2026-11-23"),
            ("2026-11-22", "2026-11-23"),
            ("2026-11-23", "2026-11-23"),
        ] {
            assert_eq!(working_day(Day::parse(given).unwrap()).to_string(), expected);
        }
    }

    #[test]
    fn the_calendar_agrees_with_the_zone() {
        let zone = Zone::named("America/New_York").unwrap();
        let plan =
            Plan { patients: 0, seed: 0, now: Timestamp::parse("2026-11-24T15:00:00Z").unwrap(), zone };
        let calendar = plan.calendar();
        for days in [-3000, -1129, -1128, -400, -23, 0, 100, 119, 120, 500] {
            let day = calendar.today.plus_days(days);
            assert_eq!(calendar.midnight(day), plan.zone.start_of(day), "{days}");
        }
    }
}
