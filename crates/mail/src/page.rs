//! One mail for one person: a layout filled with values.

use crate::field::{FieldSource, MergeField, Missing, Use};
use crate::footer::OptOut;
use crate::images::Images;
use crate::layout::{self, Layout};
use crate::token::{LinkToken, Links};
use discreet_domain::{EmailAddress, Label, Phi};
use std::collections::BTreeMap;
use std::fmt;

/// What stands before the subject of a test.
pub const TEST_MARK: &str = "[Test] ";
/// Where the links of a test lead that would be somebody's: a page that says so and can do nothing.
pub const TEST_PATH: &str = "/p/test";

/// What is put in the place of merge fields for one patient.
#[derive(Clone, Debug, Default)]
pub struct Values(BTreeMap<MergeField, Value>);

#[derive(Clone, Debug)]
struct Value {
    text: Phi<String>,
    label: Label,
}

impl Values {
    /// None yet.
    pub fn new() -> Values {
        Values::default()
    }
    /// The value of a field, as careful as the field is.
    #[must_use]
    pub fn with(self, field: MergeField, text: Phi<String>) -> Values {
        self.with_label(field, text, Label::L0)
    }
    /// The value of a field that is more delicate than the field: a visit at the behavioral health site.
    #[must_use]
    pub fn with_label(mut self, field: MergeField, text: Phi<String>, label: Label) -> Values {
        self.0.insert(field, Value { text, label: label.max(field.label()) });
        self
    }
}

/// Why a mail was not filled. Nothing was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FillError {
    /// The value of a required field is missing for this patient.
    #[error("no value for the required merge field `{}`", .0.name())]
    Missing(MergeField),
    /// The value of a link field does not lead to a host of ours.
    #[error("the value of `{}` does not lead to an allowed host", .0.name())]
    ForeignLink(MergeField),
}

impl FillError {
    /// A fixed word, for records.
    pub const fn code(self) -> &'static str {
        match self {
            FillError::Missing(_) => "merge_missing",
            FillError::ForeignLink(_) => "merge_foreign_link",
        }
    }
}

/// A mail filled for one person, not yet a message.
#[derive(Clone)]
pub struct Page {
    pub(crate) subject: String,
    pub(crate) html: Phi<String>,
    pub(crate) text: Phi<String>,
    pub(crate) from_name: String,
    pub(crate) from: EmailAddress,
    pub(crate) reply_to: Option<EmailAddress>,
    /// The topic's public name; none in a mail that somebody asked for.
    pub(crate) topic: Option<String>,
    /// The address of the one-click header, if there is one.
    pub(crate) one_click: Option<String>,
    pub(crate) images: Images,
    pub(crate) label: Label,
    merged: Vec<(MergeField, Phi<String>)>,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Page({})", self.label)
    }
}

impl Page {
    /// The subject, as the reader sees it. It holds nothing about the reader.
    pub fn subject(&self) -> &str {
        &self.subject
    }
    /// The HTML part.
    pub fn html(&self) -> &Phi<String> {
        &self.html
    }
    /// The HTML part with its images within it: a document that needs nothing else to be looked at.
    pub fn standalone(&self) -> Phi<String> {
        Phi::new(self.images.written_out(self.html.expose(), self.from.domain()))
    }
    /// The plain text part.
    pub fn text(&self) -> &Phi<String> {
        &self.text
    }
    /// The greatest label of template, letterhead and values; at least L1, for it is addressed to a patient.
    pub fn label(&self) -> Label {
        self.label
    }
    /// What was put in the place of fields, to be sealed as evidence.
    pub fn merged(&self) -> &[(MergeField, Phi<String>)] {
        &self.merged
    }
}

impl Layout {
    /// Fills the layout for one person.
    ///
    /// # Errors
    /// [`FillError`], when a required value is missing or a link leads elsewhere: nothing is to be sent.
    pub fn fill(&self, values: &Values, links: &Links) -> Result<Page, FillError> {
        self.fill_with(values, Tokens::Campaign(links))
    }
    /// Fills the layout of a mail that somebody asked for, with the link that was asked for.
    ///
    /// # Errors
    /// As [`Layout::fill`]; also if the layout is another mail's.
    pub fn fill_asked(&self, values: &Values, link: &LinkToken) -> Result<Page, FillError> {
        self.fill_with(values, Tokens::Asked(link))
    }
    /// Fills the layout as a test for a colleague: its subject says so, and what would be somebody's link leads to
    /// [`TEST_PATH`]. Of no list, so that no mail program offers to leave one.
    ///
    /// # Errors
    /// As [`Layout::fill`].
    pub fn fill_test(&self, values: &Values) -> Result<Page, FillError> {
        let page = self.fill_with(values, Tokens::Test)?;
        Ok(Page { subject: format!("{TEST_MARK}{}", page.subject), topic: None, ..page })
    }

