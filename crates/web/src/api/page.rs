//! The document as it is served, and a page to read it: no script, nobody else's files.

use super::document::Document;
use super::guard::dressed;
use super::routes::{ApiRoute, BASE};
use crate::assets;
use crate::site::Site;
use crate::staff::guard::POLICY;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;
use std::sync::Arc;

/// What is served of the document.
pub(super) struct Served {
    json: String,
    page: String,
}

#[derive(Template, Debug)]
#[template(path = "api.html")]
struct ApiPage {
    css: &'static str,
    mark: &'static str,
    about: String,
    groups: Vec<Group>,
    schemas: Vec<SchemaOf>,
}

#[derive(Debug)]
struct Group {
    name: String,
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    id: String,
    method: &'static str,
    path: String,
    summary: &'static str,
    roles: String,
    action: &'static str,
    asks: Option<String>,
    answers: String,
}

#[derive(Debug)]
struct SchemaOf {
    name: String,
    about: String,
    fields: Vec<Field>,
    /// For lists of words.
    words: Vec<String>,
}

#[derive(Debug)]
struct Field {
    name: String,
    kind: String,
    /// The schema it is of.
    of: Option<String>,
    about: String,
    needed: bool,
}

impl Served {
    pub(super) fn of(document: &Document, table: &[ApiRoute]) -> Served {
        let json = document.json();
        let value: Value = serde_json::from_str(&json).unwrap_or_default();
        let files = assets::staff_files();
        let page = ApiPage {
            css: files.css,
            mark: files.mark,
            about: text(at(&value, &["info", "description"])).replace('`', ""),
            groups: groups(&value, table),
            schemas: schemas(at(&value, &["components", "schemas"])),
        };
        Served { json, page: page.render().unwrap_or_default() }
    }
}

/// What stands at a path; nothing if there is none.
fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(value, |value, name| value.get(*name).unwrap_or(&Value::Null))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The name at the end of `#/components/schemas/Name`.
fn reference(value: &Value) -> Option<String> {
    Some(at(value, &["$ref"]).as_str()?.rsplit('/').next()?.to_owned())
}

fn groups(document: &Value, table: &[ApiRoute]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for route in table {
        let name = route.path.split('/').nth(1).unwrap_or_default();
        let path = format!("{BASE}{}", route.path);
        let operation = at(document, &["paths", &path, &route.method.to_lowercase()]);
        let roles: Vec<&str> = route.action.roles().iter().map(|role| role.title()).collect();
        let shown = Route {
            id: text(at(operation, &["operationId"])),
            method: route.method,
            path,
            summary: route.summary,
            roles: roles.join(", "),
            action: route.action.name(),
            asks: reference(at(operation, &["requestBody", "content", "application/json", "schema"])),
            answers: reference(at(operation, &["responses", "200", "content", "application/json", "schema"]))
                .unwrap_or_default(),
        };
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.routes.push(shown),
            None => groups.push(Group { name: name.to_owned(), routes: vec![shown] }),
        }
    }
    groups
}

fn schemas(all: &Value) -> Vec<SchemaOf> {
    let none = serde_json::Map::new();
    let all = all.as_object().unwrap_or(&none);
    let schema = |(name, schema): (&String, &Value)| SchemaOf {
        name: name.clone(),
        about: text(at(schema, &["description"])),
        fields: fields(schema),
        words: words(schema),
    };
    all.iter().map(schema).collect()
}

fn words(schema: &Value) -> Vec<String> {
    let one_of =
        at(schema, &["oneOf"]).as_array().into_iter().flatten().flat_map(|one| at(one, &["enum"]).as_array());
    let own = at(schema, &["enum"]).as_array().into_iter().chain(one_of);
    own.flatten().map(text).collect()
}

fn fields(schema: &Value) -> Vec<Field> {
    let none = serde_json::Map::new();
    let needed: Vec<String> = at(schema, &["required"]).as_array().into_iter().flatten().map(text).collect();
    let field = |(name, of): (&String, &Value)| {
        let (kind, reference) = kind(of);
        Field {
            name: name.clone(),
            kind,
            of: reference,
            about: text(at(of, &["description"])),
            needed: needed.contains(name),
        }
    };
    at(schema, &["properties"]).as_object().unwrap_or(&none).iter().map(field).collect()
}

/// What a field holds, in words, and the schema it is of.
fn kind(of: &Value) -> (String, Option<String>) {
    if let Some(name) = reference(of) {
        return (String::new(), Some(name));
    }
    if let Some(one) = at(of, &["oneOf"])
        .as_array()
        .or(at(of, &["allOf"]).as_array())
        .and_then(|all| all.iter().find_map(reference))
    {
        return (String::new(), Some(one));
    }
    let kinds = match at(of, &["type"]) {
        Value::Array(kinds) => {
            kinds.iter().map(text).filter(|kind| kind != "null").collect::<Vec<_>>().join(" or ")
        }
        other => text(other),
    };
    match kinds.as_str() {
        "array" => {
            let (kind, reference) = kind(at(of, &["items"]));
            (format!("list of {kind}"), reference)
        }
        "object" => {
            let (kind, reference) = kind(at(of, &["additionalProperties"]));
            (format!("{kind} by name"), reference)
        }
        _ => (kinds, None),
    }
}

pub(super) async fn document(
    State(site): State<Site>,
    Extension(served): Extension<Arc<Served>>,
) -> Response {
    dressed(([(CONTENT_TYPE, "application/json")], served.json.clone()).into_response(), site.options.https)
}

pub(super) async fn show(State(site): State<Site>, Extension(served): Extension<Arc<Served>>) -> Response {
    let mut page = Html(served.page.clone()).into_response();
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    dressed(page, site.options.https)
}
