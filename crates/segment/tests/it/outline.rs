//! The builder's tree says what the text says, whatever was done to it.

use crate::trees;
use discreet_segment::outline::{Act, Group, Join, Outline, OutlineError, Part, Place, Row};
use discreet_segment::{Parsed, parse};
use proptest::prelude::*;

fn outline(text: &str) -> Outline {
    Outline::of(parse(text).unwrap().expr())
}
fn text(outline: &Outline) -> String {
    Parsed::from_expr(outline.expr().unwrap()).unwrap().to_string()
}
fn at(place: &str) -> Place {
    place.parse().unwrap()
}
fn row(text: &str) -> Row {
    Row::of(parse(text).unwrap().expr()).unwrap()
}

const BASE: &str = "age >= 50 and (sex = female or state = CA) and not (language = en)";

#[test]
fn each_act_by_hand() {
    let after = |act: Act| {
        let mut tree = outline(BASE);
        let place = tree.act(act).unwrap();
        (text(&tree), place.to_string())
    };
    let said = |text: &str, place: &str| (text.to_owned(), place.to_owned());
    assert_eq!(
        after(Act::Add(at("1"), row("zip = 94110"))),
        said("age >= 50 and (sex = female or state = CA or zip = 94110) and not language = en", "1.2")
    );
    assert_eq!(
        after(Act::Set(at("0"), row("not age < 60"))),
        said("not age < 60 and (sex = female or state = CA) and not language = en", "0")
    );
    assert_eq!(
        after(Act::Join(at(""), Join::None)),
        said("not (age >= 50 or sex = female or state = CA or not language = en)", "")
    );
    assert_eq!(
        after(Act::Negate(at("2"))),
        said("age >= 50 and (sex = female or state = CA) and language = en", "2")
    );
    assert_eq!(
        after(Act::Negate(at("1"))),
        said("age >= 50 and not (sex = female or state = CA) and not language = en", "1")
    );
    assert_eq!(
        after(Act::Up(at("2"))),
        said("age >= 50 and not language = en and (sex = female or state = CA)", "1")
    );
    assert_eq!(
        after(Act::Up(at("1.0"))),
        said("age >= 50 and sex = female and state = CA and not language = en", "1")
    );
    assert_eq!(
        after(Act::Down(at("1.1"))),
        said("age >= 50 and sex = female and state = CA and not language = en", "2")
    );
    assert_eq!(after(Act::Down(at("2"))), said(&text(&outline(BASE)), "2"));
    assert_eq!(
        after(Act::MoveInto(at("0"), at("1"))),
        said("(sex = female or state = CA or age >= 50) and not language = en", "0.2")
    );
    assert_eq!(
        after(Act::MoveInto(at("1.0"), at(""))),
        said("age >= 50 and state = CA and not language = en and sex = female", "3")
    );
    assert_eq!(
        after(Act::Duplicate(at("0"))),
        said("age >= 50 and age >= 50 and (sex = female or state = CA) and not language = en", "1")
    );
    assert_eq!(after(Act::Remove(at("1"))), said("age >= 50 and not language = en", ""));
    assert_eq!(after(Act::Wrap(at("0"))).1, "0");
}

#[test]
fn unfinished_groups_stay_and_say_nothing() {
    let mut tree = Outline::default();
    assert_eq!(tree.expr(), None);
    assert_eq!(tree.act(Act::AddGroup(at(""))).unwrap(), at("0"));
    assert_eq!((tree.expr(), tree.group(&at("0")).unwrap().join), (None, Join::Any));
    tree.act(Act::Add(at("0"), row("age > 1"))).unwrap();
    assert_eq!(text(&tree), "age > 1");
    tree.act(Act::Join(at("0"), Join::None)).unwrap();
    assert_eq!(text(&tree), "not age > 1");
    assert_eq!(tree.groups().len(), 2);
}

