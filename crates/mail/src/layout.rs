//! A template set in an organization's layout, ready to be filled for one person after another.

use crate::clean::{self, escape_into, escaped};
use crate::draft::Body;
use crate::field::{FieldKind, FieldSource, MergeField, Missing, Piece, Use};
use crate::footer::{self, Footing, OptOut, Ways};
use crate::images::Images;
use crate::letterhead::Letterhead;
use crate::limits::LONGEST_HTML;
use crate::lint::{self, Finding, Place};
use crate::template::Template;
use crate::{address, markdown, mjml, plaintext};
use discreet_domain::{EmailAddress, Label};

/// A template in its layout: made once per campaign, filled once per patient.
#[derive(Clone)]
pub struct Layout {
    pub(crate) subject: Vec<Piece>,
    pub(crate) html: Vec<Piece>,
    pub(crate) text: Vec<Piece>,
    pub(crate) from_name: String,
    pub(crate) from: EmailAddress,
    pub(crate) reply_to: Option<EmailAddress>,
    pub(crate) link_base: String,
    pub(crate) hosts: address::Hosts,
    pub(crate) topic: Option<String>,
    pub(crate) opt_out: OptOut,
    pub(crate) images: Images,
    label: Label,
}

impl Layout {
    /// Sets a template on a letterhead, with the footer a campaign needs.
    ///
    /// # Errors
    /// Findings: a field the letterhead cannot fill, a way out that is not offered, HTML that is too long.
    pub fn new(
        template: &Template,
        letterhead: &Letterhead,
        footing: &Footing,
    ) -> Result<Layout, Vec<Finding>> {
        let mut found = Vec::new();
        let mut slots = template.slots.clone();
        let language = &template.language;
        let mut way = |field, offered: bool| {
            offered.then(|| slots.add(Use { field, missing: Missing::Never, span: 0..0 }))
        };
        let unsubscribe = way(MergeField::UnsubscribeLink, footing.opt_out() != OptOut::None);
        let not_me = way(MergeField::NotMeLink, !footing.is_asked());
        let preferences = letterhead
            .links
            .get(&MergeField::PreferencesLink)
            .map(String::as_str)
            .filter(|_| !footing.is_asked());
        let emphatic = matches!(template.body, Body::Mjml(_));
        let ways = Ways { unsubscribe, not_me, preferences, emphatic };
        let footer_html = footer::html(letterhead, footing, language, &ways);
        let mut line = |pieces: &[Piece]| slots.encode(pieces.to_vec());
        let (subject, preheader) = (line(&template.subject), line(&template.preheader));
        let frame = Frame {
            letterhead,
            language,
            subject: &escaped(&subject),
            preheader: &escaped(&preheader),
            footer: &footer_html,
            images: &template.images,
        };
        let (html, text) = match frame.set(&template.body) {
            Ok(set) => set,
            Err(finding) => return Err(vec![finding]),
        };
        let html = template.images.attached(&html, letterhead.from.domain());
        let text = format!("{text}\n{}", footer::text(letterhead, footing, language, &ways));
        let known = Known { letterhead, footing };
        let layout = Layout {
            subject: known.resolve(slots.split(&subject), false, &mut found),
            html: known.resolve(slots.split(&html), true, &mut found),
            text: known.resolve(slots.split(&text), false, &mut found),
            from_name: template.from_name.clone(),
            from: letterhead.from.clone(),
            reply_to: template.reply_to.clone(),
            link_base: letterhead.link_base.clone(),
            hosts: letterhead.hosts.clone(),
            topic: (!footing.is_asked()).then(|| footing.topic().to_owned()),
            opt_out: footing.opt_out(),
            images: template.images.clone(),
            label: template.label().max(letterhead.label()),
        };
        if template.fields().contains(&MergeField::RequestLink) != footing.is_asked() {
            let message = "`request_link` is for the mails that bring what somebody asked for at a page";
            found.push(Finding::error(Place::Body, "merge_place", message));
        }
        if html.len() > LONGEST_HTML {
            let message = format!(
                "the HTML is {} bytes; mail programs cut at about {LONGEST_HTML}, and what they cut is the footer",
                html.len()
            );
            found.push(Finding::error(Place::Body, "length", message));
        }
        let found = lint::tidy(found);
        if lint::blocks(&found) { Err(found) } else { Ok(layout) }
    }
    /// The label of any mail made from it, at least: template and letterhead.
    pub fn label(&self) -> Label {
        self.label
    }
}

