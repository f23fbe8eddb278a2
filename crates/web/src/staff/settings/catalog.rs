//! The catalog: every attribute and kind of event there is, and how careful to be with each.

use super::tabs;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use discreet_domain::catalog::Kind;
use discreet_domain::{Catalog as Known, Label};

/// The catalog.
#[derive(Template, Debug)]
#[template(path = "staff/settings/catalog.html")]
pub(crate) struct Catalog {
    frame: Frame,
    tabs: Tabs,
    catalog: Known,
}

impl Catalog {
    fn badge(&self, label: &Label) -> Badge {
        parts::badge(*label)
    }
    fn kind(&self, kind: &Kind) -> &'static str {
        match kind {
            Kind::Text => "Words",
            Kind::Number => "Number",
            Kind::Bool => "Yes or no",
            Kind::Date => "Date",
            Kind::Code => "Code",
            Kind::Set => "Several words",
            Kind::Zip => "ZIP code",
        }
    }
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Catalog>> {
    let frame = Frame::of(&site, &signed, Section::Settings).await?;
    Ok(Page(Catalog { frame, tabs: tabs(&signed, "/settings/catalog"), catalog: Known::builtin() }))
}
