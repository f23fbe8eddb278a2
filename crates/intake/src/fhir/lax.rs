//! Tolerant reading of JSON members: one of the wrong type is [`Lax::Bad`] and does not spoil its row. Only a member
//! that is needed and bad rejects the row, with its name.
//!
//! Everything is read in one pass and texts are borrowed from the line; members nobody asks for are passed over.

use crate::limits::MOST_ELEMENTS;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A member of an object.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum Lax<T> {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// There, but of another type.
    Bad,
    /// There.
    Good(T),
}

impl<T> Lax<T> {
    pub fn good(&self) -> Option<&T> {
        match self {
            Lax::Good(value) => Some(value),
            _ => None,
        }
    }
    pub fn is_bad(&self) -> bool {
        matches!(self, Lax::Bad)
    }
    pub fn is_absent(&self) -> bool {
        matches!(self, Lax::Absent)
    }
}

/// What a member can hold: says which JSON types it takes. What it does not take is `None`.
pub(crate) trait Element<'de>: Sized {
    fn text(_: Cow<'de, str>) -> Option<Self> {
        None
    }
    fn number(_: f64) -> Option<Self> {
        None
    }
    fn flag(_: bool) -> Option<Self> {
        None
    }
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'de, T: Element<'de>> Deserialize<'de> for Lax<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(LaxVisitor(PhantomData))
    }
}

struct LaxVisitor<T>(PhantomData<T>);

fn taken<T>(value: Option<T>) -> Lax<T> {
    value.map_or(Lax::Bad, Lax::Good)
}

impl<'de, T: Element<'de>> Visitor<'de> for LaxVisitor<T> {
    type Value = Lax<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Lax<T>, E> {
        Ok(taken(T::text(Cow::Borrowed(text))))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Lax<T>, E> {
        Ok(taken(T::text(Cow::Owned(text.to_owned()))))
    }
    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Lax<T>, E> {
        Ok(taken(T::flag(flag)))
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Lax<T>, E> {
        Ok(taken(T::number(number as f64)))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Lax<T>, E> {
        Ok(taken(T::number(number as f64)))
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Lax<T>, E> {
        Ok(taken(T::number(number)))
    }
    fn visit_unit<E: de::Error>(self) -> Result<Lax<T>, E> {
        Ok(Lax::Absent)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Lax<T>, A::Error> {
        T::list(list).map(taken)
    }
    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Lax<T>, A::Error> {
        T::object(object).map(taken)
    }
}

/// A string.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Element<'de> for Text<'a> {
    fn text(text: Cow<'de, str>) -> Option<Self> {
        Some(Text(text))
    }
}

impl Lax<Text<'_>> {
    /// The text; empty if there is none.
    pub fn text(&self) -> &str {
        self.good().map_or("", |t| &t.0)
    }
}

/// A finite number; a string that is one counts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Number(pub f64);

impl<'de> Element<'de> for Number {
    fn number(number: f64) -> Option<Self> {
        number.is_finite().then_some(Number(number))
    }
    fn text(text: Cow<'de, str>) -> Option<Self> {
        text.trim().parse().ok().and_then(Number::number)
    }
}

/// `true` or `false`; the words in a string count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Flag(pub bool);

impl<'de> Element<'de> for Flag {
    fn flag(flag: bool) -> Option<Self> {
        Some(Flag(flag))
    }
    fn text(text: Cow<'de, str>) -> Option<Self> {
        text.trim().to_ascii_lowercase().parse().ok().map(Flag)
    }
}

/// Anything but `null`, `[]` and `{}`: that something is said, not what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Present;

impl<'de> Element<'de> for Present {
    fn text(_: Cow<'de, str>) -> Option<Self> {
        Some(Present)
    }
    fn number(_: f64) -> Option<Self> {
        Some(Present)
    }
    fn flag(_: bool) -> Option<Self> {
        Some(Present)
    }
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut any = None;
        while list.next_element::<IgnoredAny>()?.is_some() {
            any = Some(Present);
        }
        Ok(any)
    }
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let mut any = None;
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            any = Some(Present);
        }
        Ok(any)
    }
}

