//! Merge fields: `{{ preferred_name | "friend" }}`. A closed list, each with its label and where it may stand.

use crate::clean;
use crate::limits::MOST_FIELDS;
use crate::lint::{Finding, Place};
use discreet_domain::Label;
use std::ops::Range;

/// What a template may ask for. There is no other: nothing else about a person can reach a mail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MergeField {
    /// The organization's name.
    Organization,
    /// The organization's telephone number.
    OrganizationPhone,
    /// The topic's public name.
    Topic,
    /// The patient's given name.
    GivenName,
    /// What the patient likes to be called.
    PreferredName,
    /// The patient's family name.
    FamilyName,
    /// The day of the next booked visit, written out.
    NextAppointmentDay,
    /// The time of the next booked visit, written out.
    NextAppointmentTime,
    /// Where the next booked visit takes place.
    NextAppointmentPlace,
    /// The clinician of the next booked visit.
    ClinicianName,
    /// The organization's web site.
    WebsiteLink,
    /// The patient portal; the same address for everyone.
    PortalLink,
    /// Where to book a visit; the same address for everyone.
    BookingLink,
    /// Where to ask for a link to one's preferences; the same address for everyone.
    PreferencesLink,
    /// A secure message for this patient: an opaque address.
    SecureMessageLink,
    /// Ends this topic for this address: an opaque address.
    UnsubscribeLink,
    /// Reports that the mail reached somebody else: an opaque address.
    NotMeLink,
    /// What somebody asked for at a page of ours, in the mail that brings it: an opaque address. Not for authors.
    RequestLink,
}

/// Whether a field is text to read or a place to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// Stands in text.
    Text,
    /// Is the whole address of a link.
    Link,
}

/// Who knows the value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldSource {
    /// The letterhead: the same for everyone.
    Organization,
    /// The patient's facts; may be missing.
    Patient,
    /// This one message.
    Message,
}

struct Row {
    field: MergeField,
    name: &'static str,
    label: Label,
    kind: FieldKind,
    source: FieldSource,
    meaning: &'static str,
    /// Words people write when they mean it.
    aliases: &'static [&'static str],
}

const fn row(
    field: MergeField,
    name: &'static str,
    label: Label,
    kind: FieldKind,
    source: FieldSource,
    meaning: &'static str,
    aliases: &'static [&'static str],
) -> Row {
    Row { field, name, label, kind, source, meaning, aliases }
}

use FieldKind::{Link, Text};
use FieldSource::{Message, Organization, Patient};
use MergeField as M;

#[rustfmt::skip] // one field, one line
const TABLE: [Row; 18] = [
    row(M::Organization, "organization", Label::L0, Text, Organization, "the organization's name", &["clinic", "org", "company"]),
    row(M::OrganizationPhone, "organization_phone", Label::L0, Text, Organization, "the organization's telephone number", &["phone", "clinic_phone"]),
    row(M::Topic, "topic", Label::L0, Text, Organization, "the topic's public name", &["list"]),
    row(M::GivenName, "given_name", Label::L1, Text, Patient, "the patient's given name", &["first_name", "firstname", "fname"]),
    row(M::PreferredName, "preferred_name", Label::L1, Text, Patient, "what the patient likes to be called", &["name", "nickname"]),
    row(M::FamilyName, "family_name", Label::L1, Text, Patient, "the patient's family name", &["last_name", "lastname", "surname", "lname"]),
    row(M::NextAppointmentDay, "next_appointment_day", Label::L2, Text, Patient, "the day of the next visit", &["appointment_date", "appointment_day", "appointment"]),
    row(M::NextAppointmentTime, "next_appointment_time", Label::L2, Text, Patient, "the time of the next visit", &["appointment_time"]),
    row(M::NextAppointmentPlace, "next_appointment_place", Label::L2, Text, Patient, "where the next visit is", &["location", "appointment_location"]),
    row(M::ClinicianName, "clinician_name", Label::L2, Text, Patient, "the clinician of the next visit", &["doctor", "provider", "physician"]),
    row(M::WebsiteLink, "website_link", Label::L0, Link, Organization, "the organization's web site", &["website", "url"]),
    row(M::PortalLink, "portal_link", Label::L0, Link, Organization, "the patient portal", &["portal", "portal_url"]),
    row(M::BookingLink, "booking_link", Label::L0, Link, Organization, "where to book a visit", &["book", "booking_url"]),
    row(M::PreferencesLink, "preferences_link", Label::L0, Link, Organization, "where to ask for a preferences link", &["preferences", "manage_link"]),
    row(M::SecureMessageLink, "secure_message_link", Label::L1, Link, Patient, "a secure message for this patient", &["message_link"]),
    row(M::UnsubscribeLink, "unsubscribe_link", Label::L0, Link, Message, "ends this topic for this address", &["unsubscribe", "unsubscribe_url", "optout"]),
    row(M::NotMeLink, "not_me_link", Label::L0, Link, Message, "says that the mail reached somebody else", &["not_me"]),
    row(M::RequestLink, "request_link", Label::L0, Link, Message, "what somebody asked for at a page of ours", &[]),
];

