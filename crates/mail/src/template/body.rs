//! The body of a template, checked as it will leave.

use crate::address::Hosts;
use crate::clean;
use crate::draft::Body;
use crate::field;
use crate::images::Images;
use crate::limits::{HEAVIEST_IMAGES, LONGEST_BODY};
use crate::lint::{Finding, Place, markup, plain};
use crate::palette::{Colour, Palette};
use crate::slots::Slots;
use crate::{markdown, mjml, plaintext};
use discreet_domain::Label;

/// What is left of a body.
pub(super) struct CheckedBody {
    /// With each field replaced by its slot.
    pub(super) body: Body,
    pub(super) slots: Slots,
    /// The library's images it shows.
    pub(super) images: Images,
    /// Of its words and codes.
    pub(super) label: Label,
}

impl CheckedBody {
    /// Rendered in a plain palette, tokenized, linted. Empty if there is nothing to go on with.
    pub(super) fn of(body: &Body, hosts: &Hosts, images: &Images, found: &mut Vec<Finding>) -> CheckedBody {
        let source = body.source();
        let nothing = CheckedBody {
            body: Body::Markdown(String::new()),
            slots: Slots::default(),
            images: Images::default(),
            label: Label::L0,
        };
        if source.trim().is_empty() {
            found.push(Finding::error(Place::Body, "empty", "an empty body"));
            return nothing;
        }
        if source.len() > LONGEST_BODY {
            found.push(Finding::error(
                Place::Body,
                "length",
                format!("the body is longer than {LONGEST_BODY} bytes"),
            ));
            return nothing;
        }
        if source.chars().chain(crate::html::decoded(source).chars()).any(clean::is_private) {
            found.push(Finding::error(
                Place::Body,
                "private_character",
                "private-use characters, as icon fonts have them",
            ));
            return nothing;
        }
        let (pieces, problems) = field::pieces(source, Place::Body);
        found.extend(problems);
        let mut slots = Slots::default();
        let slotted = slots.encode(pieces);
        let (body, html) = match body {
            Body::Markdown(_) => {
                let (html, problems) =
                    markdown::to_html(&slotted, &Palette::of(Colour::DEFAULT_ACCENT), images);
                found.extend(problems);
                (Body::Markdown(slotted), html)
            }
            Body::Mjml(_) => match mjml::to_html(&slotted) {
                Ok(html) => {
                    preview_elsewhere(&slotted, found);
                    (Body::Mjml(slotted), html)
                }
                Err(finding) => {
                    found.push(finding);
                    return nothing;
                }
            },
        };
        found.extend(markup::check(&html, &slots, hosts, images));
        let images = images.of(source);
        found.extend(too_heavy(&images));
        let mut text = plaintext::from_html(&html);
        for used in slots.uses_in(body.source()) {
            if let field::Missing::Fallback(fallback) = &used.missing {
                text.push_str(fallback);
                text.push('\n');
            }
        }
        let (label, notes) = plain::body(&text, source);
        found.extend(notes);
        // Hidden text is text too: a label must not be lowered by display:none.
        let all = crate::html::decoded(&html);
        let label = label.max(plain::body(&strip_tags(&all), "").0);
        CheckedBody { body, slots, images, label }
    }
}

fn too_heavy(images: &Images) -> Option<Finding> {
    const MEGABYTE: usize = 1024 * 1024;
    let weight = images.weight();
    (weight > HEAVIEST_IMAGES).then(|| {
        let (are, most) = (weight.div_ceil(MEGABYTE), HEAVIEST_IMAGES / MEGABYTE);
        let message = format!("the images have {are} MB together; a mail has at most {most}");
        Finding::error(Place::Image, "image_weight", message)
    })
}

fn strip_tags(html: &str) -> String {
    let mut out = String::new();
    for (token, _) in crate::html::tokens(html) {
        if let crate::html::Token::Text(text) = token {
            out.push_str(&crate::html::decoded(text));
            out.push(' ');
        }
    }
    out
}

fn preview_elsewhere(source: &str, found: &mut Vec<Finding>) {
    if source.contains("<mj-preview") {
        let message = "use the preheader instead of `mj-preview`; there would be two";
        found.push(Finding::error(Place::Preheader, "mj_preview", message));
    }
    if let Some(at) = source.find("<mj-include") {
        found
            .push(Finding::error(Place::Body, "mj_include", "`mj-include` is not available").at(at..at + 11));
    }
}