/// What the organization knows.
struct Known<'a> {
    letterhead: &'a Letterhead,
    footing: &'a Footing,
}

impl Known<'_> {
    fn text(&self, field: MergeField) -> Option<&str> {
        match field {
            MergeField::Organization => Some(&self.letterhead.organization),
            MergeField::OrganizationPhone => self.letterhead.phone.as_deref(),
            MergeField::Topic => Some(self.footing.topic()),
            _ => self.letterhead.links.get(&field).map(String::as_str),
        }
    }

    /// Puts in what is the same for everyone.
    fn resolve(&self, pieces: Vec<Piece>, html: bool, found: &mut Vec<Finding>) -> Vec<Piece> {
        let mut out: Vec<Piece> = Vec::new();
        for piece in pieces {
            let text = match piece {
                Piece::Text(text) => text,
                Piece::Field(used) if used.field.source() == FieldSource::Organization => {
                    let value = match (self.text(used.field), &used.missing) {
                        (Some(value), _) => value,
                        (None, Missing::Fallback(text)) => text,
                        (None, _) => {
                            let message =
                                format!("the organization's settings have no {}", used.field.meaning());
                            found.push(
                                Finding::error(Place::Body, "merge_missing", message).at(used.span.clone()),
                            );
                            ""
                        }
                    };
                    if html { escaped(value) } else { value.to_owned() }
                }
                Piece::Field(used) => {
                    if used.field == MergeField::UnsubscribeLink && self.footing.opt_out() == OptOut::None {
                        let message = "a required notice has no unsubscribe link";
                        found.push(Finding::error(Place::Body, "opt_out", message).at(used.span.clone()));
                    }
                    out.push(Piece::Field(used));
                    continue;
                }
            };
            match out.last_mut() {
                Some(Piece::Text(before)) => before.push_str(&text),
                _ => out.push(Piece::Text(text)),
            }
        }
        out
    }
}

/// What surrounds the author's words.
struct Frame<'a> {
    letterhead: &'a Letterhead,
    language: &'a str,
    /// Escaped.
    subject: &'a str,
    /// Escaped.
    preheader: &'a str,
    footer: &'a str,
    images: &'a Images,
}

impl Frame<'_> {
    /// The whole document, and the text of the author's part.
    fn set(&self, body: &Body) -> Result<(String, String), Finding> {
        match body {
            Body::Markdown(text) => {
                let (inner, _) = markdown::to_html(text, &self.letterhead.palette, self.images);
                let plain = plaintext::from_html(&inner);
                Ok((self.around(&inner), plain))
            }
            Body::Mjml(text) => {
                let html = mjml::to_html(text)?;
                let plain = plaintext::from_html(&html);
                let html = self
                    .into(&html)
                    .ok_or_else(|| Finding::error(Place::Body, "mjml_syntax", "MJML without a body"))?;
                Ok((html, plain))
            }
        }
    }

    /// Our own document around a fragment.
    fn around(&self, inner: &str) -> String {
        let p = &self.letterhead.palette;
        let initial = self
            .letterhead
            .organization
            .chars()
            .find(|c| c.is_alphanumeric())
            .unwrap_or('•')
            .to_uppercase()
            .to_string();
        let parts = [
            ("%LANGUAGE%", escaped(self.language)),
            ("%DIRECTION%", direction(self.language).to_owned()),
            ("%SUBJECT%", self.subject.to_owned()),
            ("%PREHEADER%", self.preview()),
            ("%ORGANIZATION%", escaped(&self.letterhead.organization)),
            ("%INITIAL%", escaped(&initial)),
            ("%ACCENT%", p.accent.clone()),
            ("%ON_ACCENT%", p.on_accent.clone()),
            ("%DARK_LINK%", p.dark_link.clone()),
            ("%BODY%", inner.to_owned()),
            ("%FOOTER%", self.footer.to_owned()),
        ];
        replace_once_each(include_str!("layout.html"), &parts)
    }

    /// Preheader and footer put into a document that mrml made.
    fn into(&self, html: &str) -> Option<String> {
        let (start, end) = mjml::body_of(html)?;
        let (head, rest) = html.split_at_checked(start)?;
        let (body, tail) = rest.split_at_checked(end - start)?;
        let head = head.replacen("<title></title>", &format!("<title>{}</title>", self.subject), 1);
        let known =
            |part: &str| part.replacen("lang=\"und\"", &format!("lang=\"{}\"", escaped(self.language)), 1);
        let (head, body) = (known(&head), known(body));
        let foot = replace_once_each(include_str!("foot.html"), &[("%FOOTER%", self.footer.to_owned())]);
        Some(format!("{head}{}{body}{foot}{tail}", self.preview()))
    }

    /// The preheader, hidden in the body, with padding that keeps the body's first words out of the preview.
    fn preview(&self) -> String {
        if self.preheader.is_empty() {
            return String::new();
        }
        let padding = "&#8199;&#847;".repeat(60);
        format!(
            "<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all\">{}{padding}</div>\n",
            self.preheader
        )
    }
}

