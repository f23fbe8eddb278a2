//! The API, asked as programs do.

use crate::world::{Answer, NOW, World, request};
use axum::http::StatusCode;
use discreet_access::{ActionName, ManageUsers, Role, Roles, Scopes, Token, may};
use discreet_web::{LARGEST_REQUEST, Options};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

struct Program<'w> {
    world: &'w World,
    token: String,
}

impl Program<'_> {
    fn first(world: &World) -> Program<'_> {
        Program { world, token: world.token.reveal().to_owned() }
    }
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.world.send(request(method, &format!("/api/v1{path}"), &all, body)).await
    }
    async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.ask("POST", path, &[], &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }
}

async fn manages(world: &World) -> discreet_access::Allowed<ManageUsers> {
    world.app.sign_in(&world.token, None, NOW).await.unwrap().may(ManageUsers).unwrap()
}

async fn user(world: &World, role: Role) -> Token {
    world.app.add_user(manages(world).await, role.name(), Roles::of(&[role]), NOW).await.unwrap().1
}

fn kind(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.body);
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["status"], answer.status.as_u16());
    problem["type"].as_str().unwrap().strip_prefix("/api#").unwrap().to_owned()
}

fn filled(path: &str) -> String {
    path.replace("{id}", "00000000-0000-4000-8000-000000000000")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_the_routes() {
    let world = World::new().await;
    let options = Options { https: true };
    let table = discreet_web::api_routes(Arc::clone(&world.app), Arc::new(|| NOW), options);
    let answer = world.get("/api/v1/openapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.body, discreet_web::openapi(Arc::clone(&world.app), Arc::new(|| NOW), options));
    let document: Value = serde_json::from_str(&answer.body).unwrap();
    let routes: BTreeSet<(String, String)> =
        table.iter().map(|r| (r.method.to_lowercase(), format!("/api/v1{}", r.path))).collect();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        described.extend(item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    assert_eq!(described, routes);
    assert_eq!(routes.len(), table.len());
    // Whatever is referred to is there, and no two operations have one name.
    for reference in answer.body.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
    let page = world.get("/api").await;
    assert_eq!(page.status, StatusCode::OK);
    for route in &table {
        assert!(page.body.contains(route.summary), "{}", route.path);
    }
    for never in ["<script", "http://", "style="] {
        assert!(!page.body.contains(never), "{never}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_route_is_decided_as_the_table_says() {
    let world = World::new().await;
    let table = discreet_web::api_routes(Arc::clone(&world.app), Arc::new(|| NOW), Options { https: true });
    for role in Role::ALL {
        let program = Program { world: &world, token: user(&world, role).await.reveal().to_owned() };
        for route in &table {
            let answer = program.ask(route.method, &filled(route.path), &[], "{}").await;
            let what = format!("{} {} as {}: {}", route.method, route.path, role.name(), answer.body);
            assert!(!answer.status.is_server_error() && answer.status != StatusCode::UNAUTHORIZED, "{what}");
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !may(Roles::of(&[role]), route.action), "{what}");
            assert!(!refused || kind(&answer) == "role", "{what}");
        }
    }
    let log = world.store.read().await.unwrap().log_head().await.unwrap().seq;
    assert!(log > 7 * 10, "refusals are logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_live_token_opens_anything() {
    let world = World::new().await;
    let issue = |label: &'static str, scopes, expires| {
        let world = &world;
        async move {
            world.app.issue_token(manages(world).await, "first", label, scopes, expires, NOW).await.unwrap()
        }
    };
    let (_, expired) = issue("expired", Scopes::ALL, Some(NOW)).await;
    let (id, revoked) = issue("revoked", Scopes::ALL, None).await;
    world.app.revoke_token(manages(&world).await, id, NOW).await.unwrap();
    for wrong in ["", "Bearer", "Basic abc", "Bearer dsc_nonsense"] {
        let answer = world.send(request("GET", "/api/v1/segments", &[("authorization", wrong)], "")).await;
        assert_eq!((answer.status, kind(&answer).as_str()), (StatusCode::UNAUTHORIZED, "token"), "{wrong}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    for token in [expired, revoked, Token::generate().unwrap()] {
        let program = Program { world: &world, token: token.reveal().to_owned() };
        assert_eq!(program.ask("GET", "/segments", &[], "").await.status, StatusCode::UNAUTHORIZED);
    }
    let good = Program::first(&world);
    assert_eq!(good.ask("GET", "/segments", &[], "").await.status, StatusCode::OK);
    let twice = good.ask("GET", "/segments", &[("authorization", "Bearer dsc_x")], "").await;
    assert_eq!(twice.status, StatusCode::UNAUTHORIZED, "two tokens are none");
    let cookie = format!("__Host-session={}", world.token.reveal());
    let answer = world.send(request("GET", "/api/v1/segments", &[("cookie", &cookie)], "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    // A limited token.
    let (_, limited) = issue("numbers only", Scopes::of(&[ActionName::ListSegments]), None).await;
    let limited = Program { world: &world, token: limited.reveal().to_owned() };
    assert_eq!(limited.ask("GET", "/segments", &[], "").await.status, StatusCode::OK);
    let answer = limited.ask("GET", "/campaigns", &[], "").await;
    assert_eq!((answer.status, kind(&answer).as_str()), (StatusCode::FORBIDDEN, "scope"));
    let listed = world.app.tokens(manages(&world).await).await.unwrap();
    assert!(listed.iter().any(|t| t.scopes.as_deref() == Some("ListSegments") && t.label == "numbers only"));
    for (method, path, status) in [("PUT", "/segments", 405), ("GET", "/nothing", 404)] {
        let answer = good.ask(method, path, &[], "").await;
        assert_eq!(answer.status.as_u16(), status);
        kind(&answer);
    }
}

/// Each word the document has for how an opt-out was said is taken, and stands in the patient's acts.
#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_is_said_in_the_documents_words() {
    let world = World::new().await;
    let program = Program::first(&world);
    let document: Value = serde_json::from_str(&world.get("/api/v1/openapi.json").await.body).unwrap();
    let method = &document["components"]["schemas"]["Withdrawal"]["properties"]["method"];
    let words = method["pattern"].as_str().unwrap().trim_matches(['^', '$', '(', ')']).split('|');
    let words: BTreeSet<&str> = words.collect();
    for told in method["description"].as_str().unwrap().split('`').skip(1).step_by(2) {
        assert!(words.contains(told), "{told}");
    }
    program
        .post("/patients", &people(&json!([{ "id": "p1", "family": "Alvarez", "birth_date": "1980-05-06" }])))
        .await;
    let find = json!({ "identifier": { "system": "ehr", "value": "p1" } });
    let found = program.post("/patients/find", &find).await;
    let path = format!("/patients/{}/withdraw", found["patients"][0].as_str().unwrap());
    for word in words {
        program.post(&path, &json!({ "topic": "marketing", "method": word })).await;
    }
    let by_word_of_mouth = json!({ "topic": "marketing", "method": "in_person" });
    let answer = program.ask("POST", &path, &[], &by_word_of_mouth.to_string()).await;
    assert_eq!((answer.status, kind(&answer).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
}

fn people(items: &Value) -> Value {
    json!({ "source": "ehr", "items": items })
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_go_the_way_of_an_import() {
    let world = World::new().await;
    let program = Program::first(&world);
    let patients = people(&json!([
        { "id": "p1", "mrn": "1001", "family": "Díaz, \"Rosa\"", "given": "Rosa", "birth_date": "1980-05-06",
          "email": "rosa@clinic.example", "state": "CA", "attributes": { "interests": ["walking", "yoga"] } },
        { "id": "p2", "family": "Two\nLines", "birth_date": "1950-01-01", "deceased": "true" },
        { "id": "p3", "family": "Late", "birth_date": "1990-01-01", "updated": "not a time" },
    ]));
    let done = program.post("/patients", &patients).await;
    assert_eq!((&done["taken"], &done["rejected"][0]["pointer"]), (&json!(2), &json!("/items/2")), "{done}");
    assert_eq!(done["rejected"][0]["code"], "bad_field");
    let facts = people(&json!([
        { "kind": "condition", "patient": "p1", "system": "icd10", "code": "E11.9", "onset": "2019-03-01" },
        { "kind": "medication", "patient": "nobody", "system": "rxnorm", "code": "860975" },
        { "kind": "immunization", "patient": "p1", "system": "cvx", "code": "140", "onset": "2026-10-01" },
    ]));
    let done = program.post("/facts", &facts).await;
    assert_eq!(
        done["rejected"],
        json!([{ "pointer": "/items/1", "code": "unknown_patient",
        "reason": "no such patient is known or stands in these files" }])
    );
    let events = people(&json!([
        { "kind": "appointment", "patient": "p1", "time": "2026-12-02T09:30:00", "status": "booked", "site": "Main" },
        { "kind": "page_view", "patient": "p1", "time": "2026-11-01T10:00:00Z", "fields": { "page": "/topics/walking" } },
    ]));
    assert_eq!(program.post("/events", &events).await["taken"], 2);
    let consents = people(&json!([
        { "patient": "p1", "topic": "marketing", "channel": "email", "action": "granted", "time": "2026-06-01T10:00:00Z" },
    ]));
    assert_eq!(program.post("/consents", &consents).await["taken"], 1);
    // The same again changes nothing; what came in is there.
    for (path, batch) in [("/facts", &facts), ("/events", &events), ("/consents", &consents)] {
        program.post(path, batch).await;
    }
    let text = "has condition icd10:E11* and any appointment and (any page_view where page contains \"walking\") and interests has any (yoga)";
    let counted = program.post("/segments/count", &json!({ "text": text })).await;
    assert_eq!(
        (&counted["count"]["count"], &counted["eligible"]["count"]),
        (&json!(1), &json!(1)),
        "{counted}"
    );
    let found = program
        .post("/patients/find", &json!({ "identifier": { "system": "ehr/mrn", "value": "1001" } }))
        .await;
    let id = found["patients"][0].as_str().unwrap().to_owned();
    program
        .post(&format!("/patients/{id}/withdraw"), &json!({ "topic": "marketing", "method": "phone" }))
        .await;
    let standing = program.ask("GET", &format!("/patients/{id}/consents"), &[], "").await;
    let standing: Value = serde_json::from_str(&standing.body).unwrap();
    assert_eq!(standing["acts"].as_array().unwrap().len(), 2, "{standing}");
    let again = program.post("/consents", &consents).await;
    assert_eq!(again["grants_refused"], 0, "the same act as before");
    // Batches are no imports that somebody looks after.
    let by = world.app.sign_in(&world.token, None, NOW).await.unwrap();
    assert!(world.app.runs(by.may(discreet_access::ListImports).unwrap()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_answered_the_same_and_done_once() {
    let world = World::new().await;
    let program = Program::first(&world);
    let key = [("idempotency-key", "k-1")];
    let save = json!({ "name": "Adults", "text": "age >= 18" }).to_string();
    let first = program.ask("POST", "/segments", &key, &save).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let logged = world.state().await.logged;
    let again = program.ask("POST", "/segments", &key, &save).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(world.state().await.logged, logged);
    let other = program
        .ask("POST", "/segments", &key, &json!({ "name": "x", "text": "age >= 19" }).to_string())
        .await;
    assert_eq!((other.status.as_u16(), kind(&other).as_str()), (422, "idempotency-key"));
    // Somebody else's key of the same name is another.
    let marketer = Program { world: &world, token: user(&world, Role::Marketer).await.reveal().to_owned() };
    let theirs = marketer
        .ask("POST", "/segments", &key, &json!({ "name": "y", "text": "age >= 20" }).to_string())
        .await;
    assert_eq!(theirs.status, StatusCode::OK, "{}", theirs.body);
    // Refusals are kept, too.
    let bad = program.ask("POST", "/segments", &[("idempotency-key", "k-2")], "{}").await;
    assert_eq!(bad.status.as_u16(), 422);
    assert_eq!(
        program
            .ask("POST", "/segments", &[("idempotency-key", "k-2")], "{}")
            .await
            .header("idempotency-replayed"),
        "true"
    );
    assert_eq!(
        program
            .ask("POST", "/segments", &[("idempotency-key", &"k".repeat(201))], "{}")
            .await
            .status
            .as_u16(),
        422
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_with_its_place() {
    let world = World::new().await;
    let program = Program::first(&world);
    let pointed = |answer: &Answer| {
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        (answer.status.as_u16(), problem["pointer"].as_str().unwrap_or_default().to_owned())
    };
    let item = |more: &str| {
        format!(
            "{{\"source\":\"ehr\",\"items\":[{{\"id\":\"p\",\"family\":\"F\",\"birth_date\":\"1980\"{more}}}]}}"
        )
    };
    for (path, body, pointer) in [
        ("/patients", item(",\"colour\":\"red\""), "/items/0/colour"),
        ("/patients", item(",\"mrn\":7"), "/items/0/mrn"),
        ("/patients", item(",\"attributes\":{\"colour\":\"red\"}"), "/items/0/attributes/colour"),
        ("/patients", "{\"source\":\"ehr\",\"items\":[]}".to_owned(), "/items"),
        (
            "/patients",
            "{\"source\":\"a b\",\"items\":[{\"id\":\"p\",\"family\":\"F\",\"birth_date\":\"1980\"}]}"
                .to_owned(),
            "",
        ),
        (
            "/events",
            "{\"source\":\"ehr\",\"items\":[{\"kind\":\"dance\",\"patient\":\"p\",\"time\":\"2026\"}]}"
                .to_owned(),
            "/items/0/kind",
        ),
        ("/segments/count", "{}".to_owned(), ""),
        ("/segments/check", "{\"text\":\"age >=\"}".to_owned(), ""),
        ("/segments/check", "not json".to_owned(), ""),
        ("/patients/find", "{\"email\":\"nobody\"}".to_owned(), "/email"),
        ("/webhooks", "{\"url\":\"ftp://x\",\"events\":[\"message.outcome\"]}".to_owned(), ""),
        ("/webhooks", "{\"url\":\"https://x.example\",\"events\":[\"everything\"]}".to_owned(), ""),
    ] {
        let answer = program.ask("POST", path, &[], &body).await;
        assert_eq!(pointed(&answer), (422, pointer.to_owned()), "{path} {body}: {}", answer.body);
    }
    let long = "x".repeat(LARGEST_REQUEST + 1);
    for headers in [&[][..], &[("idempotency-key", "long")]] {
        assert_eq!(
            program.ask("POST", "/patients", headers, &long).await.status,
            StatusCode::PAYLOAD_TOO_LARGE
        );
    }
    let bearer = format!("Bearer {}", program.token);
    let form = [("authorization", bearer.as_str()), ("content-type", "text/plain")];
    let answer = world.send(request("POST", "/api/v1/patients", &form, "{}")).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for query in ["?limit=0", "?limit=5000", "?after=nothing", "?colour=red"] {
        assert_eq!(
            program.ask("GET", &format!("/segments{query}"), &[], "").await.status.as_u16(),
            422,
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages() {
    let world = World::new().await;
    let program = Program::first(&world);
    for n in 0..5 {
        program.post("/segments", &json!({ "name": format!("s{n}"), "text": format!("age >= {n}") })).await;
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let answer = program.ask("GET", &format!("/segments?limit=2{after}"), &[], "").await;
        let page: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(page["items"].as_array().unwrap().len() <= 2);
        seen.extend(page["items"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    seen.sort();
    assert_eq!(seen, ["s0", "s1", "s2", "s3", "s4"]);
}
