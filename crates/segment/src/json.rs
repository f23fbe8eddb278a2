//! The tree as JSON: one key a node, which names it.

use crate::ast::{Expr, Leaf};
use crate::error::SyntaxError;
use crate::limits;
use crate::span::{Span, Spanned};
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

pub(crate) fn write(expr: &Expr) -> String {
    // A tree of strings and numbers without maps of other keys: there is nothing in it that could fail.
    serde_json::to_string(expr).unwrap_or_default()
}

/// Reads a tree in any form; the caller makes it canonical. serde_json stops at a depth of 128 by itself.
pub(crate) fn read(json: &str) -> Result<Expr, SyntaxError> {
    if json.len() > limits::JSON_BYTES {
        let end = json.floor_char_boundary(limits::JSON_BYTES);
        let message = format!("the JSON of a segment is at most {} bytes long", limits::JSON_BYTES);
        return Err(SyntaxError::new(Span::new(end, json.len()), message));
    }
    serde_json::from_str(json).map_err(|error| {
        let at = offset(json, error.line(), error.column());
        // serde_json ends its messages with the place; the span says it already.
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        SyntaxError::new(Span::new(at, at), message)
    })
}

/// An error in the canonical text of what was read from JSON: its place there says nothing to whoever wrote the JSON.
pub(crate) fn at_start(json: &str, error: SyntaxError) -> SyntaxError {
    SyntaxError { span: Span::new(0, json.floor_char_boundary(1)), ..error }
}

fn offset(json: &str, line: usize, column: usize) -> usize {
    let start: usize = json.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    json.floor_char_boundary((start + column.saturating_sub(1)).min(json.len()))
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = match self {
            Expr::Leaf(leaf) => return leaf.serialize(serializer),
            _ => serializer.serialize_map(Some(1))?,
        };
        match self {
            Expr::All(parts) => map.serialize_entry("all", parts)?,
            Expr::Any(parts) => map.serialize_entry("any", parts)?,
            Expr::Not(part) => map.serialize_entry("not", part)?,
            Expr::Leaf(_) => {}
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ExprVisitor)
    }
}

struct ExprVisitor;

impl<'de> Visitor<'de> for ExprVisitor {
    type Value = Expr;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with one key: `all`, `any`, `not`, or a kind of condition")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Expr, A::Error> {
        let Some(key) = map.next_key::<String>()? else {
            return Err(A::Error::invalid_value(Unexpected::Map, &self));
        };
        let expr = match key.as_str() {
            "all" => Expr::All(map.next_value()?),
            "any" => Expr::Any(map.next_value()?),
            "not" => Expr::Not(map.next_value()?),
            _ => {
                let leaf = Leaf::deserialize(Keyed { key: &key, map: &mut map })?;
                Expr::Leaf(Box::new(Spanned::from(leaf)))
            }
        };
        match map.next_key::<String>()? {
            None => Ok(expr),
            Some(_) => Err(A::Error::invalid_value(Unexpected::Other("a second key"), &self)),
        }
    }
}

/// A condition whose key was read already: an enum to serde, whose variant is that key and whose content is still in the
/// map.
struct Keyed<'k, A> {
    key: &'k str,
    map: &'k mut A,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Keyed<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Keyed<'_, A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), A::Error> {
        let key: StrDeserializer<'_, A::Error> = self.key.into_deserializer();
        seed.deserialize(key).map(|variant| (variant, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Keyed<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.map.next_value()
    }
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(MapSeed(visitor))
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(MapSeed(visitor))
    }
}

struct MapSeed<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for MapSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_map(self.0)
    }
}
