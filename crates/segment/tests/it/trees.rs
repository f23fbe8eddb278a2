//! Random trees as written: any that text can say, whether it makes sense or not.

use discreet_domain::{Channel, CodeKind, Day, System, Topic};
use discreet_segment::ast::{
    Count, Edge, EdgeTest, Events, Expr, Filter, Leaf, Op, Quantity, Stance, Tense, Test, Word,
};
use discreet_segment::{CodePattern, Length, Pattern, Spanned, Unit, Window};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

pub fn name() -> BoxedStrategy<Word> {
    let known = select(vec![
        "age",
        "sex",
        "zip",
        "interests",
        "birth_date",
        "status",
        "value",
        "code",
        "last",
        "by",
        "ünsal",
    ]);
    prop_oneof![known.prop_map(str::to_owned), "[a-z][a-z_]{0,8}"]
        .prop_filter("reserved", |name| {
            let reserved = [
                "missing", "has", "had", "withdrew", "any", "no", "at", "exactly", "latest", "first", "in",
                "birthday", "bucket", "not", "and", "or", "where", "then", "more", "before", "after",
                "between",
            ];
            !reserved.contains(&name.as_str())
        })
        .prop_map(Word::from)
        .boxed()
}

/// Values that read like words, numbers, dates, keywords, codes, or nothing at all.
pub fn value() -> BoxedStrategy<Word> {
    let odd = select(vec![
        "",
        " ",
        "and",
        "or",
        "OR",
        "not",
        "in",
        "where",
        "last",
        "next",
        "the",
        "no",
        "50",
        "-5",
        "0.5",
        "5.",
        ".5",
        "..",
        "1..2",
        "2026-01-31",
        "icd10:E11*",
        "@x",
        "a b",
        "\"",
        "\\",
        "\n\t",
        "Dr.",
        "-x",
        "#",
        "日本",
        "İ",
        "more",
        "before",
        "94110",
    ]);
    prop_oneof![
        odd.prop_map(str::to_owned),
        "[a-zA-Z0-9_.-]{1,8}",
        "\\PC{0,12}".prop_map(|text| text.replace(char::is_control, "")),
    ]
    .prop_map(Word::from)
    .boxed()
}

fn code() -> BoxedStrategy<CodePattern> {
    let system = prop_oneof![
        4 => select(System::known().collect::<Vec<_>>()),
        1 => select(vec!["urn:x", "http://a/b c", "odd \" one"]).prop_map(System::parse),
    ];
    let value = prop_oneof!["[A-Z][0-9]{2}(\\.[0-9]{1,3})?", "[0-9]{3,5}-?[0-9]?", "[ -~]{1,6}"];
    (system, value, any::<bool>())
        .prop_map(|(system, value, subtree)| match subtree {
            true => CodePattern::under(system, &value),
            false => CodePattern::exact(system, &value),
        })
        .prop_filter("empty code", |code| code.subtree || !code.code.value.is_empty())
        .boxed()
}

pub fn pattern() -> BoxedStrategy<Spanned<Pattern>> {
    let set = value().prop_map(|word| Pattern::Set(word.node));
    prop_oneof![4 => code().prop_map(Pattern::Code), 1 => set].prop_map(Spanned::from).boxed()
}

pub fn day() -> BoxedStrategy<Day> {
    (-10_000..30_000_i32).prop_map(Day::from_number).boxed()
}

fn length() -> BoxedStrategy<Length> {
    (1..400_u32, select(Unit::ALL.to_vec()))
        .prop_map(|(count, unit)| Length { count: count.min(unit.most()), unit })
        .boxed()
}

pub fn window() -> BoxedStrategy<Spanned<Window>> {
    let length = length();
    prop_oneof![
        length.clone().prop_map(Window::InLast),
        length.clone().prop_map(Window::InNext),
        length.prop_map(Window::Ago),
        day().prop_map(Window::Before),
        day().prop_map(Window::After),
        (day(), day()).prop_map(|(a, b)| Window::Between(a, b)),
    ]
    .prop_map(Spanned::from)
    .boxed()
}

