//! One patient of the bench population.

use super::states::STATES;
use super::zipf::{activity, around};
use super::{Files, NOW_SECONDS, Tables, now};
use crate::plan::{mrn, patient_id};
use crate::random::{Dice, Stream};
use crate::tables::names::{
    BLACK_FAMILIES, ENGLISH_FAMILIES, ENGLISH_MEN, ENGLISH_WOMEN, SPANISH_FAMILIES, SPANISH_MEN,
    SPANISH_WOMEN,
};
use crate::tables::words::DOMAINS;
use discreet_domain::{Day, Timestamp};
use std::io::{self, Write};

const TODAY: Day = Day::from_number((NOW_SECONDS / 86_400) as i32);

const LANGUAGES: [(u32, &str); 8] =
    [(760, "en"), (140, "es"), (25, "zh"), (20, "vi"), (15, "ar"), (15, "fr"), (13, "ko"), (12, "ru")];
const PAYERS: [(u32, &str); 6] =
    [(500, "commercial"), (190, "medicare"), (190, "medicaid"), (25, "dual"), (25, "va"), (70, "self_pay")];
const SEXES: [(u32, &str); 4] = [(520, "female"), (468, "male"), (8, "other"), (4, "")];
const STATUSES: [(u32, &str); 3] = [(780, "fulfilled"), (90, "no_show"), (130, "cancelled")];
const TYPES: [(u32, &str); 12] = [
    (24, "follow_up"),
    (18, "annual_physical"),
    (12, "urgent"),
    (10, "telehealth"),
    (8, "lab"),
    (7, "nurse_visit"),
    (5, "vaccination"),
    (4, "diabetes_check"),
    (4, "well_child"),
    (3, "prenatal"),
    (3, "behavioral_health"),
    (2, "new_patient"),
];
const KINDS: [(u32, &str); 4] =
    [(480, "email_open"), (280, "page_view"), (150, "portal_login"), (90, "email_click")];
/// Of a hundred who say something, topic, channel.
const TOPICS: [(u32, &str, &str); 5] = [
    (68, "marketing", "email"),
    (52, "newsletter", "email"),
    (74, "care", "email"),
    (42, "reminders", "sms"),
    (27, "marketing", "sms"),
];
const INTERESTS: [&str; 40] = [
    "wellness",
    "nutrition",
    "walking",
    "sleep",
    "heart_health",
    "price_sensitive",
    "yoga",
    "running",
    "parenting",
    "cooking",
    "gardening",
    "cycling",
    "swimming",
    "meditation",
    "stress_relief",
    "healthy_aging",
    "womens_health",
    "mens_health",
    "diabetes_care",
    "vaccines",
    "travel_health",
    "quit_smoking",
    "dancing",
    "hiking",
    "reading",
    "music",
    "pets",
    "volunteering",
    "fishing",
    "golf",
    "tennis",
    "knitting",
    "photography",
    "theater",
    "birding",
    "camping",
    "board_games",
    "baking",
    "pottery",
    "history",
];

/// A patient under way.
struct Row<'a> {
    files: &'a mut Files,
    id: String,
    dice: Dice,
    born: Day,
    /// The last day of anything: today, or the day of death.
    last: Day,
    activity: f64,
}

/// Writes everything of one patient.
pub(super) fn patient(files: &mut Files, tables: &Tables, seed: u64, index: u32) -> io::Result<()> {
    let mut dice = Dice::new(seed, index, Stream::Person);
    let age = dice.between(0, 61) + dice.between(0, 33);
    let born = TODAY.plus_days(-365 * age - dice.between(1, 364));
    let dead = dice.chance(if age < 60 { 4 } else { 36 });
    let last = if dead { TODAY.plus_days(-dice.between(10, 900)).max(born) } else { TODAY };
    let activity = activity(&mut dice);
    let mut row = Row { files, id: patient_id(index), dice, born, last, activity };
    row.identity(index, dead)?;
    row.codes(tables)?;
    row.appointments(index)?;
    row.events()?;
    row.consents()?;
    row.interests()
}

