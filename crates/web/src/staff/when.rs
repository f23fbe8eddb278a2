//! Dates and times as staff read them, in the organization's zone.

use discreet_domain::{Day, Timestamp, When, Zone};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTHS_WHOLE: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn nth(names: &[&'static str; 12], month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or("")
}

/// `Nov 24, 2026`
pub(crate) fn day(day: Day) -> String {
    let (year, month, day) = day.ymd();
    format!("{} {day}, {year}", nth(&MONTHS, month))
}
/// `10:02 AM`
pub(crate) fn clock(zone: &Zone, at: Timestamp) -> String {
    let hour = zone.hour_of(at);
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    format!("{hour}:{:02} {half}", zone.minute_of(at))
}
/// `Nov 24, 2026, 10:02 AM`
pub(crate) fn time(zone: &Zone, at: Timestamp) -> String {
    format!("{}, {}", day(zone.day_of(at)), clock(zone, at))
}
/// As exactly as it is known: `2019`, `Mar 2019`, `Mar 4, 2019`.
pub(crate) fn when(zone: &Zone, when: When) -> String {
    when.for_people(zone)
}
/// `March 2019`; the year alone if that is all that is known.
pub(crate) fn month(zone: &Zone, when: When) -> String {
    let (year, month) = match when {
        When::Year(year) => return year.to_string(),
        When::Month(year, month) => (year, month),
        other => {
            let (year, month, _) = other.days(zone).0.ymd();
            (year, month)
        }
    };
    format!("{} {year}", nth(&MONTHS_WHOLE, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        let zone = Zone::named("America/Los_Angeles").unwrap();
        let at = Timestamp::parse("2026-11-24T18:02:00Z").unwrap();
        assert_eq!(when(&zone, When::At(at)), time(&zone, at));
        assert_eq!(time(&zone, at), "Nov 24, 2026, 10:02 AM");
        assert_eq!(clock(&zone, Timestamp::parse("2026-11-24T08:00:00Z").unwrap()), "12:00 AM");
        assert_eq!(clock(&zone, Timestamp::parse("2026-11-24T20:30:00Z").unwrap()), "12:30 PM");
        for (text, shown, head) in [
            ("2019", "2019", "2019"),
            ("2019-03", "Mar 2019", "March 2019"),
            ("2019-03-04", "Mar 4, 2019", "March 2019"),
        ] {
            let known: When = text.parse().unwrap();
            assert_eq!((when(&zone, known), month(&zone, known)), (shown.to_owned(), head.to_owned()));
        }
    }
}
