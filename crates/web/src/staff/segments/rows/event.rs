//! Conditions on events: how many there are, or what the latest says; each with tests on fields and a window.

use super::{Control, Given, Wrong, listed, window, words};
use crate::staff::form::Form;
use crate::staff::parts::{self, Choice};
use askama::Template;
use discreet_domain::catalog::{EventKind, Field};
use discreet_segment::ast::{Count, Edge, EdgeTest, Events, Filter, Leaf, Op, Test, Word};
use discreet_segment::outline::Row;
use discreet_segment::{Pattern, Spanned};

/// Tests on fields a form has room for.
pub(super) const MOST_TESTS: usize = 4;

const OPERATORS: [(&str, &str); 9] = [
    ("is", "is one of"),
    ("is_not", "is none of"),
    ("contains", "contains"),
    ("greater", "is more than"),
    ("at_least", "is at least"),
    ("less", "is less than"),
    ("at_most", "is at most"),
    ("code", "is the code"),
    ("unknown", "is not known"),
];

/// The names of one list of tests on fields in a form. A form of one event has one, a form of two has two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    /// Before the number of a test.
    pub(super) before: &'static str,
    /// How the tests are joined.
    pub(super) join: &'static str,
}

/// Those of the one event, or of the first.
pub(super) const ONE: Names = Names { before: "t", join: "join" };

impl Names {
    fn field(self, n: usize) -> String {
        format!("{}{n}_field", self.before)
    }
    fn op(self, n: usize) -> String {
        format!("{}{n}_op", self.before)
    }
    fn value(self, n: usize) -> String {
        format!("{}{n}_value", self.before)
    }
    /// What a problem stands at.
    pub(super) fn first(self) -> String {
        self.value(0)
    }
    /// All of them.
    pub(super) fn all(self) -> impl Iterator<Item = String> {
        (0..MOST_TESTS).flat_map(move |n| [self.field(n), self.op(n), self.value(n)])
    }
}

/// Tests on fields.
#[derive(Template, Debug)]
#[template(path = "staff/segments/tests.html")]
struct Tests {
    title: &'static str,
    /// Before the number in each name.
    before: &'static str,
    join: &'static str,
    rows: Vec<TestRow>,
    joins: Vec<Choice>,
    problem: Option<String>,
}

#[derive(Debug)]
struct TestRow {
    n: usize,
    fields: Vec<Choice>,
    ops: Vec<Choice>,
    value: String,
    values: Vec<String>,
}

/// The tests of a list: on these fields.
pub(super) fn tests(title: &'static str, known: &[Field], names: Names, form: &Form) -> Control {
    if known.is_empty() {
        return Control::of(Empty);
    }
    let filled = (0..MOST_TESTS).filter(|n| !form.value(&names.field(*n)).is_empty()).count();
    let row = |n: usize| {
        let field = names.field(n);
        let mut fields = vec![Choice::new(form, &field, "", "–")];
        fields.extend(known.iter().map(|f| Choice::new(form, &field, &f.name, &f.name.replace('_', " "))));
        let chosen = known.iter().find(|f| f.name == form.value(&field));
        TestRow {
            n,
            fields,
            ops: OPERATORS.iter().map(|(op, words)| Choice::new(form, &names.op(n), op, words)).collect(),
            value: form.value(&names.value(n)).to_owned(),
            values: chosen.map(|f| f.values.clone()).unwrap_or_default(),
        }
    };
    Control::of(Tests {
        title,
        before: names.before,
        join: names.join,
        rows: (0..(filled + 1).min(MOST_TESTS)).map(row).collect(),
        joins: [("all", "all of them"), ("any", "at least one of them")]
            .map(|(value, label)| Choice::new(form, names.join, value, label))
            .into(),
        problem: form.problem(&names.first()).map(str::to_owned),
    })
}

#[derive(Template, Debug)]
#[template(source = "", ext = "html")]
struct Empty;

pub(super) fn controls(event: &EventKind, form: &Form) -> Vec<Control> {
    let counts = [
        ("any", "at least one"),
        ("no", "none"),
        ("at_least", "at least this many"),
        ("at_most", "at most this many"),
        ("exactly", "exactly this many"),
    ];
    let choices = counts.map(|(value, label)| Choice::new(form, "count", value, label)).into();
    vec![
        Control::of(parts::select(form, "count", &event.title, choices)),
        Control::of(
            parts::field(form, "n", "How many (at least, at most, exactly)").mode("numeric").width("short"),
        ),
        tests("Only those where (optional)", &event.fields, ONE, form),
        window::control(form, window::Offered::All),
    ]
}

