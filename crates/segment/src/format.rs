//! The tree as text, in the one canonical way. What is printed reads back as the same tree.
//!
//! `{}` prints one line; `{:#}` prints each part of the outermost connective on a line of its own.

use crate::ast::{
    Count, Edge, EdgeTest, Events, Expr, Filter, Leaf, Op, Quantity, Stance, Tense, Test, Word,
};
use crate::pattern::{CodePattern, Pattern};
use crate::span::Spanned;
use crate::words;
use discreet_domain::System;
use std::fmt::{self, Display, Formatter, Write};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let between = if f.alternate() { "\n" } else { " " };
        match self {
            Expr::All(parts) => join(f, parts, between, "and "),
            Expr::Any(parts) => join(f, parts, between, "or "),
            Expr::Not(part) => write!(f, "not {}", Part(part)),
            Expr::Leaf(leaf) => leaf.node.fmt(f),
        }
    }
}

/// An expression inside another one: in parentheses wherever its end could be mistaken.
struct Part<'e>(&'e Expr);

impl Display for Part<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::All(_) | Expr::Any(_) => write!(f, "({})", self.0),
            Expr::Leaf(leaf) if is_open(&leaf.node) => write!(f, "({})", leaf.node),
            Expr::Not(_) | Expr::Leaf(_) => write!(f, "{}", self.0),
        }
    }
}

/// Whether a following `and` would be read as part of its `where`.
fn is_open(leaf: &Leaf) -> bool {
    matches!(leaf, Leaf::Events { of: Events { filter: Some(_), .. }, window: None, .. })
}

fn join(f: &mut Formatter<'_>, parts: &[Expr], between: &str, word: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            write!(f, "{between}{word}")?;
        }
        write!(f, "{}", Part(part))?;
    }
    Ok(())
}

impl Display for Leaf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Leaf::Attribute { name, test } => write!(f, "{} {test}", name.node),
            Leaf::Missing { name } => write!(f, "missing {}", name.node),
            Leaf::Near { name, miles, zip } => {
                write!(f, "{} within {} miles of {}", name.node, Value(miles), Value(zip))
            }
            Leaf::Birthday { window } => write!(f, "birthday {}", window.node),
            Leaf::Code { tense, kind, codes, onset } => {
                let has = match tense {
                    Tense::Has => "has",
                    Tense::Had => "had",
                };
                write!(f, "{has} {} ", kind.name())?;
                match codes.as_slice() {
                    [code] => write!(f, "{}", code.node)?,
                    several => list(f, several.iter().map(|code| &code.node))?,
                }
                window(f, onset.as_ref().map(|w| &w.node))
            }
            Leaf::Events { count, of, window: times } => {
                write!(f, "{count} {of}")?;
                window(f, times.as_ref().map(|w| &w.node))
            }
            Leaf::Sequence { first, window: times, then, within } => {
                write!(f, "any {first}")?;
                window(f, times.as_ref().map(|w| &w.node))?;
                write!(f, " then {then} within {within}")
            }
            Leaf::Edge { which, of, test } => {
                let which = match which {
                    Edge::Latest => "latest",
                    Edge::First => "first",
                };
                write!(f, "{which} {of} {test}")
            }
            Leaf::Consent { state, topic, channel } => {
                let verb = match state {
                    Stance::Granted => "has",
                    Stance::Withdrawn => "withdrew",
                };
                write!(f, "{verb} consent {} by {}", Text(topic.as_str()), channel.name())
            }
            Leaf::Segment { name } => write!(f, "in segment {}", Quoted(&name.node)),
            Leaf::Bucket { from, to, of, salt } => {
                write!(f, "bucket {from}..{to} of {of} by {}", Quoted(&salt.node))
            }
        }
    }
}

fn window(f: &mut Formatter<'_>, window: Option<&crate::Window>) -> fmt::Result {
    window.map_or(Ok(()), |window| write!(f, " {window}"))
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Count::Any => f.write_str("any"),
            Count::No => f.write_str("no"),
            Count::AtLeast(n) => write!(f, "at least {n}"),
            Count::AtMost(n) => write!(f, "at most {n}"),
            Count::Exactly(n) => write!(f, "exactly {n}"),
        }
    }
}

