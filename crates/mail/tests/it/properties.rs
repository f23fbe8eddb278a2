//! Whatever authors and values hold: no panic, and no header line that they made.

use crate::world::{draft, envelope, letterhead, now};
use discreet_domain::{Label, Phi};
use discreet_mail::{
    Body, Draft, Footing, Images, Layout, Links, MergeField, OptOut, Template, Values, Why, review,
};
use mail_parser::MessageParser;
use proptest::prelude::*;

const HEADERS: [&str; 10] = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "List-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
];

/// Texts made of what is dangerous somewhere.
fn nasty() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("\r\n"),
        Just("\n"),
        Just("\r"),
        Just("\r\n\r\n"),
        Just("\r\n.\r\n"),
        Just("Bcc: x@evil.example"),
        Just("\0"),
        Just("{{"),
        Just("}}"),
        Just("{{ given_name | \"friend\" }}"),
        Just("{{ topic }}"),
        Just("=?utf-8?Q?=0D=0ABcc:x?="),
        Just("<"),
        Just(">"),
        Just("\""),
        Just("'"),
        Just("&"),
        Just("&#13;&#10;"),
        Just("<script>"),
        Just("<!--"),
        Just("-->"),
        Just("\u{e100}"),
        Just("\u{2028}"),
        Just("\u{202e}"),
        Just("%FOOTER%"),
        Just("# "),
        Just("- "),
        Just("[x](y)"),
        Just("`"),
        Just("é"),
        Just("日本"),
        Just("👩\u{200d}⚕️"),
        Just("a"),
        Just("word"),
        Just(" "),
        Just("--=_"),
        Just("\t"),
        Just("\u{85}"),
        Just("=\r\n"),
        Just("From "),
        Just("."),
        Just("\\"),
        Just("\u{feff}"),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// Texts that pass the check more often than not.
fn tame() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            Just("word "),
            Just("é"),
            Just("日本 "),
            Just("=?utf-8?Q?=0D=0ABcc:x?="),
            Just("\" "),
            Just("\\"),
            Just("<x> "),
            Just("a, b; c: "),
            Just("{{ topic }} "),
            Just("& "),
            Just("%BODY%"),
            Just("(c) "),
            Just("👩\u{200d}⚕️"),
            Just("- "),
            Just("long-word-without-end"),
        ],
        1..10,
    )
    .prop_map(|parts| parts.concat())
}

fn drafts(text: BoxedStrategy<String>) -> impl Strategy<Value = Draft> {
    let body = prop_oneof![
        text.clone().prop_map(|t| Body::Markdown(format!("x {t}"))),
        text.clone().prop_map(|t| Body::Mjml(format!(
            "<mjml><mj-body><mj-section><mj-column><mj-text>{t}</mj-text></mj-column></mj-section></mj-body></mjml>"
        ))),
    ];
    (text.clone(), text.clone(), text.clone(), body).prop_map(|(subject, preheader, from_name, body)| Draft {
        subject,
        preheader,
        from_name,
        reply_to: None,
        ..draft(body)
    })
}

fn check_message(draft: &Draft, value: &str) -> Result<(), TestCaseError> {
    let letterhead = letterhead();
    let Ok(template) = Template::check(draft, letterhead.hosts(), &Images::default()) else { return Ok(()) };
    let footing = Footing::new("Clinic news", Why::Subscribed, OptOut::OneClick).unwrap();
    let Ok(layout) = Layout::new(&template, &letterhead, &footing) else { return Ok(()) };
    let values = MergeField::all().fold(Values::new(), |v, f| v.with(f, Phi::new(value.to_owned())));
    let Ok(page) = layout.fill(&values, &Links::sample()) else { return Ok(()) };
    prop_assert!(page.label() >= Label::L1);
    prop_assert!(page.html().expose().contains("120 Harbor Road"));
    prop_assert!(page.text().expose().contains("120 Harbor Road"));
    let rendered = page.compose(envelope(), &[], now()).unwrap();
    let text = String::from_utf8(rendered.bytes().expose().clone()).unwrap();
    prop_assert!(text.is_ascii() && !text.replace("\r\n", "").contains(['\r', '\n']));
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let names: Vec<&str> = head
        .split("\r\n")
        .filter(|l| !l.starts_with(' '))
        .filter_map(|l| l.split_once(':'))
        .map(|(n, _)| n)
        .collect();
    prop_assert_eq!(names.len(), HEADERS.len());
    for (name, expected) in names.iter().zip(HEADERS) {
        prop_assert!(name.eq_ignore_ascii_case(expected), "{} {}", name, expected);
    }
    prop_assert!(
        head.split("\r\n").all(|l| l.len() <= 78 || l.starts_with("List-Unsubscribe: <")),
        "{}",
        head
    );
    let message = MessageParser::default().parse(text.as_bytes()).unwrap();
    prop_assert_eq!(message.parts.len(), 3);
    prop_assert_eq!(message.subject().unwrap_or("").trim(), page.subject().trim());
    prop_assert!(!message.subject().unwrap_or("").contains(['\r', '\n']));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn nasty_drafts_and_values(draft in drafts(nasty().boxed()), value in nasty()) {
        check_message(&draft, &value)?;
    }

    #[test]
    fn tame_drafts_and_nasty_values(draft in drafts(tame().boxed()), value in nasty()) {
        check_message(&draft, &value)?;
    }

    /// A value is text: the markup around it is the same as around a harmless value.
    #[test]
    fn values_never_become_markup(value in nasty()) {
        let draft = draft(Body::Markdown("Dear {{ given_name | \"friend\" }}, *hello*".into()));
        let template = Template::check(&draft, letterhead().hosts(), &Images::default()).unwrap();
        let footing = Footing::new("Clinic news", Why::Subscribed, OptOut::OneClick).unwrap();
        let layout = Layout::new(&template, &letterhead(), &footing).unwrap();
        let html = |v: &str| {
            let values = Values::new().with(MergeField::GivenName, Phi::new(v.to_owned()));
            layout.fill(&values, &Links::sample()).unwrap().html().expose().clone()
        };
        let tags = |h: &str| h.matches('<').count();
        prop_assert_eq!(tags(&html(&value)), tags(&html("Rosa")));
    }

    #[test]
    fn anything_at_all_can_be_reviewed(text in "\\PC{0,200}") {
        let mut d = draft(Body::Mjml(text.clone()));
        d.subject = text.clone();
        let _ = review(&d, letterhead().hosts(), &Images::default());
        let _ = review(&draft(Body::Markdown(text)), letterhead().hosts(), &Images::default());
    }
}
