//! Segments in segments.

use crate::scope::World;
use discreet_domain::Label;
use discreet_segment::checked::Node;
use discreet_segment::{CheckErrorKind, limits, parse};

fn error(world: &World, text: &str) -> (CheckErrorKind, String) {
    let errors = parse(text).unwrap().check(world).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    (errors[0].kind, errors[0].message.clone())
}

#[test]
fn labels_and_trees_are_inherited() {
    let mut world = World::new();
    world.save("Inner", "has condition icd10:B20");
    world.save("Outer", "age > 50 and not in segment Inner");
    let checked = parse("in segment Outer").unwrap().check(&world).unwrap();
    assert_eq!(checked.label(), Label::L3);
    let Node::Segment(outer) = checked.root() else { panic!() };
    assert_eq!((outer.name.as_str(), outer.version), ("Outer", 1));
    let Node::All(parts) = outer.root.as_ref() else { panic!() };
    assert!(matches!(&parts[1], Node::Not(inner) if matches!(inner.as_ref(), Node::Segment(_))));
}

#[test]
fn cycles_are_refused_with_their_path() {
    let mut world = World::new();
    world.save("A", "age > 5 and in segment B");
    world.save("B", "in segment C or sex = male");
    world.save("C", "not in segment A");
    world.save("Self", "in segment Self");
    let cycle = |text: &str| error(&world, text);
    assert_eq!(
        cycle("in segment A"),
        (CheckErrorKind::Cycle, "a segment cannot contain itself: `A` → `B` → `C` → `A`".to_owned())
    );
    assert_eq!(
        cycle("in segment Self"),
        (CheckErrorKind::Cycle, "a segment cannot contain itself: `Self` → `Self`".to_owned())
    );
}

/// A new version of B that names A, which names B: the saved B does not contain itself, the new one would.
#[test]
fn the_segment_being_edited_counts_as_open() {
    let mut world = World::new();
    let b = world.save("B", "age > 5");
    world.save("A", "in segment B");
    assert!(parse("in segment A").unwrap().check(&world).is_ok());
    world.editing = Some(b);
    assert_eq!(
        error(&world, "in segment A"),
        (CheckErrorKind::Cycle, "a segment cannot contain itself: `this segment` → `A` → `B`".to_owned())
    );
}

#[test]
fn broken_segments_are_named() {
    let mut world = World::new();
    world.save("Old", "shoe_size > 40");
    world.save("Older", "in segment Old");
    assert_eq!(
        error(&world, "age > 5 and in segment Older"),
        (
            CheckErrorKind::BrokenSegment,
            "the segment `Older` is broken itself: the segment `Old` is broken itself: unknown attribute `shoe_size`"
                .to_owned()
        )
    );
}

#[test]
fn nesting_is_bounded() {
    let mut world = World::new();
    world.save("S0", "age > 5");
    for at in 1..=limits::NESTED_SEGMENTS {
        world.save(&format!("S{at}"), &format!("in segment S{} and sex = male", at - 1));
    }
    let top = |at: usize| format!("in segment S{at}");
    assert!(parse(&top(limits::NESTED_SEGMENTS - 1)).unwrap().check(&world).is_ok());
    assert_eq!(error(&world, &top(limits::NESTED_SEGMENTS)).0, CheckErrorKind::TooLarge);
    // The same when the lower part was seen before.
    let both = format!("in segment S3 or {}", top(limits::NESTED_SEGMENTS));
    assert_eq!(error(&world, &both).0, CheckErrorKind::TooLarge);
    // The text itself does not count, edited or new.
    world.editing = Some(discreet_domain::SegmentId::random());
    assert!(parse(&top(limits::NESTED_SEGMENTS - 1)).unwrap().check(&world).is_ok());
}

/// Each names the one before twice: fifteen levels would be 2¹⁵ copies.
#[test]
fn size_counts_nested_segments_wherever_they_are_named() {
    let mut world = World::new();
    world.save("D0", "age > 5");
    for at in 1..16 {
        world.save(&format!("D{at}"), &format!("in segment D{0} and not in segment D{0}", at - 1));
    }
    assert!(parse("in segment D8").unwrap().check(&world).is_ok());
    let (kind, message) = error(&world, "in segment D15");
    assert_eq!(kind, CheckErrorKind::TooLarge, "{message}");
}
