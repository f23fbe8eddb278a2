//! One's own account: theme, second factor, staying signed in.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{GoTo, Page};
use crate::staff::parts::{self, Choice};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

/// One's own account.
#[derive(Template, Debug)]
#[template(path = "staff/me.html")]
pub(crate) struct Me {
    frame: Frame,
    form: Form,
    name: String,
    roles: Vec<(&'static str, &'static str)>,
    has_second: bool,
}

impl Me {
    fn themes(&self) -> Vec<Choice> {
        [("system", "As my system"), ("light", "Light"), ("dark", "Dark")]
            .map(|(value, label)| Choice::new(&self.form, "theme", value, label))
            .to_vec()
    }
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Me>> {
    let frame = Frame::of(&site, &signed, Section::Me).await?;
    Ok(Page(Me {
        frame,
        form: Form::default().with("theme", signed.theme().unwrap_or("system")),
        name: signed.name().to_owned(),
        roles: signed.who().roles().iter().map(|role| (role.title(), role.meaning())).collect(),
        has_second: signed.has_second(),
    }))
}

pub(crate) async fn set_theme(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<GoTo> {
    let theme = Some(posted.get("theme")).filter(|theme| *theme != "system");
    site.app.set_theme(signed.who(), theme).await?;
    Ok(GoTo::page("/me"))
}

/// A person asks to stay signed in: asking is enough.
pub(crate) async fn stay(_: Signed, _: Posted) -> StatusCode {
    StatusCode::NO_CONTENT
}
