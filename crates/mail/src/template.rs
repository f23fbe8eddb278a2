//! What is left of a draft once it was checked.

mod body;

use crate::address::{self, Hosts};
use crate::clean;
use crate::draft::{Body, Draft};
use crate::field::{self, MergeField, Piece};
use crate::images::Images;
use crate::limits::{COMFORTABLE_SUBJECT, LONGEST_PREHEADER, LONGEST_SHOWN_NAME, LONGEST_SUBJECT};
use crate::lint::{self, Finding, Place, plain};
use crate::slots::Slots;
use body::CheckedBody;
use discreet_domain::{EmailAddress, Label};
use std::fmt;

/// A template that was checked: its fields are known, its addresses are ours, its label is settled.
#[derive(Clone)]
pub struct Template {
    pub(crate) subject: Vec<Piece>,
    pub(crate) preheader: Vec<Piece>,
    /// The body with each field replaced by its slot.
    pub(crate) body: Body,
    pub(crate) slots: Slots,
    /// The library's images it shows.
    pub(crate) images: Images,
    pub(crate) from_name: String,
    pub(crate) reply_to: Option<EmailAddress>,
    pub(crate) language: String,
    label: Label,
    fields: Vec<MergeField>,
    remarks: Vec<Finding>,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({})", self.label)
    }
}

impl Template {
    /// Checks a draft. `hosts` are those its links and images may name, `images` those of the library it may show.
    ///
    /// # Errors
    /// All findings, errors first, when one of them blocks.
    pub fn check(draft: &Draft, hosts: &Hosts, images: &Images) -> Result<Template, Vec<Finding>> {
        let mut found = Vec::new();
        let subject = seen_line(&draft.subject, Place::Subject, LONGEST_SUBJECT, &mut found);
        let preheader = seen_line(&draft.preheader, Place::Preheader, LONGEST_PREHEADER, &mut found);
        if clean::line(&draft.subject).is_empty() {
            found.push(Finding::error(Place::Subject, "empty", "a mail needs a subject"));
        }
        if draft.subject.chars().count() > COMFORTABLE_SUBJECT {
            let message = format!("phones cut subjects after about {COMFORTABLE_SUBJECT} characters");
            found.push(Finding::warning(Place::Subject, "length", message).about(&draft.subject));
        }
        let from_name = from_name(&draft.from_name, &mut found);
        let reply_to = reply_to(draft.reply_to.as_deref(), hosts, &mut found);
        let language = language(&draft.language, &mut found);
        let CheckedBody { body, slots, images, label: words } =
            CheckedBody::of(&draft.body, hosts, images, &mut found);
        let found = lint::tidy(found);
        if lint::blocks(&found) {
            return Err(found);
        }
        let fields = fields(&[&subject, &preheader], &slots, body.source());
        let label = fields.iter().map(|f| f.label()).max().unwrap_or(Label::L0).max(words);
        Ok(Template {
            subject,
            preheader,
            body,
            slots,
            images,
            from_name,
            reply_to,
            language,
            label,
            fields,
            remarks: found,
        })
    }
    /// The greatest label of its merge fields and of the words and codes in it.
    pub fn label(&self) -> Label {
        self.label
    }
    /// The fields it uses, each once.
    pub fn fields(&self) -> &[MergeField] {
        &self.fields
    }
    /// Warnings and notes: what was found and does not block.
    pub fn remarks(&self) -> &[Finding] {
        &self.remarks
    }
    /// The sender's display name.
    pub fn from_name(&self) -> &str {
        &self.from_name
    }
}

/// Checks a draft and returns everything found, for an editor that shows it while the author writes.
pub fn review(draft: &Draft, hosts: &Hosts, images: &Images) -> Vec<Finding> {
    match Template::check(draft, hosts, images) {
        Ok(template) => template.remarks,
        Err(found) => found,
    }
}