pub(super) fn edge_controls(event: &EventKind, form: &Form) -> Vec<Control> {
    let which = [("latest", "the latest"), ("first", "the first")];
    let choices = which.map(|(value, label)| Choice::new(form, "which", value, label)).into();
    vec![
        Control::of(parts::select(form, "which", "Which", choices)),
        tests("Of those, the one found must have", &event.fields, ONE, form),
        window::control(form, window::Offered::All),
    ]
}

pub(super) fn said(row: &Row) -> Option<Form> {
    let Leaf::Events { count, of, window } = &row.leaf else { return None };
    if row.negated {
        return None;
    }
    let (word, n) = match count {
        Count::Any => ("any", 2),
        Count::No => ("no", 2),
        Count::AtLeast(n) => ("at_least", *n),
        Count::AtMost(n) => ("at_most", *n),
        Count::Exactly(n) => ("exactly", *n),
    };
    let form = Form::default().with("count", word).with("n", n.to_string());
    let form = said_filter(form, of.filter.as_ref(), ONE)?;
    Some(window::said(form, window.as_ref().map(|w| w.node)))
}

/// Of `latest observation where code = … value > 9` the form shows both tests in one list: the last is what is asked of the
/// event found.
pub(super) fn said_edge(row: &Row) -> Option<Form> {
    let Leaf::Edge { which, of, test } = &row.leaf else { return None };
    if row.negated {
        return None;
    }
    let form = Form::default().with("which", if *which == Edge::Latest { "latest" } else { "first" });
    match test {
        EdgeTest::Time(when) => {
            let form = said_filter(form, of.filter.as_ref(), ONE)?;
            Some(window::said(form, Some(when.node)))
        }
        EdgeTest::Fields(asked) => {
            let before = match &of.filter {
                None => 0,
                Some(Filter::All(_) | Filter::Any(_)) => return None,
                Some(_) => 1,
            };
            let form = said_filter(form, of.filter.as_ref(), ONE)?;
            let form = said_one(form, asked, ONE, before)?;
            Some(window::said(form, None))
        }
    }
}

pub(super) fn said_filter(form: Form, filter: Option<&Filter>, names: Names) -> Option<Form> {
    let (join, tests): (&str, &[Filter]) = match filter {
        None => return Some(form.with(names.join, "all")),
        Some(Filter::All(tests)) => ("all", tests),
        Some(Filter::Any(tests)) => ("any", tests),
        Some(one) => ("all", std::slice::from_ref(one)),
    };
    let mut form = form.with(names.join, join);
    for (n, test) in tests.iter().enumerate() {
        form = said_one(form, test, names, n)?;
    }
    (tests.len() <= MOST_TESTS).then_some(form)
}

fn said_one(form: Form, filter: &Filter, names: Names, n: usize) -> Option<Form> {
    let row = |form: Form, field: &Word, op: &str, value: String| {
        form.with(&names.field(n), &field.node).with(&names.op(n), op).with(&names.value(n), value)
    };
    Some(match filter {
        Filter::Missing { name } => row(form, name, "unknown", String::new()),
        Filter::Field { name, test } => match test {
            Test::Compare { op, value } => {
                let word = match op {
                    Op::Equal => "is",
                    Op::Greater => "greater",
                    Op::AtLeast => "at_least",
                    Op::Less => "less",
                    Op::AtMost => "at_most",
                    Op::NotEqual => return None,
                };
                row(form, name, word, value.node.clone())
            }
            Test::OneOf(values) => row(form, name, "is", listed(values)),
            Test::Contains(word) => row(form, name, "contains", word.node.clone()),
            Test::IsCode(code) => row(form, name, "code", code.node.to_string()),
            Test::CodeIn(codes) => {
                let texts: Vec<String> = codes.iter().map(|c| c.node.to_string()).collect();
                row(form, name, "code", texts.join(", "))
            }
            _ => return None,
        },
        Filter::Not(inner) => match &**inner {
            Filter::Field { name, test: Test::Compare { op: Op::Equal, value } } => {
                row(form, name, "is_not", value.node.clone())
            }
            Filter::Field { name, test: Test::OneOf(values) } => row(form, name, "is_not", listed(values)),
            _ => return None,
        },
        Filter::All(_) | Filter::Any(_) => return None,
    })
}