/// A list; a lone element counts as a list of it. Longer than the limit it is bad: a line of a few megabytes must not
/// become gigabytes of elements.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Many<T>(pub Vec<Lax<T>>);

impl<'de, T: Element<'de>> Element<'de> for Many<T> {
    fn text(text: Cow<'de, str>) -> Option<Self> {
        T::text(text).map(|element| Many(vec![Lax::Good(element)]))
    }
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut elements = Vec::new();
        while elements.len() < MOST_ELEMENTS {
            match list.next_element()? {
                Some(element) => elements.push(element),
                None => return Ok(Some(Many(elements))),
            }
        }
        let mut more = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            more = true;
        }
        Ok((!more).then_some(Many(elements)))
    }
    fn object<A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        Ok(T::object(object)?.map(|element| Many(vec![Lax::Good(element)])))
    }
}

impl<T> Lax<Many<T>> {
    /// The elements that could be read.
    pub fn each(&self) -> impl Iterator<Item = &T> {
        self.good().into_iter().flat_map(|many| many.0.iter().filter_map(Lax::good))
    }
    pub fn first(&self) -> Option<&T> {
        self.each().next()
    }
    /// Whether the list, or an element of it, could not be read.
    pub fn any_bad(&self) -> bool {
        self.is_bad() || self.good().is_some_and(|many| many.0.iter().any(Lax::is_bad))
    }
}

/// Makes structs elements: they are read from objects, each member by its own rule.
macro_rules! objects {
    ($($name:ident),* $(,)?) => { $(
        impl<'de: 'a, 'a> crate::fhir::lax::Element<'de> for $name<'a> {
            fn object<A: serde::de::MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
                let object = serde::de::value::MapAccessDeserializer::new(object);
                <Self as serde::Deserialize<'de>>::deserialize(object).map(Some)
            }
        }
    )* };
}
pub(crate) use objects;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Thing<'a> {
        #[serde(borrow)]
        name: Lax<Text<'a>>,
        size: Lax<Number>,
        on: Lax<Flag>,
        #[serde(borrow)]
        parts: Lax<Many<Thing<'a>>>,
        mark: Lax<Present>,
    }
    objects!(Thing);

    fn thing(json: &str) -> Thing<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn wrong_types_spoil_one_member_only() {
        let t = thing(
            r#"{"name": 7, "size": "7.5", "on": "TRUE", "parts": [1, {"name": "a"}, null], "x": [[{}]]}"#,
        );
        assert!(t.name.is_bad());
        assert_eq!(t.size, Lax::Good(Number(7.5)));
        assert_eq!(t.on, Lax::Good(Flag(true)));
        assert!(t.parts.any_bad());
        assert_eq!(t.parts.each().map(|p| p.name.text()).collect::<Vec<_>>(), ["a"]);
        assert!(t.mark.is_absent());
        let t = thing(r#"{"name": {"a": [1]}, "size": "NaN", "parts": {"name": "lone"}, "mark": []}"#);
        assert!(t.name.is_bad() && t.size.is_bad() && t.mark.is_bad());
        assert_eq!(t.parts.first().unwrap().name.text(), "lone");
        assert!(thing(r#"{"name": null}"#).name.is_absent());
    }

    #[test]
    fn a_long_list_is_bad_and_deep_ones_do_not_overflow() {
        let long = format!(r#"{{"parts": [{}{{}}]}}"#, "{},".repeat(MOST_ELEMENTS));
        assert!(thing(&long).parts.is_bad());
        let full = format!(r#"{{"parts": [{}{{}}]}}"#, "{},".repeat(MOST_ELEMENTS - 1));
        assert_eq!(thing(&full).parts.each().count(), MOST_ELEMENTS);
        let deep = |n: usize| format!("{}1{}", r#"{"parts":["#.repeat(n), "]}".repeat(n));
        assert!(serde_json::from_str::<Thing<'_>>(&deep(10)).is_ok());
        assert!(serde_json::from_str::<Thing<'_>>(&deep(100_000)).is_err());
        let ignored = format!(r#"{{"x": {}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        thing(&ignored);
    }
}
