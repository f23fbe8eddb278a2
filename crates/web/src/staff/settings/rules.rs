//! The rules: the decision table, labels, what holds mail back. Read by all staff, set by nobody here.

use super::tabs;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use discreet_domain::Label;
use discreet_policy::{Denied, Outcome, Row, TABLE, TABLE_VERSION};

/// What each label is for.
const LABELS: [(Label, &str, &str); 6] = [
    (Label::L0, "Configuration, texts, names of topics.", "Anything."),
    (
        Label::L1,
        "Age, sex, place, language, interests, how to reach somebody.",
        "All mail a patient agreed to.",
    ),
    (
        Label::L2,
        "Conditions, medicines, visits, results, payers.",
        "Care; and our own health services, approved by a second person.",
    ),
    (
        Label::L3,
        "Mental health, HIV and STI, reproductive, genetic, substance use, abuse.",
        "Care. Not for marketing unless a privacy officer agrees.",
    ),
    (
        Label::L4,
        "42 CFR Part 2 records; records under an agreed restriction.",
        "Nothing that is sent from here.",
    ),
    (Label::L5, "Psychotherapy notes, SUD counseling notes.", "Never imported, never used."),
];

/// The page.
#[derive(Template, Debug)]
#[template(path = "staff/settings/rules.html")]
pub(crate) struct Rules {
    frame: Frame,
    tabs: Tabs,
    version: &'static str,
    rows: &'static [Row],
    vetoes: &'static [Denied],
}

impl Rules {
    fn labels(&self) -> Vec<(Badge, &'static str, &'static str, &'static str)> {
        LABELS.map(|(label, what, what_for)| (parts::badge(label), label.meaning(), what, what_for)).into()
    }
    fn outcome(&self, row: &Row) -> (&'static str, &'static str) {
        match row.outcome {
            Outcome::Allow => ("Allowed", "ok"),
            Outcome::Authorization => ("Needs a signed authorization", "warn"),
            Outcome::PaidAuthorization => ("Needs one that states the payment", "warn"),
            Outcome::Deny => ("Not allowed", "bad"),
        }
    }
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Rules>> {
    let frame = Frame::of(&site, &signed, Section::Settings).await?;
    let tabs = tabs(&signed, "/rules");
    Ok(Page(Rules { frame, tabs, version: TABLE_VERSION, rows: &TABLE, vetoes: Denied::ALL }))
}
