//! The API of a running server, over the wire.

use crate::browser::Site;
use crate::installation::Installation;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// Asks; it must be answered with 200.
pub fn ask(site: &Site, token: &str, method: &str, path: &str, body: &Value) -> Value {
    let host = site.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let body = body.to_string();
    let request = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap()
}

#[test]
fn a_webhook_hears_of_a_withdrawal() {
    let clinic = Installation::configured("[serve]\nhttps = false\nprivate_webhooks = true\n");
    let token = clinic.made["token"].as_str().unwrap().to_owned();
    let site = Site::of(&clinic);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/heard", listener.local_addr().unwrap().port());
    let added =
        ask(&site, &token, "POST", "/webhooks", &json!({ "url": url, "events": ["consent.withdrawn"] }));
    assert!(added["secret"].as_str().unwrap().starts_with("whsec_"));
    let patients =
        json!({ "source": "ehr", "items": [{ "id": "p1", "family": "Heard", "birth_date": "1980-05-06" }] });
    assert_eq!(ask(&site, &token, "POST", "/patients", &patients)["taken"], 1);
    let find = json!({ "identifier": { "system": "ehr", "value": "p1" } });
    let id = ask(&site, &token, "POST", "/patients/find", &find)["patients"][0].as_str().unwrap().to_owned();
    let withdrawal = json!({ "topic": "marketing", "method": "phone" });
    ask(&site, &token, "POST", &format!("/patients/{id}/withdraw"), &withdrawal);
    let (mut stream, _) = listener.accept().unwrap();
    let mut heard = Vec::new();
    while !heard.ends_with(b"\"}") {
        let mut buffer = [0; 1024];
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0);
        heard.extend_from_slice(&buffer[..read]);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    let heard = String::from_utf8(heard).unwrap();
    assert!(
        heard.starts_with("POST /heard HTTP/1.1\r\n") && heard.contains("webhook-signature: v1,"),
        "{heard}"
    );
    assert!(heard.contains(&id) && !heard.contains("Heard\"") && !heard.contains("marketing"), "{heard}");
    // A token for one thing only, from the command line.
    let args = ["users", "token", "admin", "--for", "counts", "--only", "CountSegment", "--days", "30"];
    let users = clinic.json(&["users", "list"]);
    let name = users[0]["name"].as_str().unwrap().to_owned();
    let args: Vec<&str> = args.iter().map(|arg| if *arg == "admin" { name.as_str() } else { arg }).collect();
    let limited = clinic.json(&args)["token"].as_str().unwrap().to_owned();
    assert_eq!(
        ask(&site, &limited, "POST", "/segments/count", &json!({ "text": "age >= 1" }))["count"]["count"],
        1
    );
}
