//! A table of routes: each with what it takes to open it. The router is made of it, and so are the guard, the tests that
//! walk every route with every role, and the table in the docs.

use crate::site::Site;
use crate::staff::guard;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use discreet_access::ActionName;

/// What it takes to open a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing: signing in, being let in by a link.
    Nothing,
    /// A session, even if the second factor is still to be shown.
    Session,
    /// Being signed in, whatever the role.
    SignIn,
    /// A role that may do this.
    May(ActionName),
}

/// One route.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path, with `{names}` of what varies.
    pub path: &'static str,
    /// What it takes.
    pub needs: Needs,
}

/// Routes and their table, growing together.
pub(crate) struct Routes {
    site: Site,
    router: Router<Site>,
    pub(crate) table: Vec<Route>,
}

impl Routes {
    pub(crate) fn new(site: Site) -> Routes {
        Routes { site, router: Router::new(), table: Vec::new() }
    }
    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        needs: Needs,
        answers: MethodRouter<Site>,
    ) -> Routes {
        let gate = guard::Gate { site: self.site.clone(), needs };
        self.router = self.router.route(path, answers.layer(from_fn_with_state(gate, guard::guard)));
        self.table.push(Route { method, path, needs });
        self
    }
    pub(crate) fn get<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Routes
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("GET", path, needs, get(handler))
    }
    pub(crate) fn post<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Routes
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("POST", path, needs, post(handler))
    }
    /// A POST whose body is read as it comes: the handler keeps to a limit of its own.
    pub(crate) fn upload<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Routes
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("POST", path, needs, post(handler).layer(DefaultBodyLimit::disable()))
    }
    /// The routes, each body at most so long.
    pub(crate) fn into_router(self, longest_body: usize) -> Router<Site> {
        self.router.layer(DefaultBodyLimit::max(longest_body))
    }
}
