//! Rows as forms: each kind of condition has a form in words, and goes both ways. What a form cannot say is edited as text.

mod attribute;
mod code;
mod event;
mod other;
mod panel;
mod sequence;
mod window;

use crate::staff::form::{Form, Posted};
use crate::staff::parts;
use discreet_domain::catalog::{Attribute, EventKind};
use discreet_domain::{Catalog, Cell, CodeKind, Viewer};
use discreet_segment::ast::{Leaf, Word};
use discreet_segment::outline::Row;
use discreet_segment::{Parsed, parse};
use std::fmt;

/// What kind of condition a row is. Attributes and events are as this installation's catalog has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// On an attribute.
    Attribute(Attribute),
    /// A birthday soon.
    Birthday,
    /// A code, now or once.
    Code(CodeKind),
    /// How many events.
    Event(EventKind),
    /// The latest event.
    Latest(EventKind),
    /// One event after another, of these.
    Sequence(Vec<EventKind>),
    /// Consent to a topic.
    Consent,
    /// Another segment.
    Segment,
    /// A random part.
    Bucket,
    /// As text.
    Text,
}

impl fmt::Display for Kind {
    /// As a form carries it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Attribute(attribute) => write!(f, "attribute-{}", attribute.name),
            Kind::Birthday => f.write_str("birthday"),
            Kind::Code(kind) => write!(f, "code-{}", kind.name()),
            Kind::Event(event) => write!(f, "event-{}", event.name),
            Kind::Latest(event) => write!(f, "latest-{}", event.name),
            Kind::Sequence(_) => f.write_str("sequence"),
            Kind::Consent => f.write_str("consent"),
            Kind::Segment => f.write_str("segment"),
            Kind::Bucket => f.write_str("bucket"),
            Kind::Text => f.write_str("text"),
        }
    }
}

