//! The clinic itself: three sites and six people who see patients there. All invented.

/// A place of care.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) line: &'static str,
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) zip: &'static str,
}

/// The three sites.
pub(crate) const SITES: [Site; 3] = [
    Site {
        id: "site-riverside",
        name: "Riverside",
        line: "12 Example Wharf",
        city: "Lowell",
        state: "MA",
        zip: "01850",
    },
    Site {
        id: "site-hillcrest",
        name: "Hillcrest",
        line: "400 Sample Hill Rd",
        city: "Nashua",
        state: "NH",
        zip: "03060",
    },
    Site {
        id: "site-old-mill",
        name: "Old Mill",
        line: "7 Specimen Sq",
        city: "Worcester",
        state: "MA",
        zip: "01601",
    },
];

/// Someone who sees patients.
#[derive(Debug)]
pub(crate) struct Clinician {
    pub(crate) id: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    /// With title, as patients know them.
    pub(crate) name: &'static str,
}

const fn clinician(id: &'static str, name: [&'static str; 4]) -> Clinician {
    let [prefix, given, family, name] = name;
    Clinician { id, prefix, given, family, name }
}

/// Two at each site, in the order of [`SITES`].
pub(crate) const CLINICIANS: [Clinician; 6] = [
    clinician("staff-okonkwo", ["Dr.", "Adaeze", "Okonkwo", "Dr. Adaeze Okonkwo"]),
    clinician("staff-whitcomb", ["Dr.", "Daniel", "Whitcomb", "Dr. Daniel Whitcomb"]),
    clinician("staff-chen", ["Dr.", "Mei-Ling", "Chen", "Dr. Mei-Ling Chen"]),
    clinician("staff-ortega", ["Dr.", "Rafael", "Ortega", "Dr. Rafael Ortega"]),
    clinician("staff-lindqvist", ["NP", "Hanna", "Lindqvist", "Hanna Lindqvist, NP"]),
    clinician("staff-raman", ["Dr.", "Priya", "Raman", "Dr. Priya Raman"]),
];

/// The clinic as a whole: id and name of its `Organization`.
pub(crate) const CLINIC: (&str, &str) = ("org-larkfield", "Larkfield Family Health");