impl Display for Events {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind.node)?;
        match &self.filter {
            Some(filter) => write!(f, " where {filter}"),
            None => Ok(()),
        }
    }
}

impl Display for EdgeTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            EdgeTest::Fields(filter) => FilterPart(filter).fmt(f),
            EdgeTest::Time(window) => window.node.fmt(f),
        }
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Filter::All(parts) => (parts, " and "),
            Filter::Any(parts) => (parts, " or "),
            Filter::Not(part) => return write!(f, "not {}", FilterPart(part)),
            Filter::Field { name, test } => return write!(f, "{} {test}", name.node),
            Filter::Missing { name } => return write!(f, "missing {}", name.node),
        };
        for (at, part) in parts.iter().enumerate() {
            let before = if at > 0 { word } else { "" };
            write!(f, "{before}{}", FilterPart(part))?;
        }
        Ok(())
    }
}

struct FilterPart<'e>(&'e Filter);

impl Display for FilterPart<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Filter::All(_) | Filter::Any(_) => write!(f, "({})", self.0),
            other => write!(f, "{other}"),
        }
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Test::Compare { op, value } => write!(f, "{op} {}", Value(value)),
            Test::OneOf(values) => {
                f.write_str("in ")?;
                list(f, values.iter().map(Value))
            }
            Test::Range { from, to } => {
                f.write_str("in ")?;
                from.as_ref().map_or(Ok(()), |from| Value(from).fmt(f))?;
                f.write_str("..")?;
                to.as_ref().map_or(Ok(()), |to| Value(to).fmt(f))
            }
            Test::Contains(value) => write!(f, "contains {}", Value(value)),
            Test::StartsWith(value) => write!(f, "starts with {}", Value(value)),
            Test::Has { quantity, values } => {
                let quantity = match quantity {
                    Quantity::Any => "any",
                    Quantity::All => "all",
                    Quantity::None => "none",
                };
                write!(f, "has {quantity} ")?;
                list(f, values.iter().map(Value))
            }
            Test::Window(window) => window.node.fmt(f),
            Test::IsCode(code) => write!(f, "= {}", code.node),
            Test::IsNotCode(code) => write!(f, "!= {}", code.node),
            Test::CodeIn(codes) => {
                f.write_str("in ")?;
                list(f, codes.iter().map(|code| &code.node))
            }
        }
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Op::Equal => "=",
            Op::NotEqual => "!=",
            Op::Less => "<",
            Op::AtMost => "<=",
            Op::Greater => ">",
            Op::AtLeast => ">=",
        })
    }
}

impl Display for Pattern {
    /// `icd10:E11*`, `"urn:x":123`, `@diabetes`
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Code(code) => code.fmt(f),
            Pattern::Set(name) => write!(f, "@{}", Text(name)),
        }
    }
}

impl Display for CodePattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.code.system {
            System::Other(uri) => Quoted(uri).fmt(f)?,
            known => f.write_str(known.name())?,
        }
        f.write_char(':')?;
        // The whole of a system is `icd10:*`.
        match self.code.value.as_str() {
            "" if self.subtree => {}
            value if words::is_bare(value) => f.write_str(value)?,
            value => Quoted(value).fmt(f)?,
        }
        if self.subtree { f.write_char('*') } else { Ok(()) }
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, items: impl Iterator<Item = T>) -> fmt::Result {
    f.write_char('(')?;
    for (at, item) in items.enumerate() {
        let before = if at > 0 { ", " } else { "" };
        write!(f, "{before}{item}")?;
    }
    f.write_char(')')
}

/// A value: bare where it can be.
struct Value<'w>(&'w Word);

impl Display for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Spanned { node, .. } = self.0;
        Text(node).fmt(f)
    }
}

/// Text that stands where a value may.
struct Text<'t>(&'t str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match words::is_bare(self.0) && words::may_be_value(self.0) {
            true => f.write_str(self.0),
            false => Quoted(self.0).fmt(f),
        }
    }
}

/// Text in quotes, as the lexer reads it back.
struct Quoted<'t>(&'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}