pub fn test() -> BoxedStrategy<Test> {
    let op = select(vec![Op::Equal, Op::NotEqual, Op::Less, Op::AtMost, Op::Greater, Op::AtLeast]);
    let quantity = select(vec![Quantity::Any, Quantity::All, Quantity::None]);
    let range = (of(value()), of(value())).prop_filter("open", |(from, to)| from.is_some() || to.is_some());
    prop_oneof![
        (op, value()).prop_map(|(op, value)| Test::Compare { op, value }),
        vec(value(), 1..4).prop_map(Test::OneOf),
        range.prop_map(|(from, to)| Test::Range { from, to }),
        value().prop_map(Test::Contains),
        value().prop_map(Test::StartsWith),
        (quantity, vec(value(), 1..4)).prop_map(|(quantity, values)| Test::Has { quantity, values }),
        window().prop_map(Test::Window),
        pattern().prop_map(Test::IsCode),
        pattern().prop_map(Test::IsNotCode),
        vec(pattern(), 1..4).prop_map(Test::CodeIn),
    ]
    .boxed()
}

pub fn filter() -> BoxedStrategy<Filter> {
    let leaf = prop_oneof![
        4 => (name(), test()).prop_map(|(name, test)| Filter::Field { name, test }),
        1 => name().prop_map(|name| Filter::Missing { name }),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Filter::All),
            vec(inner.clone(), 2..4).prop_map(Filter::Any),
            inner.prop_map(|part| Filter::Not(Box::new(part))),
        ]
    })
    .boxed()
}

fn events() -> BoxedStrategy<Events> {
    (name(), of(filter())).prop_map(|(kind, filter)| Events { kind, filter }).boxed()
}

pub fn leaf() -> BoxedStrategy<Leaf> {
    let count = prop_oneof![
        Just(Count::Any),
        Just(Count::No),
        (1..9_u32).prop_map(Count::AtLeast),
        (0..9_u32).prop_map(Count::AtMost),
        (0..9_u32).prop_map(Count::Exactly),
    ];
    let stance = select(vec![Stance::Granted, Stance::Withdrawn]);
    let topic = select(vec!["marketing", "x-1", "or", "in"]).prop_map(|topic| Topic::parse(topic).unwrap());
    let edge_test = prop_oneof![filter().prop_map(EdgeTest::Fields), window().prop_map(EdgeTest::Time)];
    prop_oneof![
        4 => (name(), test()).prop_map(|(name, test)| Leaf::Attribute { name, test }),
        1 => name().prop_map(|name| Leaf::Missing { name }),
        1 => (name(), value(), value()).prop_map(|(name, miles, zip)| Leaf::Near { name, miles, zip }),
        1 => window().prop_map(|window| Leaf::Birthday { window }),
        2 => (select(vec![Tense::Has, Tense::Had]), select(CodeKind::ALL.to_vec()), vec(pattern(), 1..4), of(window()))
            .prop_map(|(tense, kind, codes, onset)| Leaf::Code { tense, kind, codes, onset }),
        3 => (count, events(), of(window())).prop_map(|(count, of, window)| Leaf::Events { count, of, window }),
        2 => (events(), of(window()), events(), length())
            .prop_map(|(first, window, then, within)| Leaf::Sequence { first, window, then, within }),
        2 => (select(vec![Edge::Latest, Edge::First]), events(), edge_test)
            .prop_map(|(which, of, test)| Leaf::Edge { which, of, test }),
        1 => (stance, topic, select(Channel::ALL.to_vec()))
            .prop_map(|(state, topic, channel)| Leaf::Consent { state, topic, channel }),
        1 => value().prop_map(|name| Leaf::Segment { name }),
        1 => (0..50_u32, 50..99_u32, value())
            .prop_map(|(from, to, salt)| Leaf::Bucket { from, to, of: 100, salt }),
    ]
    .boxed()
}

/// A tree in canonical form or not.
pub fn expr() -> BoxedStrategy<Expr> {
    leaf()
        .prop_map(|leaf| Expr::Leaf(Box::new(Spanned::from(leaf))))
        .prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 1..5).prop_map(Expr::All),
                vec(inner.clone(), 1..5).prop_map(Expr::Any),
                inner.prop_map(|part| Expr::Not(Box::new(part))),
            ]
        })
        .boxed()
}