    fn fill_with(&self, values: &Values, tokens: Tokens<'_>) -> Result<Page, FillError> {
        let mut filler = Filler {
            layout: self,
            values,
            tokens,
            known: BTreeMap::new(),
            label: self.label().max(Label::L1),
        };
        let subject = filler.put(&self.subject, false)?;
        let html = filler.put(&self.html, true)?;
        let text = filler.put(&self.text, false)?;
        let one_click = match tokens {
            Tokens::Campaign(links) if self.opt_out == OptOut::OneClick => {
                Some(self.token_link(links.unsubscribe()))
            }
            _ => None,
        };
        let merged = filler.known.iter().filter(|(f, _)| f.source() == FieldSource::Patient);
        let merged = merged.map(|(f, v)| (*f, Phi::new(v.clone()))).collect();
        Ok(Page {
            subject: crate::clean::line(&subject),
            html: Phi::new(html),
            text: Phi::new(text),
            from_name: self.from_name.clone(),
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
            topic: self.topic.clone(),
            one_click,
            images: self.images.clone(),
            label: filler.label,
            merged,
        })
    }

    fn token_link(&self, token: &LinkToken) -> String {
        format!("{}{}{}", self.link_base, token.purpose().path(), token.text())
    }
}

/// The tokens of one mail.
#[derive(Clone, Copy)]
enum Tokens<'a> {
    Campaign(&'a Links),
    Asked(&'a LinkToken),
    /// Nobody's.
    Test,
}

struct Filler<'a> {
    layout: &'a Layout,
    values: &'a Values,
    tokens: Tokens<'a>,
    /// Values already made harmless.
    known: BTreeMap<MergeField, String>,
    label: Label,
}

impl Filler<'_> {
    fn put(&mut self, pieces: &[crate::field::Piece], html: bool) -> Result<String, FillError> {
        let mut problem = None;
        let filled = layout::fill(pieces, html, |used| match self.value(used) {
            Ok(value) => Some(value),
            Err(e) => {
                problem = Some(e);
                None
            }
        });
        match (filled, problem) {
            (Some(text), None) => Ok(text),
            (_, Some(e)) => Err(e),
            // `fill` gives up only where `value` failed.
            (None, None) => Err(FillError::Missing(MergeField::Organization)),
        }
    }

    fn value(&mut self, used: &Use) -> Result<String, FillError> {
        let token = match (used.field, self.tokens) {
            (MergeField::UnsubscribeLink | MergeField::NotMeLink, Tokens::Test) => {
                return Ok(format!("{}{TEST_PATH}", self.layout.link_base));
            }
            (MergeField::UnsubscribeLink, Tokens::Campaign(links)) => Some(links.unsubscribe()),
            (MergeField::NotMeLink, Tokens::Campaign(links)) => Some(links.not_me()),
            (MergeField::RequestLink, Tokens::Asked(token)) => Some(token),
            (MergeField::UnsubscribeLink | MergeField::NotMeLink | MergeField::RequestLink, _) => {
                return Err(FillError::Missing(used.field));
            }
            _ => None,
        };
        if let Some(token) = token {
            return Ok(self.layout.token_link(token));
        }
        if let Some(value) = self.known.get(&used.field) {
            return Ok(value.clone());
        }
        let Some(value) = self.values.0.get(&used.field).filter(|v| !v.text.expose().trim().is_empty())
        else {
            return missing(used);
        };
        let Some(text) = layout::harmless(used.field, value.text.expose(), self.layout) else {
            return match used.field.kind() {
                crate::field::FieldKind::Link => Err(FillError::ForeignLink(used.field)),
                crate::field::FieldKind::Text => missing(used),
            };
        };
        self.label = self.label.max(value.label);
        self.known.insert(used.field, text.clone());
        Ok(text)
    }
}

