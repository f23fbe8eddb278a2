//! What stands before every staff route: is the form ours, who asks, may they; and after it: the headers, and a page to
//! every error.

use crate::error::Incident;
use crate::site::Site;
use crate::staff::cookies;
use crate::staff::error::StaffError;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{GoTo, Page};
use crate::staff::routes::Needs;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use discreet_access::{NotAllowed, Role, SignedIn};
use discreet_app::accounts::Session;

/// Ourselves and nobody else; no inline script or style.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const ALWAYS_HTTPS: HeaderValue = HeaderValue::from_static("max-age=63072000");
/// Sent by pages that ask by themselves: such a request does not keep a session alive.
const PASSIVE: &str = "passive";
/// The query of pages that without script load themselves again: neither does that.
pub(crate) const REFRESH: &str = "refresh";

const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
];

/// What a route is guarded by.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) site: Site,
    pub(crate) needs: Needs,
}

/// Lets a request through to its handler, or does not.
pub(crate) async fn guard(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let Gate { site, needs } = gate;
    let asked = Asked::of(&request);
    let mut signed = None;
    let answer = match enter(&site, needs, &asked, &mut request, &mut signed).await {
        // What changes something is run to its end, even if whoever asked hangs up meanwhile.
        Ok(()) if asked.method == Method::POST => tokio::spawn(next.run(request))
            .await
            .unwrap_or_else(|_| StaffError::Broken(Incident::of_panic()).into_response()),
        Ok(()) => next.run(request).await,
        Err(Turned::Away(response)) => response,
        Err(Turned::Because(error)) => error.into_response(),
    };
    let mut answer = explained(&site, signed.as_ref(), &asked, answer).await;
    put_on(answer.headers_mut(), &asked, site.options.https);
    answer
}

/// What the guard needs to know of a request.
struct Asked {
    method: Method,
    path: String,
    fragment: bool,
    active: bool,
}

impl Asked {
    fn of(request: &Request) -> Asked {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
        Asked {
            method: request.method().clone(),
            path: path.to_owned(),
            fragment: request.headers().contains_key("hx-request"),
            active: !request.headers().contains_key(PASSIVE) && request.uri().query() != Some(REFRESH),
        }
    }
}

enum Turned {
    Away(Response),
    Because(StaffError),
}

impl<E: Into<StaffError>> From<E> for Turned {
    fn from(error: E) -> Turned {
        Turned::Because(error.into())
    }
}

async fn enter(
    site: &Site,
    needs: Needs,
    asked: &Asked,
    request: &mut Request,
    signed: &mut Option<Signed>,
) -> Result<(), Turned> {
    if asked.method == Method::POST && !is_ours(request.headers()) {
        return Err(Turned::Because(StaffError::Form));
    }
    let secret = cookies::session(request.headers(), site.options);
    let session = match &secret {
        Some(secret) => site.app.session(secret, asked.active, site.now()).await?,
        None => None,
    };
    let found = session.zip(secret);
    if needs == Needs::Nothing {
        return Ok(());
    }
    let Some((session, secret)) = found else { return Err(Turned::Away(sign_in_first(asked))) };
    let who = match session.signed_in {
        SignedIn::Fully(who) => who,
        _ if needs == Needs::Session => return Ok(()),
        SignedIn::WantsCode(_) => return Err(Turned::Away(GoTo::page("/sign-in/code").into_response())),
        SignedIn::WantsSecondFactor(_) => {
            return Err(Turned::Away(GoTo::page("/me/second-factor").into_response()));
        }
    };
    let session = Session { signed_in: SignedIn::WantsCode(session.user), ..session };
    let one = Signed::of(who, session, secret);
    *signed = Some(one.clone());
    if let Needs::May(action) = needs
        && !one.can(action)
    {
        let why = NotAllowed::Role(action);
        site.app.log_refusal(one.who().actor(), why, site.now()).await?;
        return Err(Turned::Because(StaffError::Role(action)));
    }
    request.extensions_mut().insert(one);
    Ok(())
}

/// Whether a form was sent from a page of ours (OWASP: Fetch Metadata, with Origin where a browser does not send it).
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    match headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        Some(site) => site == "same-origin",
        None => match (text(&header::ORIGIN), text(&header::HOST)) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, o)| o == host),
            _ => false,
        },
    }
}

/// To the sign-in page, and from there back to where they were.
fn sign_in_first(asked: &Asked) -> Response {
    let query: String =
        form_urlencoded::Serializer::new(String::new()).append_pair("next", &asked.path).finish();
    if asked.fragment {
        // The page that asks is gone to, not the fragment.
        return (StatusCode::UNAUTHORIZED, [("hx-redirect", "/sign-in")]).into_response();
    }
    if asked.method == Method::GET {
        GoTo::page(format!("/sign-in?{query}")).into_response()
    } else {
        GoTo::page("/sign-in?ended=1").into_response()
    }
}