impl Kind {
    pub(crate) fn parse(text: &str, catalog: &Catalog) -> Option<Kind> {
        let (word, name) = text.split_once('-').unwrap_or((text, ""));
        Some(match word {
            "attribute" => Kind::Attribute(catalog.attribute(name)?.clone()),
            "birthday" => Kind::Birthday,
            "code" => Kind::Code(CodeKind::parse(name)?),
            "event" => Kind::Event(catalog.event(name)?.clone()),
            "latest" => Kind::Latest(catalog.event(name)?.clone()),
            "sequence" => Kind::Sequence(catalog.events.clone()),
            "consent" => Kind::Consent,
            "segment" => Kind::Segment,
            "bucket" => Kind::Bucket,
            "text" => Kind::Text,
            _ => return None,
        })
    }
    /// The kind of a row; as text if its form could not say it.
    pub(crate) fn of(row: &Row, catalog: &Catalog) -> Kind {
        // What comes back from the form is what went in, or the form is not for it.
        let says = |kind: &Kind| {
            kind.said(row).is_some_and(|form| kind.read(&Given::Form(&form)).as_ref() == Ok(row))
        };
        Kind::about(row, catalog).filter(says).unwrap_or(Kind::Text)
    }
    /// The kind that a row is about; none if the catalog does not know what it names.
    fn about(row: &Row, catalog: &Catalog) -> Option<Kind> {
        Some(match &row.leaf {
            Leaf::Attribute { name, .. } | Leaf::Missing { name } | Leaf::Near { name, .. } => {
                Kind::Attribute(catalog.attribute(&name.node)?.clone())
            }
            Leaf::Birthday { .. } => Kind::Birthday,
            Leaf::Code { kind, .. } => Kind::Code(*kind),
            Leaf::Events { of, .. } => Kind::Event(catalog.event(&of.kind.node)?.clone()),
            Leaf::Edge { of, .. } => Kind::Latest(catalog.event(&of.kind.node)?.clone()),
            Leaf::Sequence { .. } => Kind::Sequence(catalog.events.clone()),
            Leaf::Consent { .. } => Kind::Consent,
            Leaf::Segment { .. } => Kind::Segment,
            Leaf::Bucket { .. } => Kind::Bucket,
        })
    }
    /// The fields that say a row.
    fn said(&self, row: &Row) -> Option<Form> {
        match self {
            Kind::Attribute(attribute) => attribute::said(attribute, row),
            Kind::Birthday | Kind::Consent | Kind::Segment | Kind::Bucket => other::said(row),
            Kind::Code(_) => code::said(row),
            Kind::Event(_) => event::said(row),
            Kind::Latest(_) => event::said_edge(row),
            Kind::Sequence(_) => sequence::said(row),
            Kind::Text => Some(Form::default().with("text", text_of(row))),
        }
    }
    /// The form of a row of this kind.
    pub(crate) fn form(&self, row: &Row) -> Form {
        self.said(row).unwrap_or_else(|| Form::default().with("text", text_of(row)))
    }
    /// The form of a new row, with the usual choices made.
    pub(crate) fn blank(&self) -> Form {
        match self {
            Kind::Attribute(attribute) => attribute::blank(attribute),
            Kind::Birthday => window::blank(Form::default(), "in_next", 7, "days"),
            Kind::Code(_) => Form::default().with("tense", "has").with("w_kind", "any_time"),
            Kind::Event(_) => {
                window::blank(Form::default().with("count", "any").with("n", "2"), "in_last", 12, "months")
            }
            Kind::Latest(_) => Form::default().with("which", "latest").with("w_kind", "any_time"),
            Kind::Sequence(_) => sequence::blank(),
            Kind::Consent => Form::default().with("stance", "granted").with("channel", "email"),
            Kind::Segment => Form::default(),
            Kind::Bucket => {
                Form::default().with("from", "1").with("to", "50").with("of", "100").with("salt", "test 1")
            }
            Kind::Text => Form::default(),
        }
    }
    /// Reads the form.
    pub(crate) fn read(&self, given: &Given<'_>) -> Result<Row, Wrong> {
        let row = match self {
            Kind::Attribute(attribute) => attribute::read(&attribute.name, given)?,
            Kind::Birthday | Kind::Consent | Kind::Segment | Kind::Bucket => other::read(self, given)?,
            Kind::Code(kind) => code::read(*kind, given)?,
            Kind::Event(event) => event::read(&event.name, given)?,
            Kind::Latest(event) => event::read_edge(&event.name, given)?,
            Kind::Sequence(events) => sequence::read(events, given)?,
            Kind::Text => return read_text(given.get("text")),
        };
        // Anything that text could not say is refused here, in the words of the language.
        match Parsed::from_expr(row.expr()) {
            Ok(_) => Ok(row),
            Err(error) => Err(Wrong::new("", error.message)),
        }
    }
    /// All fields a form of this kind may have.
    pub(crate) fn fields(&self) -> Vec<String> {
        let mut all: Vec<String> = FIELDS.iter().map(|name| (*name).to_owned()).collect();
        all.extend(event::ONE.all().chain(sequence::SECOND.all()));
        all
    }
    pub(crate) fn title(&self) -> String {
        match self {
            Kind::Attribute(attribute) => attribute.title.clone(),
            Kind::Birthday => "Birthday".to_owned(),
            Kind::Code(kind) => code::title(*kind).to_owned(),
            Kind::Event(event) => event.title.clone(),
            Kind::Latest(event) => format!("The latest or first: {}", event.title.to_lowercase()),
            Kind::Sequence(_) => "One event after another".to_owned(),
            Kind::Consent => "Consent".to_owned(),
            Kind::Segment => "In a segment".to_owned(),
            Kind::Bucket => "Random part".to_owned(),
            Kind::Text => "A condition as text".to_owned(),
        }
    }
    /// The form's controls, in order.
    pub(crate) fn controls(&self, form: &Form, knowing: &Knowing) -> Vec<Control> {
        match self {
            Kind::Attribute(attribute) => attribute::controls(attribute, form, knowing),
            Kind::Birthday => vec![window::control(form, window::Offered::Birthday)],
            Kind::Code(kind) => code::controls(*kind, form, knowing),
            Kind::Event(event) => event::controls(event, form),
            Kind::Latest(event) => event::edge_controls(event, form),
            Kind::Sequence(events) => sequence::controls(events, form),
            Kind::Consent | Kind::Segment | Kind::Bucket => other::controls(self, form, knowing),
            Kind::Text => vec![Control::of(
                parts::text_area(form, "text", "Condition", 3)
                    .mono()
                    .hint("In the segment language, like: age in 50..74"),
            )],
        }
    }
}

const FIELDS: [&str; 29] = [
    "op",
    "values",
    "more",
    "from",
    "to",
    "miles",
    "zip",
    "tense",
    "codes",
    "found",
    "set",
    "count",
    "n",
    "join",
    "u_join",
    "first",
    "then",
    "within_n",
    "within_unit",
    "which",
    "stance",
    "topic",
    "channel",
    "segment",
    "of",
    "salt",
    "text",
    "negated",
    "w_kind",
];
pub(crate) const WINDOW_FIELDS: [&str; 4] = ["w_n", "w_unit", "w_from", "w_to"];

