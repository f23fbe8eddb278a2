//! The OpenAPI document: made of the table of routes and the types its handlers take and give.

use super::body::{DEFAULT_PAGE, LARGEST_PAGE};
use super::problem::Problem;
use super::routes::BASE;
use discreet_access::ActionName;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Paths,
    PathsBuilder, Ref, RefOr, Required, ResponseBuilder, Schema,
};
use utoipa::{PartialSchema, ToSchema};

const JSON: &str = "application/json";
const ABOUT: &str = "For programs of the organization’s own. Each request comes with a token (`Authorization: Bearer dsc_…`) \
whose holder’s roles, and the token’s own limits, decide. Errors are `application/problem+json` (RFC 9457). A POST may carry an \
`Idempotency-Key`: asked again with the same key within a day, it is answered the same and done once. Counts of people below 11 \
are hidden from whoever may not see patient records. Every request that looks at a person or changes anything is in the audit log.";

/// What a route looks like to its caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Get,
    Paged,
    Post,
    PostEmpty,
    Delete,
}

/// A schema by name, and those within it.
pub(super) struct Schemas {
    name: String,
    all: Vec<(String, RefOr<Schema>)>,
}

impl Schemas {
    pub(super) fn of<T: ToSchema>() -> Schemas {
        let name = T::name().into_owned();
        let mut all = vec![(name.clone(), T::schema())];
        T::schemas(&mut all);
        Schemas { name, all }
    }
}

/// The document, growing.
pub(super) struct Document {
    paths: Paths,
    components: Components,
}

impl Document {
    pub(super) fn new() -> Document {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let problem = (Problem::name().into_owned(), Problem::schema());
        let components =
            ComponentsBuilder::new().security_scheme("token", bearer).schemas_from_iter([problem]);
        Document { paths: Paths::new(), components: components.into() }
    }
    pub(super) fn add(
        &mut self,
        kind: Kind,
        path: &str,
        action: ActionName,
        summary: &str,
        asks: Option<Schemas>,
        answers: Schemas,
    ) {
        let roles: Vec<&str> = action.roles().iter().map(|role| role.title()).collect();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(operation_id(kind, path)))
            .summary(Some(summary.to_owned()))
            .description(Some(format!("Action {}: for {}.", action.name(), roles.join(", "))))
            .tag(path.split('/').nth(1).unwrap_or_default().to_owned())
            .security(SecurityRequirement::new("token", Vec::<String>::new()))
            .response("200", json("Done", &answers.name))
            .response("default", problem());
        operation = parameters(operation, kind, path);
        if let Some(asks) = &asks {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(&asks.name))).build();
            let body =
                RequestBodyBuilder::new().content(JSON, content).required(Some(Required::True)).build();
            operation = operation.request_body(Some(body));
        }
        let method = match kind {
            Kind::Get | Kind::Paged => HttpMethod::Get,
            Kind::Post | Kind::PostEmpty => HttpMethod::Post,
            Kind::Delete => HttpMethod::Delete,
        };
        let item = PathItem::new(method, operation.build());
        let paths = PathsBuilder::from(std::mem::replace(&mut self.paths, Paths::new()));
        self.paths = paths.path(format!("{BASE}{path}"), item).build();
        let components = ComponentsBuilder::from(std::mem::take(&mut self.components));
        let schemas = asks.into_iter().flat_map(|asks| asks.all).chain(answers.all);
        self.components = components.schemas_from_iter(schemas).build();
    }
    fn whole(&self) -> OpenApi {
        let info = InfoBuilder::new().title("Discreet").version("1").description(Some(ABOUT)).build();
        OpenApiBuilder::new()
            .info(info)
            .paths(self.paths.clone())
            .components(Some(self.components.clone()))
            .build()
    }
    /// The document as it is served.
    pub(super) fn json(&self) -> String {
        self.whole().to_json().unwrap_or_default()
    }
}

/// What stands in path, query and headers.
fn parameters(mut operation: OperationBuilder, kind: Kind, path: &str) -> OperationBuilder {
    if path.contains("{id}") {
        let id = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::Custom("uuid".to_owned())));
        operation = operation.parameter(parameter("id", ParameterIn::Path, "Which", Required::True, id));
    }
    if kind == Kind::Paged {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1_u32))
            .maximum(Some(u32::try_from(LARGEST_PAGE).unwrap_or(u32::MAX)))
            .default(Some(DEFAULT_PAGE.into()));
        operation = operation
            .parameter(parameter(
                "after",
                ParameterIn::Query,
                "The cursor `next` of the page before",
                Required::False,
                text,
            ))
            .parameter(parameter("limit", ParameterIn::Query, "Items of a page", Required::False, number));
    }
    if matches!(kind, Kind::Post | Kind::PostEmpty) {
        let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200));
        let about =
            "Asked again with the same key within a day, the request is answered the same and done once";
        operation = operation.parameter(parameter(
            "Idempotency-Key",
            ParameterIn::Header,
            about,
            Required::False,
            key,
        ));
    }
    operation
}

/// `POST /patients/find` → `post_patients_find`.
fn operation_id(kind: Kind, path: &str) -> String {
    let method = match kind {
        Kind::Get | Kind::Paged => "get",
        Kind::Post | Kind::PostEmpty => "post",
        Kind::Delete => "delete",
    };
    let words = path.split('/').filter(|word| !word.is_empty()).map(|word| word.trim_matches(['{', '}']));
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn parameter(
    name: &str,
    at: ParameterIn,
    about: &str,
    required: Required,
    schema: ObjectBuilder,
) -> utoipa::openapi::path::Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(at)
        .description(Some(about))
        .required(required)
        .schema(Some(schema.build()))
        .build()
}

fn json(about: &str, name: &str) -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name))).build();
    ResponseBuilder::new().description(about).content(JSON, content).build()
}

fn problem() -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    ResponseBuilder::new().description("What is wrong").content("application/problem+json", content).build()
}