impl Row<'_> {
    fn identity(&mut self, index: u32, dead: bool) -> io::Result<()> {
        let Row { files, id, dice, born, .. } = self;
        let sex = dice.weighted(&SEXES, |row| row.0).1;
        let language = dice.weighted(&LANGUAGES, |row| row.0).1;
        let (given, family) = match (sex, language) {
            ("male", "es") => (dice.pick(SPANISH_MEN.younger), dice.pick(SPANISH_FAMILIES)),
            (_, "es") => (dice.pick(SPANISH_WOMEN.younger), dice.pick(SPANISH_FAMILIES)),
            ("male", _) => (dice.pick(ENGLISH_MEN.younger), dice.pick(ENGLISH_FAMILIES)),
            _ => (dice.pick(ENGLISH_WOMEN.younger), dice.pick(BLACK_FAMILIES)),
        };
        let domain = dice.weighted(&DOMAINS, |row| row.0).1;
        let email = if dice.chance(880) { format!("p{index}@{domain}") } else { String::new() };
        let (_, state, zips) = dice.weighted(&STATES, |row| row.0);
        let zip = dice.pick(zips);
        let language = if dice.chance(30) { "" } else { language };
        let payer = dice.weighted(&PAYERS, |row| row.0).1;
        let (mrn, deceased) = (mrn(index), if dead { "true" } else { "false" });
        files.patients.row(|to| {
            writeln!(
                to,
                "{id},{mrn},{family},{given},{born},{sex},{email},{state},{zip},{language},{payer},{deceased}"
            )
        })
    }

    fn day_in_last(&mut self, days: i32) -> Day {
        let lived = self.last.number() - self.born.number();
        self.last.plus_days(-self.dice.between(0, days.min(lived)))
    }
    /// An instant in the last so many days before now.
    fn instant_in_last(&mut self, days: i32) -> Timestamp {
        let day = self.day_in_last(days);
        let second = self.dice.between(0, 86_399);
        let at =
            Timestamp::from_micros(i64::from(day.number()) * 86_400_000_000).plus_seconds(i64::from(second));
        at.min(now().plus_seconds(-i64::from(second) - 1))
    }
    /// How many of a thing that people have so many of on average.
    fn many(&mut self, mean: f64) -> u32 {
        around(mean * self.activity, &mut self.dice)
    }

    fn codes(&mut self, tables: &Tables) -> io::Result<()> {
        // Half by activity, half for everyone; a few are drawn twice and count once.
        let count = self.many(1.58) + around(1.58, &mut self.dice);
        for code in tables.conditions.some(count, &mut self.dice) {
            let (onset, over) = (self.day_in_last(3650), self.dice.chance(180));
            let end = self.end_after(onset, over);
            let status = if over { "resolved" } else { "active" };
            let id = &self.id;
            self.files.conditions.row(|to| writeln!(to, "{id},icd10,{code},{onset},{end},{status}"))?;
        }
        let count = self.many(1.05) + around(1.05, &mut self.dice);
        for code in tables.medications.some(count, &mut self.dice) {
            let (start, over) = (self.day_in_last(2000), self.dice.chance(333));
            let end = self.end_after(start, over);
            let status = if over { "stopped" } else { "active" };
            let id = &self.id;
            self.files.medications.row(|to| writeln!(to, "{id},rxnorm,{code},{start},{end},{status}"))?;
        }
        Ok(())
    }

    fn end_after(&mut self, start: Day, over: bool) -> String {
        let left = self.last.number() - start.number();
        if over { start.plus_days(self.dice.between(0, left)).to_string() } else { String::new() }
    }

    fn appointments(&mut self, patient: u32) -> io::Result<()> {
        for number in 0..self.many(6.0) {
            let ahead = self.last == TODAY && self.dice.chance(90);
            let time = if ahead {
                now().plus_seconds(i64::from(self.dice.between(0, 90 * 96 - 1)) * 900)
            } else {
                self.instant_in_last(1095)
            };
            let status = match ahead {
                true if self.dice.chance(900) => "booked",
                true => "cancelled",
                false => self.dice.weighted(&STATUSES, |row| row.0).1,
            };
            let kind = self.dice.weighted(&TYPES, |row| row.0).1;
            let (provider, site, id) = (self.dice.below(40), self.dice.below(8), &self.id);
            self.files.appointments.row(|to| {
                writeln!(
                    to,
                    "apt-{patient}-{number},{id},{time},{status},{kind},provider {provider},site {site}"
                )
            })?;
        }
        Ok(())
    }

    fn events(&mut self) -> io::Result<()> {
        let mut times: Vec<Timestamp> = (0..self.many(15.0)).map(|_| self.instant_in_last(730)).collect();
        times.sort_unstable();
        times.dedup();
        for time in times {
            let (kind, topic) = (self.dice.weighted(&KINDS, |row| row.0).1, self.dice.pick(&INTERESTS));
            let (campaign, id) = (self.dice.below(48), &self.id);
            self.files.events.row(|to| match kind {
                "page_view" => writeln!(to, "{id},{kind},{time},/topics/{topic},,"),
                "email_open" => writeln!(to, "{id},{kind},{time},,campaign-{campaign},"),
                "email_click" => writeln!(to, "{id},{kind},{time},,campaign-{campaign},/topics/{topic}"),
                _ => writeln!(to, "{id},{kind},{time},,,"),
            })?;
        }
        Ok(())
    }

    fn consents(&mut self) -> io::Result<()> {
        for (percent, topic, channel) in TOPICS {
            if !self.dice.chance(percent * 10) {
                continue;
            }
            let given = self.instant_in_last(1460);
            self.act(topic, channel, "granted", given)?;
            if self.dice.chance(100) {
                let left = ((now().micros() - given.micros()) / 1_000_000).min(i64::from(i32::MAX)) as i32;
                let taken = given.plus_seconds(i64::from(self.dice.between(1, left - 1)));
                self.act(topic, channel, "withdrawn", taken)?;
            }
        }
        Ok(())
    }

    fn act(&mut self, topic: &str, channel: &str, action: &str, time: Timestamp) -> io::Result<()> {
        let method = self.dice.pick(&["web_form", "paper", "portal", "phone"]);
        let id = &self.id;
        self.files.consents.row(|to| writeln!(to, "{id},{topic},{channel},{action},{time},1,{method}"))
    }

    fn interests(&mut self) -> io::Result<()> {
        let mut words: Vec<&str> = (0..around(2.6, &mut self.dice)).map(|_| self.interest()).collect();
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            return Ok(());
        }
        let id = &self.id;
        self.files.interests.row(|to| writeln!(to, "{id},interests,{}", words.join(";")))
    }

    /// The first of the list come most.
    fn interest(&mut self) -> &'static str {
        let end = 1 + self.dice.below(INTERESTS.len() as u32);
        INTERESTS.get(self.dice.below(end) as usize).copied().unwrap_or("wellness")
    }
}
