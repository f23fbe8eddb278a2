//! What `discreet demo` shows on the clinic: its name, its segments, its newsletter.

/// The clinic of the demo, for footers and senders. All of it is invented; the telephone number is one that is never
/// given out, the addresses reach nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clinic {
    /// Its name.
    pub name: &'static str,
    /// Its postal address, as CAN-SPAM wants it in every newsletter.
    pub postal: &'static str,
    /// Its telephone number.
    pub phone: &'static str,
    /// What its mail is from.
    pub from: &'static str,
}

/// The clinic of the demo.
pub const CLINIC: Clinic = Clinic {
    name: "Larkfield Family Health",
    postal: "12 Example Wharf, Lowell, MA 01850",
    phone: "978-555-0100",
    from: "news@larkfield.example.org",
};

/// A segment of the demo.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Its name.
    pub name: &'static str,
    /// What it says, in the segment language.
    pub text: &'static str,
    /// What it is for, in a sentence.
    pub note: &'static str,
}

/// The segment the newsletter goes to.
pub const AUDIENCE: Segment = Segment {
    name: "Adults who like to be outdoors",
    text: "age >= 18\nand (interests has any (walking, gardening, healthy_aging, heart_health) or lifestyle has any (active, outdoors))",
    note: "For the autumn walks. Rests on what people chose themselves, so nothing about their health can be guessed from the mail.",
};

/// All segments, the newsletter's first.
pub const SEGMENTS: [Segment; 8] = [
    AUDIENCE,
    Segment {
        name: "Newsletter readers who like walking",
        text: "interests has any (walking)\nand has consent newsletter by email\nand any email_click in last 12 months",
        note: "The people most likely to come, and to bring someone.",
    },
    Segment {
        name: "Diabetes, A1c overdue",
        text: "has condition icd10:E11*\nand no observation where code = loinc:4548-4 in last 6 months",
        note: "A gap in care: type 2 diabetes, and no A1c for half a year.",
    },
    Segment {
        name: "Women 50–74 due for a mammogram",
        text: "sex = female and age in 50..74\nand not had procedure cpt:77067 in last 24 months",
        note: "Screening is advised every two years at these ages.",
    },
    Segment {
        name: "Booked in the next 14 days",
        text: "any appointment where status = booked in next 14 days",
        note: "For reminders, which need no opt-in.",
    },
    Segment {
        name: "New parents",
        text: "lifestyle has any (new_parent)\nor had condition icd10:Z39* in last 12 months",
        note: "Said so, or had a child in the last year. Sensitive: it rests on pregnancy care.",
    },
    Segment {
        name: "No visit in 18 months",
        text: "age >= 18\nand no encounter where status = finished in last 18 months\nand no appointment where status = booked in next 90 days",
        note: "Not seen for a year and a half, and nothing booked.",
    },
    Segment {
        name: "Spanish, Medicare or Medicaid",
        text: "language = es and payer in (medicare, medicaid, dual)",
        note: "For the benefits evening held in Spanish.",
    },
];

/// A newsletter: Markdown with merge fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Newsletter {
    /// What the campaign is called inside the clinic.
    pub name: &'static str,
    /// The topic whose opt-in it needs.
    pub topic: &'static str,
    /// Subject.
    pub subject: &'static str,
    /// The line that mail programs show after the subject.
    pub preheader: &'static str,
    /// Body. Footer, postal address and unsubscribe link are the mailer's.
    pub body: &'static str,
}

/// The newsletter of the demo: the clinic's own, free walking group. It says nothing that could not be said to anyone
/// in town.
pub const NEWSLETTER: Newsletter = Newsletter {
    name: "Autumn walks",
    topic: "marketing",
    subject: "Autumn walks: join our Saturday group",
    preheader: "Saturdays at 9 by the river. An easy pace, good company, coffee after.",
    body: include_str!("newsletter.md"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different_and_the_audience_comes_first() {
        let mut names: Vec<&str> = SEGMENTS.iter().map(|s| s.name).collect();
        assert_eq!(names.first(), Some(&AUDIENCE.name));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SEGMENTS.len());
    }

    #[test]
    fn the_newsletter_knows_no_more_than_a_name() {
        let fields: Vec<&str> = NEWSLETTER
            .body
            .split("{{")
            .skip(1)
            .filter_map(|rest| rest.split("}}").next())
            .map(str::trim)
            .collect();
        assert_eq!(fields, [r#"preferred_name | "friend""#]);
        assert!(!NEWSLETTER.subject.contains("{{") && !NEWSLETTER.preheader.contains("{{"));
        assert!(NEWSLETTER.subject.chars().count() <= 50, "mail programs cut it");
    }
}