fn read_tests(given: &Given<'_>, names: Names) -> Result<Vec<Filter>, Wrong> {
    let mut tests = Vec::new();
    for n in 0..MOST_TESTS {
        let (field, op, value) = (names.field(n), names.op(n), names.value(n));
        if given.get(&field).is_empty() {
            continue;
        }
        let test = read_one(given.get(&field), given.get(&op), given.get(&value));
        tests.push(test.map_err(|text| Wrong::new(&names.first(), text))?);
    }
    Ok(tests)
}

/// The tests of a list, joined; none if there is none.
pub(super) fn read_filter(given: &Given<'_>, names: Names) -> Result<Option<Filter>, Wrong> {
    Ok(joined(read_tests(given, names)?, given, names))
}

/// A field that a filter asks about and the event has not.
pub(super) fn other_field<'f>(filter: &'f Filter, has: &dyn Fn(&str) -> bool) -> Option<&'f str> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().find_map(|part| other_field(part, has)),
        Filter::Not(part) => other_field(part, has),
        Filter::Field { name, .. } | Filter::Missing { name } => {
            Some(name.node.as_str()).filter(|name| !has(name))
        }
    }
}

fn read_one(field: &str, op: &str, value: &str) -> Result<Filter, String> {
    let name = Word::from(field);
    if op == "unknown" {
        return Ok(Filter::Missing { name });
    }
    if value.is_empty() {
        return Err(format!("Enter a value for “{}”", field.replace('_', " ")));
    }
    let compared = |op: Op| Test::Compare { op, value: value.into() };
    let mut several = words(value);
    let one_of = match several.len() {
        1 => Test::Compare { op: Op::Equal, value: several.remove(0) },
        _ => Test::OneOf(several),
    };
    let test = match op {
        "contains" => Test::Contains(value.into()),
        "greater" => compared(Op::Greater),
        "at_least" => compared(Op::AtLeast),
        "less" => compared(Op::Less),
        "at_most" => compared(Op::AtMost),
        "code" => codes(value)?,
        "is_not" => return Ok(Filter::Not(Box::new(Filter::Field { name, test: one_of }))),
        _ => one_of,
    };
    Ok(Filter::Field { name, test })
}

fn codes(value: &str) -> Result<Test, String> {
    let mut found: Vec<Spanned<Pattern>> = Vec::new();
    for text in value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let pattern = serde_json::from_value::<Pattern>(serde_json::Value::String(text.to_owned()));
        let pattern = pattern.map_err(|_| format!("{text} is no code: write it like loinc:4548-4"))?;
        found.push(pattern.into());
    }
    Ok(match found.len() {
        1 => Test::IsCode(found.remove(0)),
        _ => Test::CodeIn(found),
    })
}

fn joined(mut tests: Vec<Filter>, given: &Given<'_>, names: Names) -> Option<Filter> {
    match tests.len() {
        0 => None,
        1 => tests.pop(),
        _ if given.get(names.join) == "any" => Some(Filter::Any(tests)),
        _ => Some(Filter::All(tests)),
    }
}

pub(super) fn read(kind: &str, given: &Given<'_>) -> Result<Row, Wrong> {
    let n = || given.number("n", "how many");
    let count = match given.get("count") {
        "no" => Count::No,
        "at_least" => Count::AtLeast(n()?),
        "at_most" => Count::AtMost(n()?),
        "exactly" => Count::Exactly(n()?),
        _ => Count::Any,
    };
    let filter = read_filter(given, ONE)?;
    let window = window::read(given)?.map(Spanned::from);
    Ok(Row { leaf: Leaf::Events { count, of: Events { kind: kind.into(), filter }, window }, negated: false })
}

pub(super) fn read_edge(kind: &str, given: &Given<'_>) -> Result<Row, Wrong> {
    let which = if given.get("which") == "first" { Edge::First } else { Edge::Latest };
    let mut tests = read_tests(given, ONE)?;
    let (filter, test) = match window::read(given)? {
        Some(when) => (joined(tests, given, ONE), EdgeTest::Time(when.into())),
        None => {
            let asked = tests
                .pop()
                .ok_or_else(|| Wrong::new("t0_value", "Say what the event must have, or when it was"))?;
            (joined(tests, given, ONE), EdgeTest::Fields(asked))
        }
    };
    Ok(Row { leaf: Leaf::Edge { which, of: Events { kind: kind.into(), filter }, test }, negated: false })
}