/// An error's page.
#[derive(Template, Debug)]
#[template(path = "staff/problem.html")]
struct Problem {
    frame: Frame,
    heading: String,
    text: String,
    more: Vec<String>,
    /// The visit is in the log.
    recorded: bool,
}

/// An error as a fragment: one line.
#[derive(Template, Debug)]
#[template(
    source = r#"<p class="problem-line" role="alert"><strong>{{ heading }}.</strong> {{ text }}</p>"#,
    ext = "html"
)]
struct ProblemLine {
    heading: String,
    text: String,
}

/// The same answer with a page to it.
async fn explained(site: &Site, signed: Option<&Signed>, asked: &Asked, bare: Response) -> Response {
    let Some(error) = bare.extensions().get::<StaffError>().cloned() else { return bare };
    let (heading, text, more) = words(site, signed, &error).await;
    if asked.fragment {
        return (error.status(), Page(ProblemLine { heading, text })).into_response();
    }
    let frame = match signed {
        Some(signed) => Frame::of(site, signed, Section::Me).await,
        None => Ok(Frame::outside(site, String::new())),
    };
    let Ok(frame) = frame else { return bare };
    let recorded = matches!(error, StaffError::Role(_));
    (error.status(), Page(Problem { frame, heading, text, more, recorded })).into_response()
}

async fn words(site: &Site, signed: Option<&Signed>, error: &StaffError) -> (String, String, Vec<String>) {
    let said = |heading: &str, text: &str| (heading.to_owned(), text.to_owned(), Vec::new());
    match error {
        StaffError::Missing(what) => {
            said("There is no such page", &format!("There is no such {what} here, or it is gone."))
        }
        StaffError::Role(action) => {
            let names = |roles: Vec<&str>| roles.join(", ");
            let yours = signed
                .map(|s| s.who().roles().iter().map(Role::title).collect())
                .map_or_else(String::new, names);
            let theirs = names(action.roles().iter().map(|r| r.title()).collect());
            let who = site.app.holders(Role::Administrator).await.unwrap_or_default();
            let text = format!("Your role is {yours}. This is for {theirs}.");
            let more = match who.is_empty() {
                true => Vec::new(),
                false => vec![format!("Roles are given by {}.", who.join(", "))],
            };
            ("You need another role for this page".to_owned(), text, more)
        }
        StaffError::SecondPerson => said(
            "Someone else must do this",
            "You made this, so someone else must approve it. Ask a privacy officer.",
        ),
        StaffError::Refused(text) => said("That cannot be done", &capital(text)),
        StaffError::Form => said(
            "This form is not from this session",
            "Nothing was changed. Open the page again and send the form from there.",
        ),
        StaffError::Malformed => said(
            "This form could not be read",
            "Nothing was changed. Load the page again and send the form from there.",
        ),
        StaffError::Stale => said(
            "This changed in another window",
            "Nothing was saved here. Load the page again to go on from the newer version.",
        ),
        StaffError::TooLarge => {
            said("That is too much at once", "Nothing was saved. Send less, or in parts.")
        }
        StaffError::Broken(incident) => said(
            "This does not work just now",
            &format!(
                "Nothing was changed. Try again; if it stays, tell your administrator this number: {}.",
                incident.number()
            ),
        ),
    }
}

/// Errors of verbs begin in lower case; a sentence does not.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let rest = letters.as_str();
    let stop = if text.ends_with(['.', '!', '?', ')']) { "" } else { "." };
    format!("{first}{rest}{stop}")
}

fn put_on(headers: &mut HeaderMap, asked: &Asked, https: bool) {
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("hx-request"));
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ALWAYS_HTTPS);
    }
    if asked.active && asked.fragment {
        headers.insert("session-used", HeaderValue::from_static("1"));
    }
    // A script cannot see a redirect: it is told to go there itself.
    if asked.fragment
        && let Some(to) = headers.remove(header::LOCATION)
    {
        headers.insert("hx-redirect", to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_from_elsewhere_are_not_ours() {
        let ours = |pairs: &[(&'static str, &'static str)]| {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
                .collect();
            is_ours(&headers)
        };
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("origin", "https://d.example"), ("host", "d.example")]));
        for foreign in [
            &[][..],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://d.example"), ("host", "d.example")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://evil.example"), ("host", "d.example")],
            &[("origin", "null"), ("host", "d.example")],
            &[("origin", "https://d.example")],
        ] {
            assert!(!ours(foreign), "{foreign:?}");
        }
    }
}