#[test]
fn what_is_not_there_or_too_much_is_refused_and_changes_nothing() {
    let mut tree = outline(BASE);
    let before = tree.clone();
    for (act, why) in [
        (Act::Remove(at("")), OutlineError::NoSuchPlace),
        (Act::Remove(at("3")), OutlineError::NoSuchPlace),
        (Act::Set(at("1"), row("age > 1")), OutlineError::NoSuchPlace),
        (Act::Add(at("0"), row("age > 1")), OutlineError::NoSuchPlace),
        (Act::Up(at("9")), OutlineError::NoSuchPlace),
        (Act::MoveInto(at("1"), at("1")), OutlineError::IntoItself),
        (Act::MoveInto(at("0"), at("7")), OutlineError::NoSuchPlace),
    ] {
        assert_eq!(tree.act(act.clone()), Err(why), "{act:?}");
        assert_eq!(tree, before);
    }
    for bad in ["x", "1.-1", &"1.".repeat(60)] {
        assert!(bad.parse::<Place>().is_err(), "{bad}");
    }
    let mut deep = outline("age > 1");
    let mut place = at("0");
    let refused = loop {
        match deep.act(Act::Wrap(place.clone())) {
            Ok(_) => place = place.part(0),
            Err(why) => break why,
        }
    };
    assert_eq!(refused, OutlineError::TooLarge);
    assert!(place.0.len() > 15, "deep enough for anybody: {}", place.0.len());
    assert!(Parsed::from_expr(deep.expr().unwrap()).is_ok());
}

fn acts() -> impl Strategy<Value = Vec<(u8, Place, Place)>> {
    let place = || proptest::collection::vec(0_usize..4, 0..4).prop_map(Place);
    proptest::collection::vec((0_u8..11, place(), place()), 0..12)
}

proptest! {
    #[test]
    fn the_tree_says_what_the_text_says(expr in trees::expr()) {
        let Ok(parsed) = Parsed::from_expr(expr) else { return Ok(()) };
        prop_assert_eq!(text(&Outline::of(parsed.expr())), parsed.to_string());
        let json = serde_json::to_string(&Outline::of(parsed.expr())).unwrap();
        prop_assert_eq!(serde_json::from_str::<Outline>(&json).unwrap(), Outline::of(parsed.expr()));
    }

    /// No sequence of acts loses a condition that was not removed, or breaks the tree.
    #[test]
    fn acts_lose_nothing(expr in trees::expr(), acts in acts()) {
        let Ok(parsed) = Parsed::from_expr(expr) else { return Ok(()) };
        let mut tree = Outline::of(parsed.expr());
        for (kind, a, b) in acts {
            let rows = count(&tree.root);
            let taken = tree.part(&a).map_or(0, size);
            let act = match kind {
                0 => Act::Add(a, row("age > 1")),
                1 => Act::AddGroup(a),
                2 => Act::Join(a, Join::NotAll),
                3 => Act::Negate(a),
                4 => Act::Up(a),
                5 => Act::Down(a),
                6 => Act::MoveInto(a, b),
                7 => Act::Wrap(a),
                8 => Act::Duplicate(a),
                9 => Act::Remove(a),
                _ => Act::Set(a, row("missing sex")),
            };
            let done = tree.act(act.clone());
            let expected = match (&act, &done) {
                (_, Err(_)) => rows,
                (Act::Add(..), _) => rows + 1,
                (Act::Duplicate(..), _) => rows + taken,
                (Act::Remove(..), _) => rows - taken,
                _ => rows,
            };
            prop_assert_eq!(count(&tree.root), expected, "{:?}", act);
            if let Ok(place) = done {
                prop_assert!(place.0.is_empty() || tree.part(&place).is_some());
            }
            if let Some(expr) = tree.expr() {
                prop_assert!(Parsed::from_expr(expr).is_ok());
            }
        }
    }
}

fn count(group: &Group) -> usize {
    group.parts.iter().map(size).sum()
}
fn size(part: &Part) -> usize {
    match part {
        Part::Row(_) => 1,
        Part::Group(group) => count(group),
    }
}