/// Reads a line that others than the reader see: subject, preheader.
fn seen_line(text: &str, place: Place, longest: usize, found: &mut Vec<Finding>) -> Vec<Piece> {
    if text.chars().count() > longest {
        found.push(Finding::error(place, "length", format!("longer than {longest} characters")));
        return Vec::new();
    }
    if text.chars().any(char::is_control) {
        found.push(Finding::error(place, "control_character", "a line break or control character"));
    }
    let (pieces, problems) = field::pieces(text, place);
    found.extend(problems);
    for piece in &pieces {
        match piece {
            Piece::Field(used) if !used.field.allowed_in(place) => {
                let message = format!(
                    "`{}` ({}) cannot stand in the {}: it is read by others than the reader",
                    used.field.name(),
                    used.field.label().meaning(),
                    place.name()
                );
                found.push(Finding::error(place, "merge_place", message).at(used.span.clone()));
            }
            Piece::Field(used) => {
                if let field::Missing::Fallback(text) = &used.missing {
                    found.extend(plain::seen(text, place));
                }
            }
            Piece::Text(_) => {}
        }
    }
    found.extend(plain::seen(&html_free(text), place));
    let clean = |p| match p {
        Piece::Text(t) => Piece::Text(t.chars().filter(|c| !clean::is_hidden(*c)).collect()),
        field => field,
    };
    pieces.into_iter().map(clean).collect()
}

/// A subject is no markup, but some mail programs decode entities in it.
fn html_free(text: &str) -> String {
    crate::html::decoded(text)
}

fn from_name(text: &str, found: &mut Vec<Finding>) -> String {
    let place = Place::FromName;
    let name = clean::line(text);
    if name.is_empty() || name.chars().count() > LONGEST_SHOWN_NAME {
        found.push(Finding::error(
            place,
            "length",
            format!("a sender name has 1 to {LONGEST_SHOWN_NAME} characters"),
        ));
    }
    if name.contains('@') {
        found.push(Finding::error(place, "from_name", "a sender name that looks like an address misleads"));
    }
    if text.contains("{{") {
        found.push(Finding::error(place, "merge_place", "no merge fields in the sender name"));
    }
    if text.chars().any(char::is_control) {
        found.push(Finding::error(place, "control_character", "a line break or control character"));
    }
    found.extend(plain::seen(&name, place));
    name
}

fn reply_to(text: Option<&str>, hosts: &Hosts, found: &mut Vec<Finding>) -> Option<EmailAddress> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    let Ok(address) = EmailAddress::parse(text) else {
        found.push(Finding::error(Place::ReplyTo, "reply_to", "not an email address"));
        return None;
    };
    if !hosts.allow(address.domain()) {
        let message = "replies hold health information; they can only go to an address of yours";
        found.push(Finding::error(Place::ReplyTo, "address_host", message));
    }
    found.extend(plain::name(address.as_str(), Place::ReplyTo));
    Some(address)
}

fn language(text: &str, found: &mut Vec<Finding>) -> String {
    let tag = text.trim();
    let parts_fit =
        tag.split('-').all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    let primary = tag.split('-').next().unwrap_or("");
    if !parts_fit || !(2..=3).contains(&primary.len()) || tag.len() > 35 {
        found.push(Finding::error(Place::Language, "language", "a language tag such as en, es or pt-BR"));
        return "en".to_owned();
    }
    tag.to_owned()
}

fn fields(lines: &[&[Piece]], slots: &Slots, body: &str) -> Vec<MergeField> {
    let mut fields: Vec<MergeField> = slots.uses_in(body).map(|u| u.field).collect();
    for piece in lines.iter().flat_map(|l| l.iter()) {
        if let Piece::Field(used) = piece {
            fields.push(used.field);
        }
    }
    fields.sort();
    fields.dedup();
    fields
}