/// What the forms need to know of this installation.
#[derive(Debug, Default)]
pub(crate) struct Knowing {
    /// The attribute's values here, with how many have each.
    pub(crate) values: Vec<(String, Cell)>,
    /// Saved segments and value sets.
    pub(crate) segments: Vec<String>,
    pub(crate) sets: Vec<String>,
    /// Topics: word and public name.
    pub(crate) topics: Vec<(String, String)>,
    /// Codes found for what was typed.
    pub(crate) codes: Vec<discreet_app::segments::study::Offer>,
    /// What the codes of the row are called.
    pub(crate) names: Vec<(String, String)>,
    pub(crate) viewer: Option<Viewer>,
    /// Where codes are looked for as they are typed.
    pub(crate) search: String,
}

impl Knowing {
    pub(crate) fn shown(&self, cell: Cell) -> String {
        cell.shown_to(self.viewer.unwrap_or(Viewer::SeesNumbers)).to_string()
    }
}

/// A control of a form, written out.
#[derive(Debug)]
pub(crate) struct Control(String);

impl Control {
    pub(crate) fn of(part: impl askama::Template) -> Control {
        Control(part.render().unwrap_or_default())
    }
}
impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl askama::filters::HtmlSafe for Control {}

/// What is wrong with a form: which field, and what helps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrong {
    pub(crate) field: String,
    pub(crate) text: String,
}

impl Wrong {
    pub(crate) fn new(field: &str, text: impl Into<String>) -> Wrong {
        Wrong { field: field.to_owned(), text: text.into() }
    }
}

/// Where fields are read from: what was posted, or what a form shows.
pub(crate) enum Given<'a> {
    Posted(&'a Posted),
    Form(&'a Form),
}

impl Given<'_> {
    pub(crate) fn get(&self, name: &str) -> &str {
        match self {
            Given::Posted(posted) => posted.get(name),
            Given::Form(form) => form.value(name).trim(),
        }
    }
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        match self {
            Given::Posted(posted) => posted.all(name).into_iter().map(str::to_owned).collect(),
            Given::Form(form) => form.all(name).to_vec(),
        }
    }
    pub(crate) fn number(&self, name: &str, what: &str) -> Result<u32, Wrong> {
        self.get(name).parse().map_err(|_| Wrong::new(name, format!("Enter {what} as a whole number")))
    }
    pub(crate) fn word(&self, name: &str, what: &str) -> Result<Word, Wrong> {
        match self.get(name) {
            "" => Err(Wrong::new(name, format!("Enter {what}"))),
            text => Ok(text.into()),
        }
    }
    pub(crate) fn negated(&self) -> bool {
        self.get("negated") == "yes"
    }
}

/// Words separated by commas.
pub(crate) fn words(text: &str) -> Vec<Word> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(Word::from).collect()
}
pub(crate) fn listed(words: &[Word]) -> String {
    words.iter().map(|word| word.node.as_str()).collect::<Vec<_>>().join(", ")
}

fn text_of(row: &Row) -> String {
    row.expr().to_string()
}
fn read_text(text: &str) -> Result<Row, Wrong> {
    let parsed = parse(text).map_err(|error| {
        let meant =
            error.suggestion.as_ref().map_or_else(String::new, |word| format!(" Did you mean {word}?"));
        Wrong::new("text", format!("{}.{meant}", error.message))
    })?;
    Row::of(parsed.expr()).ok_or_else(|| {
        Wrong::new("text", "This is more than one condition: use the Text tab for the whole segment")
    })
}

pub(crate) use attribute::settle_values;
pub(crate) use code::found;
pub(crate) use panel::{Section, sections};

#[cfg(test)]
mod tests {
    use super::*;
    use discreet_app::catalog::OWN_KINDS;
    use discreet_domain::{Basis, Label};

    /// The built-in catalog, and an attribute of each type that one's own may have.
    fn catalog() -> Catalog {
        let mut catalog = Catalog::builtin();
        for (kind, name) in OWN_KINDS.into_iter().zip(["pet", "shoe_size", "vip", "joined", "clubs"]) {
            catalog.attributes.push(Attribute {
                name: name.to_owned(),
                title: name.to_owned(),
                kind,
                label: Label::L2,
                basis: Basis::Demographic,
                values: Vec::new(),
            });
        }
        catalog
    }

    fn row(text: &str) -> Row {
        Row::of(parse(text).unwrap().expr()).unwrap()
    }

