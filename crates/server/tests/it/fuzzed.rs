//! The API, asked all that its document allows and more: by [schemathesis](https://schemathesis.io), which reads the
//! document and knows nothing else. Nothing breaks, and every answer is one that the document promises.
//!
//! It runs where `DISCREET_TEST_SCHEMATHESIS` is the path of that program; `./test` installs it and sets this. For longer,
//! or with another seed, `DISCREET_FUZZ_EXAMPLES` and `DISCREET_FUZZ_SEED`.

use crate::api::ask;
use crate::browser::Site;
use crate::contract::small_clinic;
use crate::installation::Installation;
use crate::mailing::approved;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

/// Random requests to each route, and the seed they grow from, unless others are asked for.
const EXAMPLES: u32 = 10;
const SEED: u32 = 7;
/// The same to each route with the token of one role: most are refused, and refused as the document says.
const EXAMPLES_OF_A_ROLE: u32 = 1;
const ROLES: [&str; 7] =
    ["administrator", "analyst", "auditor", "care_staff", "data_steward", "marketer", "privacy_officer"];
/// What is held of each answer. Left out: `positive_data_acceptance`, for not all that a schema lets through is so (a
/// segment's text has a grammar), and what takes for a fault that an address stays to be found after it is gone.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      response_headers_conformance,negative_data_rejection,unsupported_method,allow_header_conformance,\
                      ignored_auth,missing_required_header";

/// A number from the environment.
pub fn number(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

/// A clinic with something of everything the API tells of.
struct Asked {
    clinic: Installation,
    site: Site,
    token: String,
    document: Value,
}

impl Asked {
    fn new() -> Asked {
        let clinic = Installation::configured("[serve]\nhttps = false\nprivate_webhooks = true\n");
        clinic.json(&["import", small_clinic(&clinic).to_str().unwrap()]);
        for name in ["walks", "talks"] {
            approved(&clinic, name, "age >= 18");
        }
        let site = Site::of(&clinic);
        let token = clinic.made["token"].as_str().unwrap().to_owned();
        let document = ask(&site, &token, "GET", "/openapi.json", &json!({}));
        Asked { clinic, site, token, document }
    }
    /// Ids of patients, campaigns and webhooks: a random id is nobody's.
    fn ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for n in [3, 5, 7] {
            let find = json!({ "identifier": { "system": "ehr", "value": format!("p{n}") } });
            let found = ask(&self.site, &self.token, "POST", "/patients/find", &find);
            ids.push(found["patients"][0].as_str().unwrap_or_else(|| panic!("{found}")).to_owned());
        }
        let campaigns = ask(&self.site, &self.token, "GET", "/campaigns", &json!({}));
        ids.extend(
            campaigns["items"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()),
        );
        let hook = json!({ "url": "http://127.0.0.1:9/heard", "events": ["consent.withdrawn"] });
        ids.push(ask(&self.site, &self.token, "POST", "/webhooks", &hook)["id"].as_str().unwrap().to_owned());
        ids
    }
    /// The action of each operation, as the document has it.
    fn actions(&self) -> BTreeMap<String, String> {
        let paths = self.document["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|path| path.as_object().unwrap().values());
        let action = |operation: &Value| {
            let words = operation["description"].as_str().unwrap();
            let action = words.strip_prefix("Action ").unwrap().split(':').next().unwrap().to_owned();
            (operation["operationId"].as_str().unwrap().to_owned(), action)
        };
        operations.map(action).collect()
    }
    /// What schemathesis is told of this clinic. Webhooks lead to this machine and nowhere else.
    fn told(&self, name: &str, more: &str) -> PathBuf {
        let ids = json!(self.ids());
        self.clinic.file(
            name,
            &format!(
                "[dictionaries.ids]\nvalues = {ids}\n[dictionaries.hooks]\nvalues = [\"http://127.0.0.1:9/hook\"]\n\
                 [dictionaries.names]\nvalues = [\"walks\", \"talks\"]\n\
                 [dictionaries.texts]\nvalues = [\"age >= 18\", \"has condition icd10:E11*\", \"state = 'MA'\"]\n\
                 [dictionaries.topics]\nvalues = [\"marketing\", \"all-optional\", \"everything\"]\n\
                 [parameters]\n\"path.id\" = {{ dictionary = \"ids\", probability = 0.7 }}\n\
                 \"body.url\" = {{ dictionary = \"hooks\", probability = 1.0 }}\n\
                 \"body.segment\" = {{ dictionary = \"names\", probability = 0.5 }}\n\
                 \"body.text\" = {{ dictionary = \"texts\", probability = 0.5 }}\n\
                 \"body.topic\" = {{ dictionary = \"topics\", probability = 0.5 }}\n{more}"
            ),
        )
    }
    fn run(&self, program: &OsString, told: &PathBuf, more: &[&str]) -> Child {
        Command::new(program)
            .arg("--config-file")
            .arg(told)
            .arg("run")
            .arg(format!("{}/api/v1/openapi.json", self.site.base))
            .args(["--url", &self.site.base, "--checks", CHECKS, "--no-color", "--continue-on-failure"])
            .args(["--generation-database", "none", "--request-timeout", "20"])
            .args(more)
            .current_dir(self.clinic.folder())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

fn found_nothing(what: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{what}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Tested: "), "{said}");
    let cases = said.lines().find(|line| line.contains(" generated, ")).unwrap_or_default();
    println!("{what}:{cases}");
}

#[test]
fn nothing_that_is_asked_breaks_it() {
    let Some(program) = std::env::var_os("DISCREET_TEST_SCHEMATHESIS") else {
        println!("skipped: DISCREET_TEST_SCHEMATHESIS is not set; ./test sets it");
        return;
    };
    let (seed, examples) = (number("DISCREET_FUZZ_SEED", SEED), number("DISCREET_FUZZ_EXAMPLES", EXAMPLES));
    println!("DISCREET_FUZZ_SEED={seed} DISCREET_FUZZ_EXAMPLES={examples}");
    let asked = Asked::new();
    let (seed, examples) = (seed.to_string(), examples.to_string());

    // Each operation with a token that is good for it and nothing else.
    let mut scoped = String::new();
    let mut tokens = BTreeMap::new();
    for (operation, action) in asked.actions() {
        let token = tokens.entry(action.clone()).or_insert_with(|| {
            let args = ["users", "token", "admin", "--for", "fuzzing", "--only", &action, "--days", "1"];
            asked.clinic.json(&args)["token"].as_str().unwrap().to_owned()
        });
        write!(
            scoped,
            "[[operations]]\ninclude-operation-id = {operation:?}\nheaders = {{ Authorization = \"Bearer {token}\" }}\n"
        )
        .unwrap();
    }
    let told = asked.told("scoped.toml", &scoped);
    let run = asked.run(&program, &told, &["--max-examples", &examples, "--seed", &seed]);
    found_nothing("with a token of its own for each operation", &run.wait_with_output().unwrap());

    // Everything with a token of each role.
    let told = asked.told("roles.toml", "");
    let examples = EXAMPLES_OF_A_ROLE.to_string();
    for role in ROLES {
        let token = asked.clinic.user(&format!("fuzzing {role}"), &[role]);
        let header = format!("Authorization: Bearer {token}");
        let more = ["--max-examples", &examples, "--seed", &seed, "--phases", "fuzzing", "--header", &header];
        found_nothing(role, &asked.run(&program, &told, &more).wait_with_output().unwrap());
    }
}
