//! A condition on an attribute: which operators there are depends on its type.

use super::{Control, Given, Knowing, Wrong, listed, window, words};
use crate::staff::form::Form;
use crate::staff::parts::{self, Choice};
use discreet_domain::catalog::{AGE, Attribute, Kind as Type};
use discreet_segment::ast::{Leaf, Op, Quantity, Test, Word};
use discreet_segment::outline::Row;

/// Operators in words, by type; the first is the usual one.
fn operators(kind: Type) -> &'static [(&'static str, &'static str)] {
    match kind {
        Type::Text | Type::Code => &[
            ("is", "is one of"),
            ("is_not", "is known and is none of"),
            ("contains", "contains"),
            ("starts", "begins with"),
            ("unknown", "is not known"),
            ("known", "is known"),
        ],
        Type::Zip => &[
            ("near", "is within … miles of"),
            ("is", "is one of"),
            ("is_not", "is known and is none of"),
            ("starts", "begins with"),
            ("unknown", "is not known"),
            ("known", "is known"),
        ],
        Type::Number => &[
            ("between", "is between"),
            ("at_least", "is at least"),
            ("at_most", "is at most"),
            ("exactly", "is exactly"),
            ("unknown", "is not known"),
            ("known", "is known"),
        ],
        Type::Bool => {
            &[("yes", "is yes"), ("no", "is no"), ("unknown", "is not known"), ("known", "is known")]
        }
        Type::Date => &[("window", "is in this time"), ("unknown", "is not known"), ("known", "is known")],
        Type::Set => &[
            ("any", "include any of"),
            ("all", "include all of"),
            ("none", "are known and include none of"),
            ("unknown", "are not known"),
            ("known", "are known"),
        ],
    }
}

pub(super) fn blank(attribute: &Attribute) -> Form {
    let kind = attribute.kind;
    let usual = operators(kind).first().map_or("is", |(op, _)| *op);
    let form = Form::default().with("op", usual);
    match kind {
        Type::Date => window::blank(form, "in_last", 12, "months"),
        Type::Zip => form.with("miles", "25"),
        _ => form,
    }
}

pub(super) fn controls(attribute: &Attribute, form: &Form, knowing: &Knowing) -> Vec<Control> {
    let kind = attribute.kind;
    let choices = operators(kind).iter().map(|(op, words)| Choice::new(form, "op", op, words)).collect();
    let mut all = vec![Control::of(parts::select(form, "op", &attribute.title, choices))];
    match kind {
        Type::Number => {
            // Years are whole; what an installation counts need not be.
            let mode = if attribute.name == AGE { "numeric" } else { "decimal" };
            all.push(Control::of(
                parts::field(form, "from", "From, or the number").mode(mode).width("short"),
            ));
            all.push(Control::of(parts::field(form, "to", "To").mode(mode).width("short")));
        }
        Type::Bool => {}
        Type::Date => all.push(window::control(form, window::Offered::Some)),
        Type::Text | Type::Code | Type::Set | Type::Zip => {
            if kind == Type::Zip {
                all.push(Control::of(parts::field(form, "miles", "Miles").mode("numeric").width("short")));
            }
            let choices: Vec<Choice> = knowing
                .values
                .iter()
                .filter(|_| kind != Type::Zip)
                .map(|(value, count)| {
                    Choice::new(form, "values", value, &format!("{value} · {}", knowing.shown(*count)))
                })
                .collect();
            if !choices.is_empty() {
                all.push(Control::of(
                    parts::ticks(form, "values", "Values here, with patients", choices).inline(),
                ));
            }
            let label = if kind == Type::Zip { "ZIP codes" } else { "Other values" };
            all.push(Control::of(parts::field(form, "more", label).hint("Separated by commas").optional()));
        }
    }
    all
}

pub(super) fn said(attribute: &Attribute, row: &Row) -> Option<Form> {
    let form = Form::default();
    let op = |op: &str| Form::default().with("op", op);
    Some(match (&row.leaf, row.negated) {
        (Leaf::Missing { .. }, negated) => op(if negated { "known" } else { "unknown" }),
        (Leaf::Near { miles, zip, .. }, false) => {
            op("near").with("miles", &miles.node).with("more", &zip.node)
        }
        (Leaf::Attribute { test, .. }, negated) => match (test, negated, attribute.kind) {
            (Test::Compare { op: Op::Equal, value }, false, Type::Bool) => {
                op(if value.node == "true" { "yes" } else { "no" })
            }
            (Test::Compare { op: Op::Equal, value }, false, Type::Number) => {
                op("exactly").with("from", &value.node)
            }
            (Test::Compare { op: Op::AtLeast, value }, false, Type::Number) => {
                op("at_least").with("from", &value.node)
            }
            (Test::Compare { op: Op::AtMost, value }, false, Type::Number) => {
                op("at_most").with("from", &value.node)
            }
            (Test::Range { from, to }, false, Type::Number) => {
                let end =
                    |end: &Option<Word>| end.as_ref().map_or_else(String::new, |word| word.node.clone());
                op("between").with("from", end(from)).with("to", end(to))
            }
            (Test::Compare { op: Op::Equal, value }, negated, _) => {
                values(negated, std::slice::from_ref(value))
            }
            (Test::OneOf(several), negated, _) => values(negated, several),
            (Test::Contains(word), false, _) => op("contains").with("more", &word.node),
            (Test::StartsWith(word), false, _) => op("starts").with("more", &word.node),
            (Test::Has { quantity, values }, false, _) => {
                let word = match quantity {
                    Quantity::Any => "any",
                    Quantity::All => "all",
                    Quantity::None => "none",
                };
                with_values(op(word), values)
            }
            (Test::Window(when), false, Type::Date) => {
                window::said(form.with("op", "window"), Some(when.node))
            }
            _ => return None,
        },
        _ => return None,
    })
}