    /// Each condition, as a form and back; those a form cannot say stay text.
    #[test]
    fn forms_say_what_rows_say() {
        let catalog = catalog();
        for (text, kind) in [
            ("age in 50..74", "attribute-age"),
            ("age in 50..", "attribute-age"),
            ("age in ..74", "attribute-age"),
            ("age >= 65", "attribute-age"),
            ("age <= 17", "attribute-age"),
            ("age = 40", "attribute-age"),
            ("missing age", "attribute-age"),
            ("not missing age", "attribute-age"),
            ("sex = female", "attribute-sex"),
            ("state in (CA, OR)", "attribute-state"),
            ("not state in (CA, OR)", "attribute-state"),
            ("city contains \"san\"", "attribute-city"),
            ("provider starts with \"Dr. L\"", "attribute-provider"),
            ("interests has any (nutrition, walking)", "attribute-interests"),
            ("interests has all (nutrition, walking)", "attribute-interests"),
            ("interests has none (nutrition)", "attribute-interests"),
            ("has_email = true", "attribute-has_email"),
            ("zip within 25 miles of 94110", "attribute-zip"),
            ("zip = 94110", "attribute-zip"),
            ("birth_date before 1980-01-01", "attribute-birth_date"),
            ("birth_date in last 30 days", "attribute-birth_date"),
            ("birthday in next 7 days", "birthday"),
            ("has condition icd10:E11*", "code-condition"),
            ("had procedure (cpt:77067, @mammogram) in last 730 days", "code-procedure"),
            ("not has medication rxnorm:860975", "code-medication"),
            ("no appointment where status = fulfilled in last 12 months", "event-appointment"),
            ("any appointment", "event-appointment"),
            ("at least 2 email_click in last 90 days", "event-email_click"),
            ("exactly 3 portal_login after 2026-01-01", "event-portal_login"),
            (
                "at most 1 encounter where class in (emergency, inpatient) and missing provider in last 1 year",
                "event-encounter",
            ),
            ("any encounter where class = home or site contains \"north\"", "event-encounter"),
            ("latest observation where code = loinc:4548-4 value > 9", "latest-observation"),
            ("first appointment in last 3 months", "latest-appointment"),
            ("has consent marketing by email", "consent"),
            ("withdrew consent marketing by sms", "consent"),
            ("in segment \"Asked for fewer emails\"", "segment"),
            ("not in segment \"Asked for fewer emails\"", "segment"),
            ("bucket 0..49 of 100 by \"spring test\"", "bucket"),
            (
                "any email_click in last 90 days then appointment where status = booked within 14 days",
                "sequence",
            ),
            (
                "not (any appointment where status in (no_show, cancelled) or missing provider then \
                 encounter where class = virtual and code = icd10:E11* within 2 months)",
                "sequence",
            ),
            ("any appointment then appointment where not (status = booked or type = x) within 1 day", "text"),
            ("any encounter where not (class = home or site = north)", "text"),
            ("latest appointment where status = booked not missing provider", "text"),
            ("pet in (cat, dog)", "attribute-pet"),
            ("shoe_size in 38.5..44", "attribute-shoe_size"),
            ("vip = false", "attribute-vip"),
            ("joined in last 2 years", "attribute-joined"),
            ("clubs has all (chess, rowing)", "attribute-clubs"),
            ("gone = 5", "text"),
        ] {
            let row = row(text);
            let found = Kind::of(&row, &catalog);
            assert_eq!(found.to_string(), kind, "{text}");
            assert_eq!(found.read(&Given::Form(&found.form(&row))), Ok(row), "{text}");
        }
    }

    #[test]
    fn what_is_left_out_is_asked_for() {
        for kind in [
            "attribute-age",
            "attribute-sex",
            "attribute-interests",
            "attribute-shoe_size",
            "attribute-clubs",
            "code-condition",
            "latest-observation",
            "segment",
            "text",
        ] {
            let kind = Kind::parse(kind, &catalog()).unwrap();
            let wrong = kind.read(&Given::Form(&kind.blank())).unwrap_err();
            assert!(!wrong.text.is_empty(), "{kind}");
        }
        for kind in ["attribute-nope", "code-nope", "event-nope", "nope"] {
            assert_eq!(Kind::parse(kind, &catalog()), None);
        }
    }

    #[test]
    fn everything_in_the_panel_has_a_form() {
        let catalog = catalog();
        for section in sections(&catalog) {
            for one in section.kinds {
                let kind = Kind::parse(&one.kind, &catalog).unwrap();
                assert!(
                    !one.title.is_empty() && !kind.controls(&kind.blank(), &Knowing::default()).is_empty(),
                    "{}",
                    one.kind
                );
            }
        }
    }
}
