//! The API's table of routes: each with what it takes and says of itself. The router is made of it, and the document.

use super::document::{Document, Kind, Schemas};
use super::guard::{self, Gate};
use super::problem::Problem;
use super::{LARGEST_REQUEST, page};
use crate::api::body::Json;
use crate::site::Site;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, delete, get, post};
use discreet_access::ActionName;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use utoipa::ToSchema;

/// Where the API begins.
pub(super) const BASE: &str = "/api/v1";

/// One route of the API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiRoute {
    /// `GET`, `POST`, `DELETE`.
    pub method: &'static str,
    /// Its path below `/api/v1`, with `{names}` of what varies.
    pub path: &'static str,
    /// The action it takes leave for.
    pub action: ActionName,
    /// What it is for.
    pub summary: &'static str,
}

/// Routes, their table and their document, growing together.
pub(crate) struct ApiRoutes {
    site: Site,
    router: Router<Site>,
    under_way: Arc<Mutex<BTreeSet<[u8; 32]>>>,
    document: Document,
    pub(crate) table: Vec<ApiRoute>,
}

/// What a handler answers with, as far as the document needs to know.
pub(crate) trait Answers {
    /// What is in the body.
    type Body: ToSchema;
}

impl<T: ToSchema> Answers for std::result::Result<Json<T>, Problem> {
    type Body = T;
}

impl ApiRoutes {
    pub(crate) fn new(site: Site) -> ApiRoutes {
        ApiRoutes {
            site,
            router: Router::new(),
            under_way: Arc::default(),
            document: Document::new(),
            table: Vec::new(),
        }
    }
    fn add(mut self, route: ApiRoute, answers: MethodRouter<Site>) -> ApiRoutes {
        let gate =
            Gate { site: self.site.clone(), action: route.action, under_way: Arc::clone(&self.under_way) };
        let answers = answers.layer(from_fn_with_state(gate, guard::guard));
        self.router = self.router.route(&format!("{BASE}{}", route.path), answers);
        self.table.push(route);
        self
    }
    /// A GET, by a handler whose types say what is in the answer.
    pub(crate) fn get<H, T, O>(
        self,
        path: &'static str,
        action: ActionName,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Site> + Typed<T, Output = O>,
        O: Answers,
        T: 'static,
    {
        self.described(Kind::Get, path, action, summary, (None, Schemas::of::<O::Body>()))
            .add(route("GET", path, action, summary), get(handler))
    }
    /// A GET whose answer comes in pages.
    pub(crate) fn get_paged<H, T, O>(
        self,
        path: &'static str,
        action: ActionName,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Site> + Typed<T, Output = O>,
        O: Answers,
        T: 'static,
    {
        self.described(Kind::Paged, path, action, summary, (None, Schemas::of::<O::Body>()))
            .add(route("GET", path, action, summary), get(handler))
    }
    /// A POST whose body is read as the handler's last argument says.
    pub(crate) fn post<H, T, O, I>(
        self,
        path: &'static str,
        action: ActionName,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Site> + Typed<T, Output = O, Input = Json<I>>,
        O: Answers,
        I: ToSchema + 'static,
        T: 'static,
    {
        self.described(
            Kind::Post,
            path,
            action,
            summary,
            (Some(Schemas::of::<I>()), Schemas::of::<O::Body>()),
        )
        .add(route("POST", path, action, summary), post(handler))
    }
    /// A POST without a body.
    pub(crate) fn post_empty<H, T, O>(
        self,
        path: &'static str,
        action: ActionName,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Site> + Typed<T, Output = O>,
        O: Answers,
        T: 'static,
    {
        self.described(Kind::PostEmpty, path, action, summary, (None, Schemas::of::<O::Body>()))
            .add(route("POST", path, action, summary), post(handler))
    }
    pub(crate) fn delete<H, T, O>(
        self,
        path: &'static str,
        action: ActionName,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Site> + Typed<T, Output = O>,
        O: Answers,
        T: 'static,
    {
        self.described(Kind::Delete, path, action, summary, (None, Schemas::of::<O::Body>()))
            .add(route("DELETE", path, action, summary), delete(handler))
    }
    fn described(
        mut self,
        kind: Kind,
        path: &'static str,
        action: ActionName,
        summary: &'static str,
        (asks, answers): (Option<Schemas>, Schemas),
    ) -> Self {
        self.document.add(kind, path, action, summary, asks, answers);
        self
    }
    /// The routes; the document of them, and the page to read it.
    pub(crate) fn into_router(self) -> Router<Site> {
        let served = page::Served::of(&self.document, &self.table);
        self.router
            .method_not_allowed_fallback(guard::not_allowed)
            .route(&format!("{BASE}/openapi.json"), get(page::document))
            .route("/api", get(page::show))
            .route("/api/{*rest}", axum::routing::any(guard::not_found))
            .layer(axum::Extension(Arc::new(served)))
            .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
    }
    pub(crate) fn openapi(&self) -> String {
        self.document.json()
    }
}

const fn route(
    method: &'static str,
    path: &'static str,
    action: ActionName,
    summary: &'static str,
) -> ApiRoute {
    ApiRoute { method, path, action, summary }
}

/// What an async function takes last and gives, so that the document is made of the handlers' own types.
pub(crate) trait Typed<T> {
    /// Its last argument.
    type Input;
    /// What it answers.
    type Output;
}

macro_rules! typed {
    ($($before:ident)*) => {
        impl<F, Fut, M, $($before,)* Last> Typed<(M, $($before,)* Last,)> for F
        where
            F: Fn($($before,)* Last) -> Fut,
            Fut: Future,
        {
            type Input = Last;
            type Output = Fut::Output;
        }
    };
}
typed!(A);
typed!(A B);
typed!(A B C);
