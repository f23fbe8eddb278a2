//! The message as another program reads it.

use crate::world::{CANARY, envelope, letterhead, newsletter, now, picture, reminder, set, values};
use discreet_mail::{Images, Links, Rendered};
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders as _};

fn compose(layout: &discreet_mail::Layout) -> Rendered {
    layout.fill(&values(), &Links::sample()).unwrap().compose(envelope(), &[], now()).unwrap()
}
fn kinds(message: &Message<'_>) -> Vec<String> {
    let kind = |t: &mail_parser::ContentType<'_>| format!("{}/{}", t.ctype(), t.subtype().unwrap_or(""));
    message.parts.iter().map(|p| p.content_type().map(kind).unwrap_or_default()).collect()
}
fn text<'a>(message: &'a Message<'_>, header: &'a str) -> Option<&'a str> {
    message.header_raw(header).map(str::trim)
}

#[test]
fn headers_and_parts() {
    let rendered = compose(&newsletter());
    let message = MessageParser::default().parse(rendered.bytes().expose()).unwrap();
    let names: Vec<&str> = message.headers().iter().map(|h| h.name()).collect();
    assert_eq!(
        names,
        [
            "Date",
            "From",
            "To",
            "Reply-To",
            "Subject",
            "Message-ID",
            "List-ID",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "MIME-Version",
            "Content-Type"
        ]
    );
    assert_eq!(message.subject(), Some("A calmer autumn at Lakeside Family Clinic"));
    assert_eq!(text(&message, "Date"), Some("Tue, 24 Nov 2026 09:00:00 +0000"));
    assert_eq!(text(&message, "From"), Some("Lakeside Family Clinic <news@mail.lakeside.example>"));
    assert_eq!(text(&message, "To"), Some("<zz-canary@example.org>"));
    assert_eq!(text(&message, "List-Id"), Some("Clinic news <clinic-news.mail.lakeside.example>"));
    let url = format!("<https://mail.lakeside.example/u/{}>", Links::sample().unsubscribe().text());
    assert_eq!(text(&message, "List-Unsubscribe"), Some(url.as_str()));
    assert_eq!(text(&message, "List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    assert_eq!(kinds(&message), ["multipart/alternative", "text/plain", "text/html"]);
    let page = newsletter().fill(&values(), &Links::sample()).unwrap();
    let unix = |t: &str| t.replace("\r\n", "\n").trim_end().to_owned();
    assert_eq!(unix(&message.body_text(0).unwrap()), unix(page.text().expose()));
    assert_eq!(unix(&message.body_html(0).unwrap()), unix(page.html().expose()));
}

/// What is shown travels with the mail: nobody is asked for it when it is opened.
#[test]
fn images_of_the_library_travel_with_the_mail() {
    let (image, mut images) = (picture(), Images::default());
    let address = Images::address(image.id());
    images.add(image.clone());
    let layout = set(&format!("Dear reader\n\n![A blue square](<{address}>)\n"), &images);
    let rendered = compose(&layout);
    let message = MessageParser::default().parse(rendered.bytes().expose()).unwrap();
    assert_eq!(
        kinds(&message),
        ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    );
    let attached = message.attachment(0).unwrap();
    assert!(attached.contents() == image.bytes());
    assert_eq!(attached.attachment_name(), Some("image-1.png"), "a name that says nothing");
    let id = attached.content_id().unwrap();
    let html = message.body_html(0).unwrap();
    assert!(html.contains(&format!("src=\"cid:{id}\"")), "{html}");
    assert!(html.contains("width=\"64\"") && html.contains("alt=\"A blue square\""));
    assert!(message.body_text(0).unwrap().contains("A blue square"));
    assert!(!html.contains("image:"));
    let page = layout.fill(&values(), &Links::sample()).unwrap();
    assert!(page.standalone().expose().contains("src=\"data:image/png;base64,"));
    // Every line is what mail systems take, as in any mail.
    let text = std::str::from_utf8(rendered.bytes().expose()).unwrap();
    assert!(text.is_ascii() && text.split("\r\n").all(|line| line.len() <= 998));
}

#[test]
fn care_mail_offers_no_one_click() {
    let rendered = compose(&reminder());
    let message = MessageParser::default().parse(rendered.bytes().expose()).unwrap();
    assert!(
        message.header("List-Unsubscribe").is_none() && message.header("List-Unsubscribe-Post").is_none()
    );
    assert!(message.body_text(0).unwrap().contains("Unsubscribe: https://mail.lakeside.example/u/"));
}

#[test]
fn the_bytes_are_what_mail_systems_take() {
    for layout in [newsletter(), reminder()] {
        let rendered = compose(&layout);
        let bytes = rendered.bytes().expose();
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(text.is_ascii() && text.ends_with("\r\n"));
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(
            text.split("\r\n").all(|l| l.len() <= 78 || l.starts_with("List-Unsubscribe: <")),
            "{:?}",
            text.split("\r\n").max_by_key(|l| l.len())
        );
    }
}

#[test]
fn nothing_about_the_reader_in_the_headers_but_the_address() {
    let rendered = compose(&reminder());
    let message = MessageParser::default().parse(rendered.bytes().expose()).unwrap();
    for header in message.headers() {
        let raw = format!("{:?} {}", header.value, message.header_raw(header.name()).unwrap_or(""));
        let is_to = header.name() == "To";
        assert!(is_to || !raw.to_lowercase().contains("canary"), "{}", header.name());
        assert!(!raw.contains("December"), "{}", header.name());
    }
    assert!(!format!("{rendered:?}").to_lowercase().contains("canary"));
    assert!(message.body_text(0).unwrap().contains(CANARY));
}

#[test]
fn each_message_has_an_id_of_its_own_that_says_nothing() {
    let (a, b) = (compose(&newsletter()), compose(&newsletter()));
    assert_ne!(a.header_id(), b.header_id());
    let (random, domain) = a.header_id().split_once('@').unwrap();
    assert_eq!((random.len(), domain), (32, "mail.lakeside.example"));
    assert!(random.bytes().all(|b| b.is_ascii_hexdigit()));
    for rendered in [&a, &b] {
        let id = rendered.message().to_string().replace('-', "");
        let patient = rendered.addressee().patient().unwrap().to_string().replace('-', "");
        assert!(!rendered.header_id().contains(&id) && !rendered.header_id().contains(&patient));
        let text = String::from_utf8_lossy(rendered.bytes().expose()).replace('-', "");
        assert!(!text.contains(&id) && !text.contains(&patient));
    }
}

/// RULES row 56: every host in the HTML is on the list; pictures are the same for everyone.
#[test]
fn no_foreign_host_in_the_html() {
    let letterhead = letterhead();
    for layout in [newsletter(), reminder()] {
        let rendered = compose(&layout);
        let message = MessageParser::default().parse(rendered.bytes().expose()).unwrap();
        let html = message.body_html(0).unwrap().into_owned();
        let namespaces = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/xlink"];
        let html = namespaces.iter().fold(html, |h, n| h.replace(n, ""));
        let mut hosts = 0;
        for (at, _) in html.match_indices("://") {
            let rest = &html[at + 3..];
            let host = &rest[..rest.find(['/', '"', '\'', ')', '<', ' ', '?']).unwrap_or(rest.len())];
            assert!(letterhead.hosts().allow(host), "{host}");
            hosts += 1;
        }
        assert!(hosts > 2);
        assert!(!html.contains("<script") && !html.contains("@import") && !html.contains("<link"));
    }
}

#[test]
fn reply_to_is_a_plain_address() {
    let rendered = compose(&newsletter());
    let message = MessageParser::default().parse(rendered.bytes().expose()).unwrap();
    let HeaderValue::Address(address) = message.header("Reply-To").unwrap() else { panic!() };
    assert_eq!(address.first().unwrap().address(), Some("hello@lakeside.example"));
}