/// Whether an address of a link value given at merge time is one of ours.
pub(crate) fn link_value_is_ours(url: &str, hosts: &Hosts) -> bool {
    address::parse(url).is_ok_and(|a| a.scheme == address::Scheme::Https && hosts.allow(a.host))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::letterhead::tests::letterhead;
    use crate::limits::LONGEST_BODY;
    use crate::lint::Severity;

    pub(crate) fn draft(body: &str) -> Draft {
        Draft {
            subject: "Autumn news from {{ organization }}".into(),
            preheader: "Hours, parking and a walk together".into(),
            body: Body::Markdown(body.into()),
            from_name: "Lakeside Family Clinic".into(),
            reply_to: None,
            language: "en".into(),
        }
    }
    fn codes(change: impl FnOnce(&mut Draft)) -> Vec<(Place, &'static str)> {
        let mut d = draft("Hello {{ given_name | \"friend\" }}");
        change(&mut d);
        let found = review(&d, letterhead().hosts(), &Images::default());
        found.into_iter().filter(|f| f.severity == Severity::Error).map(|f| (f.place, f.code)).collect()
    }

    /// Only what is in the library, and not too much of it.
    #[test]
    fn images_are_the_librarys() {
        let image = crate::image::tests::tiny();
        let mut images = Images::default();
        let draft = draft(&format!("![A garden](<{}>)", Images::address(image.id())));
        let errors = |images: &Images| -> Vec<(Place, &'static str)> {
            let found = review(&draft, letterhead().hosts(), images);
            found.into_iter().filter(|f| f.severity == Severity::Error).map(|f| (f.place, f.code)).collect()
        };
        assert_eq!(errors(&images), [(Place::Image, "image_missing")]);
        images.add(image);
        assert_eq!(errors(&images), []);
        for other in ["image:x", "cid:x@lakeside.example", "data:image/png;base64,iVBOR"] {
            assert!(
                !codes(|d| d.body = Body::Markdown(format!("![A garden](<{other}>)"))).is_empty(),
                "{other}"
            );
        }
    }

    #[test]
    fn labels_come_from_fields_and_words() {
        let label = |body: &str| {
            Template::check(&draft(body), letterhead().hosts(), &Images::default()).unwrap().label()
        };
        assert_eq!(label("Hello"), Label::L0);
        assert_eq!(label("Hello {{ given_name | \"friend\" }}"), Label::L1);
        assert_eq!(label("See you {{ next_appointment_day | required }}"), Label::L2);
        assert_eq!(label("About diabetes"), Label::L2);
        assert_eq!(label("Hello {{ given_name | \"diabetes patient\" }}"), Label::L2);
        assert_eq!(label("About your **depres**sion"), Label::L3);
    }

    #[test]
    fn one_planted_condition_in_each_place_blocks() {
        use Place::{AltText, FromName, Image, Link, MarkupName, Preheader, ReplyTo, Subject, TitleText};
        let body = |b: &str| Body::Markdown(b.to_owned());
        type Plant = Box<dyn Fn(&mut Draft)>;
        let blocked: [(Place, Plant); 12] = [
            (Subject, Box::new(|d| d.subject = "Living with diabetes".into())),
            (Subject, Box::new(|d| d.subject = "E11.9 news".into())),
            (Preheader, Box::new(|d| d.preheader = "Your HIV care".into())),
            (FromName, Box::new(|d| d.from_name = "Lakeside Oncology".into())),
            (ReplyTo, Box::new(|d| d.reply_to = Some("diabetes@lakeside.example".into()))),
            (Link, Box::new(move |d| d.body = body("[x](https://lakeside.example/diabetes)"))),
            (Link, Box::new(move |d| d.body = body("[x](https://lakeside.example/?c=depression)"))),
            (
                Image,
                Box::new(move |d| d.body = body("![x](https://images.lakeside.example/insulin-pen.png)")),
            ),
            (AltText, Box::new(move |d| d.body = body("![insulin](https://images.lakeside.example/a.png)"))),
            (MarkupName, Box::new(|d| d.body = mjml("<mj-text css-class=\"hiv-card\">x</mj-text>"))),
            (TitleText, Box::new(|d| d.body = mjml("<mj-text><span title=\"cancer\">x</span></mj-text>"))),
            (
                Link,
                Box::new(|d| {
                    d.body = mjml("<mj-button href=\"https://lakeside.example/oncology\">x</mj-button>")
                }),
            ),
        ];
        for (i, (place, plant)) in blocked.iter().enumerate() {
            let found = codes(|d| plant(d));
            assert!(found.iter().any(|(p, _)| p == place), "{i} {place:?}: {found:?}");
        }
    }

    fn mjml(inner: &str) -> Body {
        Body::Mjml(format!(
            "<mjml><mj-body><mj-section><mj-column>{inner}</mj-column></mj-section></mj-body></mjml>"
        ))
    }

    #[test]
    fn fields_stand_only_where_they_may() {
        let md = |b: &'static str| move |d: &mut Draft| d.body = Body::Markdown(b.into());
        for (found, place, code) in [
            (codes(|d| d.subject = "Hi {{ given_name | \"you\" }}".into()), Place::Subject, "merge_place"),
            (
                codes(|d| d.preheader = "{{ next_appointment_day | required }}".into()),
                Place::Preheader,
                "merge_place",
            ),
            (codes(|d| d.subject = "{{ portal_link }}".into()), Place::Subject, "merge_place"),
            (codes(|d| d.from_name = "{{ organization }}".into()), Place::FromName, "merge_place"),
            (
                codes(md("[x](https://lakeside.example/?n={{ given_name | \"x\" }})")),
                Place::Link,
                "merge_place",
            ),
            (codes(md("[x]({{ given_name | \"x\" }})")), Place::Link, "merge_place"),
            (codes(md("[x]({{ portal_link }}/{{ topic }})")), Place::Link, "merge_place"),
            (
                codes(md("![{{ given_name | \"x\" }}](https://images.lakeside.example/a.png)")),
                Place::AltText,
                "merge_place",
            ),
            (codes(md("![x]({{ portal_link }})")), Place::Image, "merge_place"),
            (codes(md("go to {{ portal_link }}")), Place::Body, "merge_place"),
            (
                codes(|d| d.body = mjml("<mj-text css-class=\"{{ topic }}\">x</mj-text>")),
                Place::MarkupName,
                "merge_place",
            ),
            (
                codes(|d| d.body = mjml("<mj-text color=\"{{ topic }}\">x</mj-text>")),
                Place::Style,
                "merge_place",
            ),
        ] {
            assert!(found.contains(&(place, code)), "{place:?}: {found:?}");
        }
        assert!(codes(md("[x]({{ portal_link }}) and [y]({{ unsubscribe_link }})")).is_empty());
    }

    #[test]
    fn headers_cannot_be_injected() {
        assert!(
            codes(|d| d.subject = "a\r\nBcc: x@y.example".into())
                .contains(&(Place::Subject, "control_character"))
        );
        assert!(
            codes(|d| d.from_name = "a\nBcc: x".into()).contains(&(Place::FromName, "control_character"))
        );
        assert!(
            codes(|d| d.from_name = "boss@bank.example".into()).contains(&(Place::FromName, "from_name"))
        );
        assert!(
            codes(|d| d.reply_to = Some("a@lakeside.example\r\nBcc: x@y.z".into()))
                .contains(&(Place::ReplyTo, "reply_to"))
        );
        assert!(
            codes(|d| d.reply_to = Some("a@gmail.example".into()))
                .contains(&(Place::ReplyTo, "address_host"))
        );
        assert!(codes(|d| d.language = "en\r\nX: y".into()).contains(&(Place::Language, "language")));
    }

    #[test]
    fn limits_hold() {
        assert!(codes(|d| d.subject = "x".repeat(LONGEST_SUBJECT + 1)).contains(&(Place::Subject, "length")));
        assert!(
            codes(|d| d.preheader = "x".repeat(LONGEST_PREHEADER + 1))
                .contains(&(Place::Preheader, "length"))
        );
        assert!(
            codes(|d| d.body = Body::Markdown("x".repeat(LONGEST_BODY + 1)))
                .contains(&(Place::Body, "length"))
        );
        assert!(codes(|d| d.subject = " ".into()).contains(&(Place::Subject, "empty")));
        assert!(codes(|d| d.body = Body::Markdown("\n".into())).contains(&(Place::Body, "empty")));
        assert!(codes(|d| d.subject = "x".repeat(LONGEST_SUBJECT)).is_empty());
    }

    #[test]
    fn slots_cannot_be_forged() {
        for body in ["a \u{e100}", "a &#xe100;", "a &#57600;"] {
            let md = codes(|d| d.body = Body::Markdown(format!("{{{{ topic }}}} {body}")));
            assert_eq!(md, [(Place::Body, "private_character")], "{body}");
            assert_eq!(
                codes(|d| d.body = mjml(&format!("<mj-text>{body}</mj-text>"))),
                [(Place::Body, "private_character")]
            );
        }
    }

    #[test]
    fn active_or_foreign_markup_is_refused() {
        for inner in [
            "<mj-raw><script>x</script></mj-raw>",
            "<mj-text><img src=\"https://evil.example/x.png\" alt=\"\" /></mj-text>",
            "<mj-text><form action=\"https://evil.example/\"></form></mj-text>",
            "<mj-raw><textarea></mj-raw>",
            "<mj-image src=\"https://evil.example/x.png\" alt=\"\" />",
            "<mj-social><mj-social-element name=\"facebook\" href=\"https://lakeside.example/\">x</mj-social-element></mj-social>",
            "<mj-carousel><mj-carousel-image src=\"https://lakeside.example/a.png\" /></mj-carousel>",
        ] {
            assert!(!codes(|d| d.body = mjml(inner)).is_empty(), "{inner}");
        }
        assert!(
            codes(|d| d.body = mjml("<mj-text>Hello {{ given_name | \"friend\" }}</mj-text>")).is_empty()
        );
        assert!(
            codes(|d| d.body =
                mjml("<mj-image src=\"https://images.lakeside.example/a.png\" alt=\"A garden\" />"))
            .is_empty()
        );
    }
}