impl MergeField {
    /// Every field, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = MergeField> {
        TABLE.iter().map(|r| r.field)
    }
    fn row(self) -> &'static Row {
        const FIRST: &Row = &TABLE[0];
        TABLE.iter().find(|r| r.field == self).unwrap_or(FIRST)
    }
    /// The word between the braces.
    pub fn name(self) -> &'static str {
        self.row().name
    }
    /// How careful to be with its values, at least.
    pub fn label(self) -> Label {
        self.row().label
    }
    /// Text or link.
    pub fn kind(self) -> FieldKind {
        self.row().kind
    }
    /// Who knows the value.
    pub fn source(self) -> FieldSource {
        self.row().source
    }
    /// What it stands for, for people.
    pub fn meaning(self) -> &'static str {
        self.row().meaning
    }
    /// Whether it may stand in `place`: links only where a link leads, and what others can read over the shoulder
    /// (subject, preheader) holds nothing about the person.
    pub fn allowed_in(self, place: Place) -> bool {
        match place {
            Place::Subject | Place::Preheader => self.kind() == FieldKind::Text && self.label() == Label::L0,
            Place::Body => self.kind() == FieldKind::Text,
            Place::Link => self.kind() == FieldKind::Link,
            _ => false,
        }
    }
    /// Reads the word between the braces.
    pub fn parse(name: &str) -> Option<MergeField> {
        TABLE.iter().find(|r| r.name == name).map(|r| r.field)
    }
    /// The field somebody who wrote `name` most likely meant.
    pub fn nearest(name: &str) -> Option<MergeField> {
        let name = name.to_lowercase().replace(['-', '.', ' '], "_");
        if let Some(row) = TABLE.iter().find(|r| r.name == name || r.aliases.contains(&name.as_str())) {
            return Some(row.field);
        }
        let close = |r: &Row| {
            let words = std::iter::once(&r.name).chain(r.aliases);
            words.map(|w| distance(&name, w)).min().unwrap_or(usize::MAX)
        };
        let best = TABLE.iter().min_by_key(|r| close(r))?;
        (close(best) <= 2.max(name.chars().count() / 4)).then_some(best.field)
    }
}

/// What happens when the value is missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Missing {
    /// This text stands in.
    Fallback(String),
    /// The mail is not sent: written `{{ field | required }}`.
    Hold,
    /// It cannot be missing, or the letterhead lacks it and that is an error.
    Never,
}

/// One use of a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Use {
    pub(crate) field: MergeField,
    pub(crate) missing: Missing,
    pub(crate) span: Range<usize>,
}

/// A text with its fields told apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Piece {
    Text(String),
    Field(Use),
}