fn direction(language: &str) -> &'static str {
    match language.split('-').next() {
        Some("ar" | "he" | "fa" | "ur" | "ps" | "yi" | "dv") => "rtl",
        _ => "ltr",
    }
}

/// Replaces each mark wherever it stands in the frame, in one pass, so that no author's `%BODY%` is one.
fn replace_once_each(frame: &str, parts: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(frame.len() + parts.iter().map(|(_, v)| v.len()).sum::<usize>());
    let mut rest = frame;
    while let Some(at) = rest.find('%') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at..).unwrap_or("");
        match parts.iter().find(|(mark, _)| rest.starts_with(mark)) {
            Some((mark, value)) => {
                out.push_str(value);
                rest = rest.get(mark.len()..).unwrap_or("");
            }
            None => {
                out.push('%');
                rest = rest.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// Puts values in the place of fields.
pub(crate) fn fill(
    pieces: &[Piece],
    html: bool,
    mut value: impl FnMut(&Use) -> Option<String>,
) -> Option<String> {
    let mut out =
        String::with_capacity(pieces.iter().map(|p| if let Piece::Text(t) = p { t.len() } else { 40 }).sum());
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Field(used) => {
                let value = value(used)?;
                if html { escape_into(&mut out, &value) } else { out.push_str(&value) }
            }
        }
    }
    Some(out)
}

/// A value made harmless: one line; a link only if it is one of ours.
pub(crate) fn harmless(field: MergeField, value: &str, layout: &Layout) -> Option<String> {
    match field.kind() {
        FieldKind::Text => Some(clean::value(value)).filter(|v| !v.is_empty()),
        FieldKind::Link => {
            let ours = crate::template::link_value_is_ours(value, &layout.hosts)
                || value
                    .strip_prefix(layout.link_base.as_str())
                    .is_some_and(|rest| rest.starts_with('/') && is_plain(rest));
            ours.then(|| value.to_owned())
        }
    }
}

/// A path that needs no escaping.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letterhead::tests::letterhead;
    use crate::template::tests::draft;

    fn layout(body: &str) -> Result<Layout, Vec<Finding>> {
        let template = Template::check(&draft(body), letterhead().hosts(), &Images::default()).unwrap();
        let footing = Footing::new("Clinic news", footer::Why::Subscribed, OptOut::OneClick).unwrap();
        Layout::new(&template, &letterhead(), &footing)
    }

    #[test]
    fn what_the_organization_knows_is_put_in() {
        let l = layout(
            "{{ organization }} {{ organization_phone }} [v]({{ booking_link }}) {{ given_name | \"x\" }}",
        )
        .unwrap();
        let fields: Vec<_> = l
            .html
            .iter()
            .filter_map(|p| if let Piece::Field(u) = p { Some(u.field) } else { None })
            .collect();
        assert_eq!(fields, [MergeField::GivenName, MergeField::UnsubscribeLink, MergeField::NotMeLink]);
        assert_eq!(l.subject, [Piece::Text("Autumn news from Lakeside Family Clinic".into())]);
    }

    #[test]
    fn what_it_does_not_know_is_an_error() {
        let found = layout("[x]({{ preferences_link }})").err().unwrap();
        assert_eq!(found[0].code, "merge_missing");
    }

    #[test]
    fn marks_in_an_authors_text_are_text() {
        let l = layout("100%FOOTER% off %BODY%").unwrap();
        let html = fill(&l.html, true, |_| Some(String::new())).unwrap();
        assert!(html.contains("100%FOOTER% off %BODY%"));
    }
}
