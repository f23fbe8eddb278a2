//! Settings › People: who may sign in, and with which roles.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice, Tabs};
use crate::staff::settings;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use discreet_access::{ManageUsers, Role, Roles};
use discreet_app::AppError;
use discreet_app::accounts::Account;
use discreet_domain::UserId;

/// Everyone, and a form to add somebody.
#[derive(Template, Debug)]
#[template(path = "staff/people.html")]
pub(crate) struct People {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    people: Vec<Account>,
    /// A link to hand over, shown this once: whose, and where it leads.
    link: Option<(String, String)>,
}

/// One person.
#[derive(Template, Debug)]
#[template(path = "staff/person.html")]
pub(crate) struct OnePerson {
    frame: Frame,
    form: Form,
    person: Account,
    own: bool,
}

fn roles(form: &Form) -> Vec<Choice> {
    Role::ALL
        .iter()
        .map(|role| Choice::new(form, "roles", role.name(), role.title()).hint(role.meaning()))
        .collect()
}

fn read_roles(posted: &Posted) -> Roles {
    Roles::of(&posted.all("roles").into_iter().filter_map(Role::parse).collect::<Vec<_>>())
}

impl People {
    fn role_choices(&self) -> Vec<Choice> {
        roles(&self.form)
    }
}
impl OnePerson {
    fn role_choices(&self) -> Vec<Choice> {
        roles(&self.form)
    }
}

async fn page(site: &Site, signed: &Signed, form: Form, link: Option<(String, String)>) -> Result<People> {
    let frame = Frame::of(site, signed, Section::Settings).await?;
    let people = site.app.accounts(signed.leave(site, ManageUsers).await?).await?;
    Ok(People { frame, tabs: settings::tabs(signed, "/settings/people"), form, people, link })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<People>> {
    Ok(Page(page(&site, &signed, Form::default(), None).await?))
}

/// A path of ours as an address to hand over, on the host the administrator reached us at.
fn whole(site: &Site, headers: &HeaderMap, path: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}{path}", if site.options.https { "https" } else { "http" })
}

pub(crate) async fn invite(
    State(site): State<Site>,
    signed: Signed,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response> {
    let mut form = Form::of(&posted, &["name", "email", "roles"]);
    form.need("name", "Enter the person’s name");
    form.need("email", "Enter an email address, like name@example.com");
    if posted.all("roles").is_empty() {
        form.wrong("roles", "Choose at least one role");
    }
    if form.is_fine() {
        let by = signed.leave(&site, ManageUsers).await?;
        let (name, email) = (posted.get("name"), posted.get("email"));
        match site.app.invite(by, name, email, read_roles(&posted), site.now()).await {
            Ok(secret) => {
                let path = format!("/welcome/{}", secret.reveal());
                let link = (name.to_owned(), whole(&site, &headers, &path));
                return Ok(Page(page(&site, &signed, Form::default(), Some(link)).await?).into_response());
            }
            Err(AppError::Invalid(text) | AppError::Conflict(text)) => {
                form.wrong(if text.contains("address") { "email" } else { "name" }, capital(&text));
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(page(&site, &signed, form, None).await?).into_response())
}

async fn account(site: &Site, signed: &Signed, id: &str) -> Result<Account> {
    let user: UserId = id.parse().map_err(|_| StaffError::Missing("person"))?;
    let all = site.app.accounts(signed.leave(site, ManageUsers).await?).await?;
    all.into_iter().find(|account| account.user == user).ok_or(StaffError::Missing("person"))
}

pub(crate) async fn show_one(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Page<OnePerson>> {
    let person = account(&site, &signed, &id).await?;
    let mut form = Form::default();
    form.set_all("roles", person.roles.names());
    let frame = Frame::of(&site, &signed, Section::Settings).await?;
    Ok(Page(OnePerson { frame, form, own: person.user == signed.who().user(), person }))
}

pub(crate) async fn set_roles(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<GoTo> {
    let person = account(&site, &signed, &id).await?;
    let roles = read_roles(&posted);
    if roles == Roles::default() {
        return Err(StaffError::Refused(
            "a person needs at least one role; to take all away, disable them".to_owned(),
        ));
    }
    site.app.set_roles(signed.leave(&site, ManageUsers).await?, &person.name, roles, site.now()).await?;
    Ok(GoTo::page("/settings/people"))
}

pub(crate) async fn disable(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    _: Posted,
) -> Result<GoTo> {
    let person = account(&site, &signed, &id).await?;
    site.app.disable_user(signed.leave(&site, ManageUsers).await?, &person.name, site.now()).await?;
    Ok(GoTo::page("/settings/people"))
}

pub(crate) async fn invite_again(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: Posted,
) -> Result<Page<People>> {
    let person = account(&site, &signed, &id).await?;
    let secret =
        site.app.invite_again(signed.leave(&site, ManageUsers).await?, person.user, site.now()).await?;
    let path = format!("/welcome/{}", secret.reveal());
    let link = (person.name, whole(&site, &headers, &path));
    Ok(Page(page(&site, &signed, Form::default(), Some(link)).await?))
}
