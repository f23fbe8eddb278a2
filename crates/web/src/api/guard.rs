//! What stands before every route of the API: whose token, may they, was it asked before; and after it: the headers, and a
//! problem to every error.

use super::LARGEST_REQUEST;
use super::problem::{Problem, too_large};
use crate::error::Incident;
use crate::site::Site;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use discreet_access::{Action, ActionName, Allowed, NotAllowed, Token, Who};
use discreet_app::AppError;
use discreet_app::answers::{Asked, Kept};
use discreet_domain::Viewer;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Longest idempotency key, in bytes.
const LONGEST_KEY: usize = 200;
const KEY: &str = "idempotency-key";

const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Asked by POST, but nothing is changed: each time it is looked, and logged, anew, whatever the key.
const LOOKS: [ActionName; 3] = [ActionName::FindPatient, ActionName::CheckSegment, ActionName::CountSegment];

/// What a route is guarded by.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) site: Site,
    pub(crate) action: ActionName,
    pub(crate) under_way: Arc<Mutex<BTreeSet<[u8; 32]>>>,
}

/// Whose token a request came with.
#[derive(Clone, Debug)]
pub(crate) struct Caller(Arc<Who>);

impl Caller {
    pub(crate) fn viewer(&self) -> Viewer {
        self.0.viewer()
    }
    /// Asks for leave, and logs it if there is none.
    pub(crate) async fn leave<A: Action>(&self, site: &Site, action: A) -> Result<Allowed<A>, Problem> {
        match self.0.may(action) {
            Ok(allowed) => Ok(allowed),
            Err(why) => Err(refused(site, &self.0, why).await),
        }
    }
}

async fn refused(site: &Site, who: &Who, why: NotAllowed) -> Problem {
    match site.app.log_refusal(who.actor(), why, site.now()).await {
        Ok(()) => AppError::NotAllowed(why).into(),
        Err(error) => error.into(),
    }
}

impl FromRequestParts<Site> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Caller, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(Problem::unknown_token)
    }
}

pub(crate) async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let https = gate.site.options.https;
    let looks = request.method() == Method::GET;
    let answer = async move { enter(&gate, request, next).await.unwrap_or_else(IntoResponse::into_response) };
    // What changes something is run to its end and its answer kept, even if the program hangs up meanwhile.
    let answer = match looks {
        true => answer.await,
        false => tokio::spawn(answer)
            .await
            .unwrap_or_else(|_| Problem::broken(&Incident::of_panic()).into_response()),
    };
    dressed(answer, https)
}

/// With what every answer carries.
pub(crate) fn dressed(mut answer: Response, https: bool) -> Response {
    for (name, value) in ALWAYS {
        answer.headers_mut().entry(name).or_insert(value);
    }
    if https {
        let always = HeaderValue::from_static("max-age=63072000");
        answer.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, always);
    }
    answer
}

fn token(headers: &HeaderMap) -> Option<Token> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (one, other) = (all.next()?, all.next());
    let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
    (other.is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| Token::parse(token))?
}

async fn enter(gate: &Gate, mut request: Request, next: Next) -> Result<Response, Problem> {
    let Gate { site, action, under_way } = gate;
    let token = token(request.headers()).ok_or_else(Problem::unknown_token)?;
    let who = site.app.sign_in(&token, None, site.now()).await?;
    if !who.can(*action) {
        let role = discreet_access::may(who.roles(), *action);
        let why = if role { NotAllowed::Scope(*action) } else { NotAllowed::Role(*action) };
        return Err(refused(site, &who, why).await);
    }
    request.extensions_mut().insert(Caller(Arc::new(who)));
    let key = idempotency_key(&request)?.filter(|_| !LOOKS.contains(action));
    let Some(key) = key else { return Ok(next.run(request).await) };
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, LARGEST_REQUEST).await.map_err(|_| too_large())?;
    let what = format!("{} {}", parts.method, parts.uri.path());
    let asked = Asked::of(&token, &key, &what, &body);
    let _turn = Turn::take(under_way, asked.key())?;
    match site.app.kept_answer(&asked, site.now()).await? {
        Kept::Other => Err(reused()),
        Kept::Answer(status, body) => Ok(again(status, body)),
        Kept::Nothing => {
            let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
            keep(site, &asked, answer).await
        }
    }
}

fn idempotency_key(request: &Request) -> Result<Option<String>, Problem> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let Some(key) = request.headers().get(KEY) else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let bad = || Problem::invalid(format!("`Idempotency-Key` is 1 to {LONGEST_KEY} plain characters"));
    key.map(|key| Some(key.to_owned())).ok_or_else(bad)
}

fn reused() -> Problem {
    let title = "This idempotency key was used for another request";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key", title).saying("take a fresh key for it")
}

fn again(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    let told = [(header::CONTENT_TYPE, kind), (HeaderName::from_static("idempotency-replayed"), "true")];
    (status, told, body).into_response()
}

/// Keeps what a verb said, and that the request was not in order. Where trying again may help, nothing is kept.
async fn keep(site: &Site, asked: &Asked, answer: Response) -> Result<Response, Problem> {
    let (parts, body) = answer.into_parts();
    let body: Bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| too_large())?;
    if parts.status.is_success() || parts.status == StatusCode::UNPROCESSABLE_ENTITY {
        site.app.keep_answer(asked, parts.status.as_u16(), &body, site.now()).await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The same key is not used twice at the same time.
struct Turn<'a>(&'a Mutex<BTreeSet<[u8; 32]>>, [u8; 32]);

impl Turn<'_> {
    fn take(all: &Mutex<BTreeSet<[u8; 32]>>, key: [u8; 32]) -> Result<Turn<'_>, Problem> {
        if all.lock().unwrap_or_else(PoisonError::into_inner).insert(key) {
            return Ok(Turn(all, key));
        }
        let title = "The same is being done just now";
        Err(Problem::new(StatusCode::CONFLICT, "under-way", title)
            .saying("wait for its answer, or ask again later"))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// An address of the API that there is not, and a method it does not take.
pub(crate) async fn not_found(State(site): State<Site>) -> Response {
    dressed(Problem::missing("address; see /api").into_response(), site.options.https)
}
pub(crate) async fn not_allowed(State(site): State<Site>) -> Response {
    let problem =
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "This address does not take that method");
    dressed(problem.into_response(), site.options.https)
}
