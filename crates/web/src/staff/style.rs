//! `/ui`: every part in every state, for whoever builds or judges pages.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Form;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge, Choice};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use discreet_domain::Label;

/// The living style page.
#[derive(Template, Debug)]
#[template(path = "staff/style.html")]
pub(crate) struct Style {
    frame: Frame,
    form: Form,
}

impl Style {
    fn badges(&self) -> Vec<Badge> {
        [Label::L0, Label::L1, Label::L2, Label::L3, Label::L4, Label::L5].map(parts::badge).into()
    }
    fn choices(&self, name: &str) -> Vec<Choice> {
        [("one", "One"), ("two", "Two")]
            .map(|(v, l)| Choice::new(&self.form, name, v, l).hint("What it means"))
            .to_vec()
    }
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Style>> {
    let mut form = Form::default().with("full", "Wojciechowska-Featherstonehaugh").with("pick", "two");
    form.wrong("wrong", "Enter your email, like name@example.com");
    Ok(Page(Style { frame: Frame::of(&site, &signed, Section::Me).await?, form }))
}