fn values(negated: bool, values: &[Word]) -> Form {
    with_values(Form::default().with("op", if negated { "is_not" } else { "is" }), values)
}
/// Each value is ticked where it is offered, and stands among the others where it is not: `rows` shows both.
fn with_values(mut form: Form, values: &[Word]) -> Form {
    form.set_all("values", values.iter().map(|v| v.node.clone()).collect());
    form.set("more", String::new());
    form
}

/// Values that were typed before and are not offered as ticks go into the field for others.
pub(crate) fn settle_values(form: &mut Form, knowing: &Knowing) {
    let offered = |value: &String| knowing.values.iter().any(|(v, _)| v.eq_ignore_ascii_case(value));
    let (ticked, typed): (Vec<String>, Vec<String>) =
        form.all("values").to_vec().into_iter().partition(offered);
    if !typed.is_empty() {
        let more: Vec<Word> = words(form.value("more"))
            .into_iter()
            .chain(typed.iter().map(|t| Word::from(t.as_str())))
            .collect();
        form.set("more", listed(&more));
        form.set_all("values", ticked);
    }
}

pub(super) fn read(name: &str, given: &Given<'_>) -> Result<Row, Wrong> {
    let word = || Word::from(name);
    let plain = |test: Test| Row { leaf: Leaf::Attribute { name: word(), test }, negated: false };
    let compared = |op: Op| -> Result<Row, Wrong> {
        Ok(plain(Test::Compare { op, value: given.word("from", "a number")? }))
    };
    let chosen = || -> Result<Vec<Word>, Wrong> {
        let mut all: Vec<Word> = given.all("values").iter().map(|v| Word::from(v.as_str())).collect();
        all.extend(words(given.get("more")));
        if all.is_empty() { Err(Wrong::new("more", "Choose or enter at least one value")) } else { Ok(all) }
    };
    let one_of = |negated: bool| -> Result<Row, Wrong> {
        let mut all = chosen()?;
        let test = match (all.len(), all.pop()) {
            (1, Some(value)) => Test::Compare { op: Op::Equal, value },
            (_, last) => {
                all.extend(last);
                Test::OneOf(all)
            }
        };
        Ok(Row { leaf: Leaf::Attribute { name: word(), test }, negated })
    };
    let has =
        |quantity: Quantity| -> Result<Row, Wrong> { Ok(plain(Test::Has { quantity, values: chosen()? })) };
    Ok(match given.get("op") {
        "unknown" => Row { leaf: Leaf::Missing { name: word() }, negated: false },
        "known" => Row { leaf: Leaf::Missing { name: word() }, negated: true },
        "yes" => plain(Test::Compare { op: Op::Equal, value: "true".into() }),
        "no" => plain(Test::Compare { op: Op::Equal, value: "false".into() }),
        "exactly" => compared(Op::Equal)?,
        "at_least" => compared(Op::AtLeast)?,
        "at_most" => compared(Op::AtMost)?,
        "between" => {
            let end = |name: &str| Some(given.get(name)).filter(|text| !text.is_empty()).map(Word::from);
            match (end("from"), end("to")) {
                (None, None) => {
                    return Err(Wrong::new("from", "Enter where it begins, where it ends, or both"));
                }
                (from, to) => plain(Test::Range { from, to }),
            }
        }
        "is" => one_of(false)?,
        "is_not" => one_of(true)?,
        "contains" => plain(Test::Contains(given.word("more", "what it contains")?)),
        "starts" => plain(Test::StartsWith(given.word("more", "what it begins with")?)),
        "near" => {
            let (miles, zip) = (given.word("miles", "how many miles")?, given.word("more", "a ZIP code")?);
            Row { leaf: Leaf::Near { name: word(), miles, zip }, negated: false }
        }
        "any" => has(Quantity::Any)?,
        "all" => has(Quantity::All)?,
        "none" => has(Quantity::None)?,
        "window" => plain(Test::Window(window::needed(given)?.into())),
        _ => return Err(Wrong::new("op", "Choose how to compare")),
    })
}
