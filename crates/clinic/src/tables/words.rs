//! Interests, values and ways of life, the pages and campaigns that go with them, and where mail goes.

/// Interests by weight; each is also a topic page.
pub(crate) const INTERESTS: [(u32, &str); 20] = [
    (90, "nutrition"),
    (80, "walking"),
    (70, "sleep"),
    (70, "heart_health"),
    (65, "cooking"),
    (60, "yoga"),
    (60, "healthy_aging"),
    (55, "parenting"),
    (55, "gardening"),
    (50, "stress_relief"),
    (50, "running"),
    (45, "vaccines"),
    (45, "diabetes_care"),
    (45, "womens_health"),
    (40, "mens_health"),
    (40, "meditation"),
    (35, "cycling"),
    (35, "swimming"),
    (30, "travel_health"),
    (30, "quit_smoking"),
];

/// Values by weight.
pub(crate) const VALUES: [(u32, &str); 9] = [
    (30, "convenience"),
    (28, "family_first"),
    (25, "prevention"),
    (22, "price_sensitive"),
    (18, "independence"),
    (16, "evidence"),
    (15, "privacy"),
    (12, "tradition"),
    (10, "environment"),
];

/// Ways of life by weight; `new_parent`, `student` and `retired` follow from the person.
pub(crate) const LIFESTYLES: [(u32, &str); 8] = [
    (30, "active"),
    (26, "sedentary"),
    (22, "commuter"),
    (20, "outdoors"),
    (16, "caregiver"),
    (14, "shift_worker"),
    (12, "vegetarian"),
    (10, "night_owl"),
];

/// Mail domains by weight. Every one is reserved (RFC 2606, RFC 6761): mail to it reaches nobody.
pub(crate) const DOMAINS: [(u32, &str); 10] = [
    (24, "example.com"),
    (18, "mail.example.com"),
    (15, "example.org"),
    (12, "example.net"),
    (11, "inbox.test"),
    (8, "webmail.test"),
    (5, "post.example.org"),
    (4, "home.example.net"),
    (2, "family.test"),
    (1, "old-isp.invalid"),
];

/// What stands in the field when there is no address: half of it placeholders, half of it mistakes.
pub(crate) const PLACEHOLDERS: [&str; 4] =
    ["none@none.com", "noemail@noemail.com", "declined@example.com", "refused@example.org"];

/// What events are, of a thousand: opened mail, page views, portal log-ins, clicks.
pub(crate) const ONLINE_KINDS: [(u32, &str); 4] =
    [(480, "email_open"), (280, "page_view"), (150, "portal_login"), (90, "email_click")];

/// Pages that are no interest.
pub(crate) const PLAIN_PAGES: [&str; 6] =
    ["/", "/hours", "/locations", "/our-team", "/appointments", "/insurance"];

/// Kinds of payer, their source-of-payment code, and the plans of each. All plans are invented.
pub(crate) const PAYERS: [(&str, &str, &str, &[&str]); 6] = [
    (
        "commercial",
        "5",
        "Commercial insurance",
        &["Blue Lantern PPO", "Granite HMO", "Harbor Choice", "Bay Colony PPO", "Union Trust Plan"],
    ),
    ("medicare", "1", "Medicare", &["Medicare Part B", "Silver Birch Advantage", "Lighthouse Advantage"]),
    ("medicaid", "2", "Medicaid", &["State Medicaid", "Neighborly Care"]),
    ("dual", "14", "Medicare and Medicaid", &["Twin Rivers Dual"]),
    ("va", "32", "Department of Veterans Affairs", &["VA Health"]),
    ("self_pay", "81", "Self-pay", &[]),
];
