//! The English of every kind of condition, plain and negated.

use discreet_segment::english::{PlainWording, Wording, outline, sentence};
use discreet_segment::{CodePattern, parse};

fn said(text: &str) -> String {
    let parsed = parse(text).unwrap_or_else(|e| panic!("{}", e.render(text)));
    sentence(parsed.expr(), &PlainWording)
}

#[test]
fn conditions_and_their_negations() {
    for (text, plain, negated) in [
        ("age in 50..74", "age is 50 to 74", "age is known and is not 50 to 74"),
        ("age >= 50", "age is at least 50", "age is known and is not at least 50"),
        ("age in 50..", "age is 50 or more", "age is known and is not 50 or more"),
        ("sex = female", "sex is female", "sex is known and is not female"),
        ("sex != female", "sex is known and is not female", "sex is female"),
        ("state in (CA, OR)", "state is CA or OR", "state is known and is none of CA or OR"),
        ("city = \"New York\"", "city is “New York”", "city is known and is not “New York”"),
        ("has_email = yes", "has email: yes", "has email: no"),
        ("has_email != true", "has email: no", "has email: yes"),
        ("city contains san", "city contains “san”", "city is known and does not contain “san”"),
        ("plan starts with Blue", "plan begins with “Blue”", "plan is known and does not begin with “Blue”"),
        (
            "birth_date < 1980-01-31",
            "birth date is before January 31, 1980",
            "birth date is known and is not before January 31, 1980",
        ),
        (
            "birth_date in 1980-01-31..",
            "birth date is on or after January 31, 1980",
            "birth date is known and is not on or after January 31, 1980",
        ),
        (
            "birth_date in last 1 year",
            "birth date is in the last year",
            "birth date is known and is not in the last year",
        ),
        (
            "interests has any (a, b)",
            "interests include a or b",
            "interests are known and include none of a or b",
        ),
        (
            "interests has all (a, b)",
            "interests include a and b",
            "interests are known and do not include all of a and b",
        ),
        ("lifestyle has none (a)", "lifestyle is known and does not include a", "lifestyle includes a"),
        ("missing language", "language is not known", "language is known"),
        (
            "any email_click in last 90 days then appointment where status = booked within 14 days",
            "had at least one email click in the last 90 days followed within 14 days by an appointment whose status is booked",
            "had no email click in the last 90 days followed within 14 days by an appointment whose status is booked",
        ),
        (
            "any page_view where page = \"/flu\" then page_view within 1 hour",
            "has had at least one page view whose page is “/flu” followed within 1 hour by a page view",
            "has had no page view whose page is “/flu” followed within 1 hour by a page view",
        ),
        (
            "birthday in next 7 days",
            "has a birthday in the next 7 days",
            "has a known birth date and no birthday in the next 7 days",
        ),
        (
            "has condition icd10:E11*",
            "has an active condition under ICD-10 E11",
            "has no active condition under ICD-10 E11",
        ),
        (
            "had condition (icd10:E11.9, @x)",
            "has had a condition with code ICD-10 E11.9 or in the value set “x”",
            "has never had a condition with code ICD-10 E11.9 or in the value set “x”",
        ),
        (
            "has procedure cpt:77067 in last 730 days",
            "has had a procedure with code CPT 77067, done in the last 730 days",
            "has never had a procedure with code CPT 77067, done in the last 730 days",
        ),
        (
            "has care_plan snomed:*",
            "has an active care plan with any code of SNOMED CT",
            "has no active care plan with any code of SNOMED CT",
        ),
        (
            "no appointment where status = no_show in last 12 months",
            "had no appointment whose status is no show in the last 12 months",
            "had at least one appointment whose status is no show in the last 12 months",
        ),
        (
            "at least 2 email_click in last 90 days",
            "had at least 2 email clicks in the last 90 days",
            "had fewer than 2 email clicks in the last 90 days",
        ),
        ("at most 1 page_view", "has had at most 1 page view", "has had more than 1 page view"),
        (
            "exactly 3 page_view after 2026-01-01",
            "has exactly 3 page views after January 1, 2026",
            "has more or fewer than 3 page views after January 1, 2026",
        ),
        (
            "latest observation where code = loinc:4548-4 value > 9",
            "in the latest observation whose code is LOINC 4548-4, value is more than 9",
            "in the latest observation whose code is LOINC 4548-4, value is known and is not more than 9",
        ),
        (
            "first encounter in last 30 days",
            "the first encounter is in the last 30 days",
            "the first encounter is known and is not in the last 30 days",
        ),
        (
            "has consent marketing by email",
            "has agreed to marketing by email",
            "has not agreed to marketing by email",
        ),
        (
            "withdrew consent marketing by sms",
            "has withdrawn consent to marketing by sms",
            "has not withdrawn consent to marketing by sms",
        ),
        ("in segment \"A b\"", "is in the segment “A b”", "is not in the segment “A b”"),
        (
            "zip within 25 miles of 94110",
            "zip is within 25 miles of ZIP code 94110",
            "zip is known and is not within 25 miles of ZIP code 94110",
        ),
        (
            "bucket 0..49 of 100 by x",
            "is in random parts 0 to 49 of 100 (split “x”)",
            "is not in random parts 0 to 49 of 100 (split “x”)",
        ),
    ] {
        assert_eq!(said(text), plain);
        assert_eq!(said(&format!("not ({text})")), negated);
        assert_eq!(said(&format!("not not ({text})")), plain);
    }
}

#[test]
fn groups_are_told_apart() {
    assert_eq!(said("age > 5 and sex = male"), "age is more than 5, and sex is male");
    assert_eq!(
        said("age > 5 and (sex = male or missing city and has_email = no)"),
        "age is more than 5, and any of (sex is male; or all of (city is not known; and has email: no))"
    );
    assert_eq!(said("not (age > 5 or sex = male)"), "none of (age is more than 5; or sex is male)");
    assert_eq!(said("not (age > 5 and sex = male)"), "not all of (age is more than 5; and sex is male)");
    assert_eq!(
        said("any appointment where (status = booked or missing type) and not (site = a and site = b)"),
        "has had at least one appointment whose (status is booked or type is not known) and \
         (site is known and is not a or site is known and is not b)"
    );
    let parsed = parse("age > 5 and not (sex = male or missing city)").unwrap();
    assert_eq!(
        outline(parsed.expr(), &PlainWording),
        "- all of these are true:\n  - age is more than 5\n  - none of these is true:\n    - sex is male\n    - city is not known\n"
    );
}

struct Titles;

impl Wording for Titles {
    fn attribute(&self, name: &str) -> String {
        format!("the {name}")
    }
    fn code(&self, code: &CodePattern) -> Option<String> {
        (code.code.value == "E11").then(|| "type 2 diabetes".to_owned())
    }
    fn value_set(&self, _: &str) -> String {
        "Diabetes".to_owned()
    }
}

#[test]
fn titles_and_code_names_come_from_outside() {
    let parsed = parse("age > 5 and has condition (icd10:E11*, @d)").unwrap();
    assert_eq!(
        sentence(parsed.expr(), &Titles),
        "the age is more than 5, and has an active condition under ICD-10 E11 (type 2 diabetes) or in the value set Diabetes"
    );
}