fn missing(used: &Use) -> Result<String, FillError> {
    match &used.missing {
        Missing::Fallback(text) => Ok(text.clone()),
        Missing::Hold | Missing::Never => Err(FillError::Missing(used.field)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::footer::{Footing, Why};
    use crate::letterhead::tests::letterhead;
    use crate::template::Template;
    use crate::template::tests::draft;

    pub(crate) fn layout(body: &str) -> Layout {
        let template = Template::check(&draft(body), letterhead().hosts(), &Images::default()).unwrap();
        let footing = Footing::new("Clinic news", Why::Subscribed, OptOut::OneClick).unwrap();
        Layout::new(&template, &letterhead(), &footing).unwrap()
    }
    fn phi(text: &str) -> Phi<String> {
        Phi::new(text.to_owned())
    }

    #[test]
    fn values_are_escaped_in_html_and_one_line_in_text() {
        let l = layout("Dear {{ given_name | \"friend\" }},");
        let v =
            Values::new().with(MergeField::GivenName, phi("Rosa\r\n\r\n<script>alert(1)</script>\u{202e}"));
        let page = l.fill(&v, &Links::sample()).unwrap();
        assert!(page.html().expose().contains("Dear Rosa &lt;script&gt;alert(1)&lt;/script&gt;,"));
        assert!(page.text().expose().starts_with("Dear Rosa <script>alert(1)</script>,\n"));
        assert_eq!(page.merged().len(), 1);
    }

    #[test]
    fn a_value_is_never_markdown() {
        let l = layout("Dear {{ given_name | \"friend\" }}");
        let v = Values::new()
            .with(MergeField::GivenName, phi("[x](https://evil.example/) **b** {{ family_name }}"));
        let page = l.fill(&v, &Links::sample()).unwrap();
        assert!(!page.html().expose().contains("href=\"https://evil"));
        assert!(page.html().expose().contains("[x](https://evil.example/) **b** {{ family_name }}"));
    }

    #[test]
    fn missing_values() {
        let l = layout("{{ given_name | \"friend\" }} {{ next_appointment_day | required }}");
        let day = Values::new().with(MergeField::NextAppointmentDay, phi("Tuesday"));
        assert!(l.fill(&day, &Links::sample()).unwrap().text().expose().starts_with("friend Tuesday\n"));
        for v in [Values::new(), Values::new().with(MergeField::NextAppointmentDay, phi(" \r\n\u{200b}"))] {
            let e = l.fill(&v, &Links::sample()).unwrap_err();
            assert_eq!((e, e.code()), (FillError::Missing(MergeField::NextAppointmentDay), "merge_missing"));
        }
    }

    #[test]
    fn labels_rise_with_values() {
        let l = layout("{{ given_name | \"friend\" }} {{ next_appointment_place | \"our clinic\" }}");
        assert_eq!(l.label(), Label::L2);
        let v = Values::new().with_label(MergeField::NextAppointmentPlace, phi("Building C"), Label::L3);
        assert_eq!(l.fill(&v, &Links::sample()).unwrap().label(), Label::L3);
        assert_eq!(layout("hello").fill(&Values::new(), &Links::sample()).unwrap().label(), Label::L1);
    }

    #[test]
    fn links_lead_to_us() {
        let l = layout("[m]({{ secure_message_link | required }})");
        let fill = |url: &str| {
            l.fill(&Values::new().with(MergeField::SecureMessageLink, phi(url)), &Links::sample())
        };
        assert!(fill("https://mail.lakeside.example/m/abc").is_ok());
        for bad in [
            "https://evil.example/",
            "javascript:x",
            "https://mail.lakeside.example.evil.example/",
            "http://mail.lakeside.example/",
        ] {
            assert_eq!(
                fill(bad).unwrap_err(),
                FillError::ForeignLink(MergeField::SecureMessageLink),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_test_says_so_and_its_links_are_nobodys() {
        let l = layout("Dear {{ given_name | \"friend\" }}, [stop]({{ unsubscribe_link }})");
        let page = l.fill_test(&Values::new().with(MergeField::GivenName, phi("Alex"))).unwrap();
        assert_eq!(page.subject(), "[Test] Autumn news from Lakeside Family Clinic");
        for part in [page.html().expose(), page.text().expose()] {
            assert!(part.contains("Dear Alex") && part.contains("https://mail.lakeside.example/p/test"));
            assert!(!part.contains("/u/") && !part.contains("/n/"), "{part}");
        }
        assert!(page.topic.is_none() && page.one_click.is_none(), "nothing to leave by one click");
    }

    #[test]
    fn debug_tells_nothing() {
        let l = layout("Dear {{ given_name | \"friend\" }},");
        let v = Values::new().with(MergeField::GivenName, phi("Zz-Canary"));
        let page = l.fill(&v, &Links::sample()).unwrap();
        assert!(!format!("{v:?} {page:?} {:?}", page.merged()).contains("Canary"));
    }
}