/// Tells text and fields apart.
///
/// ```text
/// text  = ( char | field )*
/// field = "{{" name [ "|" ( "required" | string ) ] "}}"
/// name  = lower-case words joined by "_"          string = "…" in straight or curly quotes, without line breaks
/// ```
pub(crate) fn pieces(text: &str, place: Place) -> (Vec<Piece>, Vec<Finding>) {
    let mut found = Vec::new();
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut at = 0;
    while let Some(open) = rest.find("{{") {
        let after = rest.get(open + 2..).unwrap_or("");
        let Some(len) = after.find("}}") else {
            found.push(
                Finding::error(place, "merge_unclosed", "`{{` without `}}`").at(at + open..at + rest.len()),
            );
            break;
        };
        let span = at + open..at + open + len + 4;
        push_text(&mut pieces, rest.get(..open).unwrap_or(""));
        match one(after.get(..len).unwrap_or(""), place) {
            Ok((field, missing)) => pieces.push(Piece::Field(Use { field, missing, span: span.clone() })),
            Err(finding) => found.push(finding.at(span.clone())),
        }
        rest = after.get(len + 2..).unwrap_or("");
        at = span.end;
    }
    push_text(&mut pieces, rest);
    if pieces.iter().filter(|p| matches!(p, Piece::Field(_))).count() > MOST_FIELDS {
        found.push(Finding::error(place, "merge_too_many", format!("more than {MOST_FIELDS} merge fields")));
        pieces.clear();
    }
    (pieces, found)
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

fn one(inside: &str, place: Place) -> Result<(MergeField, Missing), Finding> {
    let (name, rest) = match inside.split_once('|') {
        Some((name, rest)) => (name.trim(), Some(rest.trim())),
        None => (inside.trim(), None),
    };
    let Some(field) = MergeField::parse(name) else { return Err(unknown(name, place)) };
    let missing = match rest {
        Some("required") => Missing::Hold,
        Some(rest) => Missing::Fallback(quoted(rest).ok_or_else(|| {
            let message =
                format!("after `|` comes a text in quotes, or `required`: {{{{ {name} | \"friend\" }}}}");
            Finding::error(place, "merge_fallback", message)
        })?),
        None if field.source() == FieldSource::Patient => {
            let message = format!(
                "`{name}` can be missing: say what stands in for it, {{{{ {name} | \"…\" }}}}, or {{{{ {name} | required }}}} to send nothing"
            );
            return Err(Finding::error(place, "merge_fallback", message));
        }
        None => Missing::Never,
    };
    if field.kind() == FieldKind::Link && matches!(missing, Missing::Fallback(_)) {
        let message = format!("`{name}` is a link; it takes no text in its place");
        return Err(Finding::error(place, "merge_fallback", message));
    }
    Ok((field, missing))
}

fn unknown(name: &str, place: Place) -> Finding {
    let message = match MergeField::nearest(name) {
        Some(near) => {
            format!("unknown merge field `{}`; did you mean `{}`?", clean::value(name), near.name())
        }
        None => format!(
            "unknown merge field `{}`; there are {}",
            clean::value(name),
            TABLE.iter().map(|r| r.name).collect::<Vec<_>>().join(", ")
        ),
    };
    Finding::error(place, "merge_unknown", message)
}

fn quoted(text: &str) -> Option<String> {
    let pairs = [('"', '"'), ('“', '”'), ('\'', '\''), ('‘', '’')];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))?;
    let plain = !inner.contains(['"', '“', '”', '\r', '\n', '<', '>', '{', '}']);
    (plain && !inner.trim().is_empty()).then(|| clean::value(inner))
}

/// How many single-character edits apart two short words are.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut current = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX - 1);
            let best = (at(&previous, j) + usize::from(x != *y))
                .min(at(&previous, j + 1) + 1)
                .min(at(&current, j) + 1);
            current.push(best);
        }
        previous = current;
    }
    previous.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<String> {
        pieces(text, Place::Body).1.into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn the_table_has_every_field_once() {
        let mut names: Vec<_> = TABLE.iter().map(|r| r.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        for field in MergeField::all() {
            assert_eq!(MergeField::parse(field.name()), Some(field));
            assert_eq!(field.row().field, field);
        }
    }

    #[test]
    fn nothing_about_a_person_in_subject_or_preheader() {
        for field in MergeField::all() {
            for place in [Place::Subject, Place::Preheader] {
                assert_eq!(
                    field.allowed_in(place),
                    field.label() == Label::L0 && field.kind() == FieldKind::Text,
                    "{field:?}"
                );
            }
            assert!(!field.allowed_in(Place::FromName) && !field.allowed_in(Place::Image));
        }
    }

    #[test]
    fn tells_text_and_fields_apart() {
        let (p, found) =
            pieces("Dear {{ given_name | \"friend\" }}, {{next_appointment_day|required}}!", Place::Body);
        assert!(found.is_empty());
        assert_eq!(p.len(), 5);
        let Some(Piece::Field(u)) = p.get(1) else { panic!() };
        assert_eq!((u.field, &u.missing), (MergeField::GivenName, &Missing::Fallback("friend".into())));
        assert_eq!(u.span, 5..32);
        let Some(Piece::Field(u)) = p.get(3) else { panic!() };
        assert_eq!((u.field, &u.missing), (MergeField::NextAppointmentDay, &Missing::Hold));
    }

    #[test]
    fn says_what_is_wrong_and_what_was_meant() {
        assert!(errors("{{ first_name }}")[0].contains("did you mean `given_name`"));
        assert!(errors("{{ prefered_name | \"x\" }}")[0].contains("did you mean `preferred_name`"));
        assert!(errors("{{ diagnosis }}")[0].contains("there are organization"));
        assert!(errors("{{ given_name }}")[0].contains("can be missing"));
        assert!(errors("{{ given_name | friend }}")[0].contains("in quotes"));
        assert!(errors("{{ given_name | \"<b>\" }}")[0].contains("in quotes"));
        assert!(errors("{{ portal_link | \"x\" }}")[0].contains("is a link"));
        assert_eq!(errors("{{ given_name"), ["`{{` without `}}`"]);
        assert!(errors("{ } }} {").is_empty());
        assert!(errors(&"{{ topic }}".repeat(MOST_FIELDS + 1))[0].contains("more than"));
    }
}
