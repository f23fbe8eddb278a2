//! Conditions, but for those on events.

use super::cursor::{Parser, Read};
use super::lex::TokenKind;
use crate::ast::{Edge, Leaf, Stance, Tense};
use crate::error::SyntaxError;
use crate::limits;
use discreet_domain::{Channel, CodeKind, Topic};

const CONDITION: &str = "a condition, such as `age >= 50` or `has condition icd10:E11*`";
const CODE_KINDS: [&str; 7] =
    ["`condition`", "`medication`", "`procedure`", "`immunization`", "`allergy`", "`care_plan`", "`consent`"];

impl Parser<'_> {
    /// leaf = missing | near | attribute | code | consent | events | edge | birthday | nested | bucket
    pub(crate) fn leaf(&mut self) -> Read<Leaf> {
        match self.word() {
            Some("missing") => {
                self.advance();
                self.name("the name of an attribute").map(|name| Leaf::Missing { name })
            }
            Some("has") => {
                self.advance();
                if self.is_word("consent") { self.consent(Stance::Granted) } else { self.code(Tense::Has) }
            }
            Some("had") => {
                self.advance();
                self.code(Tense::Had)
            }
            Some("withdrew") => {
                self.advance();
                self.consent(Stance::Withdrawn)
            }
            Some("any" | "no" | "at" | "exactly") => self.events(),
            Some("latest") => self.edge(Edge::Latest),
            Some("first") => self.edge(Edge::First),
            Some("in") => self.nested(),
            Some("birthday") => {
                self.advance();
                self.window().map(|window| Leaf::Birthday { window })
            }
            Some("bucket") => self.bucket(),
            _ => self.attribute(),
        }
    }

    /// attribute = name test
    /// near = name "within" number "miles" "of" value
    fn attribute(&mut self) -> Read<Leaf> {
        if let TokenKind::Quoted(_) = self.kind() {
            return Err(self.unexpected(&[CONDITION]).helping("names stand without quotes"));
        }
        let name = self.name(CONDITION)?;
        if !self.eat_word("within") {
            let test = self.test(&name)?;
            return Ok(Leaf::Attribute { name, test });
        }
        let miles = self.value("a number of miles")?;
        if !self.eat_word("mile") {
            self.need_word("miles")?;
        }
        self.need_word("of")?;
        let zip = self.value("a ZIP code such as `94110`")?;
        Ok(Leaf::Near { name, miles, zip })
    }

    /// code = ("has" | "had") code_kind patterns [window]
    /// patterns = pattern | "(" pattern { "," pattern } ")"
    fn code(&mut self, tense: Tense) -> Read<Leaf> {
        let Some(kind) = self.word().and_then(CodeKind::parse) else {
            let kinds = if tense == Tense::Has { &CODE_KINDS } else { CODE_KINDS.split_at(6).0 };
            return Err(self.unexpected(kinds));
        };
        self.advance();
        let mut codes = Vec::new();
        if *self.kind() == TokenKind::Open {
            self.list(|parser| {
                codes.push(parser.pattern()?);
                Ok(())
            })?;
        } else {
            codes.push(self.pattern()?);
        }
        let onset = self.optional_window()?;
        Ok(Leaf::Code { tense, kind, codes, onset })
    }

    /// consent = ("has" | "withdrew") "consent" topic "by" channel
    fn consent(&mut self, state: Stance) -> Read<Leaf> {
        self.need_word("consent")?;
        let topic = self.value("a topic such as `marketing`")?;
        let topic = Topic::parse(&topic.node).map_err(|e| SyntaxError::new(topic.span, e.to_string()))?;
        self.need_word("by")?;
        let Some(channel) = self.word().and_then(Channel::parse) else {
            return Err(self.unexpected(&["`email`", "`sms`", "`phone`", "`post`", "`portal`"]));
        };
        self.advance();
        Ok(Leaf::Consent { state, topic, channel })
    }

    /// nested = "in" "segment" value
    fn nested(&mut self) -> Read<Leaf> {
        self.advance();
        self.need_word("segment")?;
        self.value("a segment's name in quotes").map(|name| Leaf::Segment { name })
    }

    /// bucket = "bucket" number ".." number "of" number "by" value
    fn bucket(&mut self) -> Read<Leaf> {
        let start = self.span();
        self.advance();
        let from = self.integer("the first bucket, as in `bucket 0..49 of 100`", 0, limits::BUCKETS)?;
        self.need(&TokenKind::Range, "`..`")?;
        let to = self.integer("the last bucket", 0, limits::BUCKETS)?;
        self.need_word("of")?;
        let of = self.integer("the number of buckets", 1, limits::BUCKETS)?;
        if from > to || to >= of {
            let message = format!("`{from}..{to}` is no part of {of} buckets");
            let expected = format!("two numbers from 0 to {}, the smaller first", of - 1);
            return Err(SyntaxError::new(self.since(start), message).expecting(&[&expected]));
        }
        self.need_word("by")?;
        let salt = self.value("a salt in quotes, which makes this split independent of others")?;
        Ok(Leaf::Bucket { from, to, of, salt })
    }
}
