//! What visits are for, how they end, and how often people come.

/// A kind of visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct VisitType {
    /// The code in the clinic's own list, which the imported `type` shows.
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    pub(crate) minutes: i32,
    /// By video rather than in person.
    pub(crate) by_video: bool,
}

const fn visit(code: &'static str, words: &'static str, minutes: i32) -> VisitType {
    VisitType { code, words, minutes, by_video: false }
}

/// A yearly physical.
pub(crate) const PHYSICAL: VisitType = visit("annual_physical", "Annual physical", 45);
/// A return visit.
pub(crate) const FOLLOW_UP: VisitType = visit("follow_up", "Follow-up", 20);
/// The first visit.
pub(crate) const NEW_PATIENT: VisitType = visit("new_patient", "New patient", 45);
/// Unplanned.
pub(crate) const URGENT: VisitType = visit("urgent", "Urgent visit", 20);
/// By video.
pub(crate) const TELEHEALTH: VisitType =
    VisitType { by_video: true, ..visit("telehealth", "Telehealth", 20) };
/// Dressings, injections, blood pressure.
pub(crate) const NURSE: VisitType = visit("nurse_visit", "Nurse visit", 15);
/// Blood and urine.
pub(crate) const LAB: VisitType = visit("lab", "Lab visit", 15);
/// Vaccines only.
pub(crate) const VACCINATION: VisitType = visit("vaccination", "Vaccination", 15);
/// For people with diabetes.
pub(crate) const DIABETES_CHECK: VisitType = visit("diabetes_check", "Diabetes check", 30);
/// Before birth.
pub(crate) const PRENATAL: VisitType = visit("prenatal", "Prenatal visit", 30);
/// Children's physical.
pub(crate) const WELL_CHILD: VisitType = visit("well_child", "Well-child visit", 30);
/// Counselling.
pub(crate) const BEHAVIORAL: VisitType = visit("behavioral_health", "Behavioral health", 50);

/// For any adult, by weight.
pub(crate) const ADULT: [(u32, VisitType); 8] = [
    (30, FOLLOW_UP),
    (22, PHYSICAL),
    (14, URGENT),
    (12, TELEHEALTH),
    (8, LAB),
    (6, NURSE),
    (5, VACCINATION),
    (3, NEW_PATIENT),
];
/// For any child, by weight.
pub(crate) const CHILD: [(u32, VisitType); 5] =
    [(45, WELL_CHILD), (22, URGENT), (14, VACCINATION), (12, FOLLOW_UP), (7, TELEHEALTH)];

/// How active someone is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Pace {
    /// Hardly at all.
    Dormant,
    /// Now and then.
    Light,
    /// Regularly.
    Steady,
    /// Often.
    Heavy,
    /// All the time.
    Extreme,
}

/// Visits in three years: weight, pace, least, most.
pub(crate) const VISIT_PACES: [(u32, Pace, i32, i32); 5] = [
    (14, Pace::Dormant, 0, 1),
    (44, Pace::Light, 1, 3),
    (31, Pace::Steady, 3, 8),
    (10, Pace::Heavy, 8, 22),
    (1, Pace::Extreme, 22, 60),
];

/// Page views, log-ins, opens and clicks in two years: weight, pace, least, most.
pub(crate) const ONLINE_PACES: [(u32, Pace, i32, i32); 5] = [
    (34, Pace::Dormant, 0, 0),
    (37, Pace::Light, 1, 5),
    (21, Pace::Steady, 5, 20),
    (7, Pace::Heavy, 20, 60),
    (1, Pace::Extreme, 80, 400),
];
