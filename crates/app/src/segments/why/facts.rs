//! Facts that decided a row, in words, and how careful to be with each.

use super::{Teller, Told};
use crate::charts::{label_of_all, named};
use crate::segments::pattern;
use discreet_domain::catalog::Kind;
use discreet_domain::{Code, Label, When};
use discreet_engine::Fact;
use discreet_segment::Scope;
use discreet_segment::truth::Truth;

impl Teller<'_> {
    pub(super) fn told(&self, fact: &Fact) -> Told {
        match fact {
            Fact::Attribute { name, value } => self.attribute(name, value.as_deref()),
            Fact::Code { codes, onset, end, counts, .. } => {
                let since = onset.map(|when| format!(", since {}", self.date(when))).unwrap_or_default();
                let until = end.map(|when| format!(", until {}", self.date(when))).unwrap_or_default();
                let named = named(codes, self.scope.names());
                Told {
                    words: format!("{named}{since}{until}{}", counted(*counts)),
                    label: label_of_all(codes, Label::L2, false),
                }
            }
            Fact::Event { kind, at, fields, codes, counts } => {
                let told = self.event(kind, *at, fields, *counts);
                Told { label: label_of_all(codes, told.label, false), ..told }
            }
            Fact::Consent { granted } => {
                let words = match granted {
                    Some(true) => "opted in",
                    Some(false) => "opted out",
                    None => "never asked",
                };
                Told { words: words.to_owned(), label: Label::L1 }
            }
            Fact::Bucket { number, of } => {
                Told { words: format!("random part {number} of {of}"), label: Label::L0 }
            }
        }
    }
    fn date(&self, when: When) -> String {
        when.for_people(&self.zone)
    }
    fn attribute(&self, name: &str, value: Option<&str>) -> Told {
        let entry = self.scope.catalog().attribute(name);
        let title = entry.map_or_else(|| name.replace('_', " "), |attribute| attribute.title.clone());
        let kind = entry.map_or(Kind::Text, |attribute| attribute.kind);
        let at_least = entry.map_or(Label::L2, |attribute| attribute.label);
        match value {
            Some(value) => {
                let (value, label) = self.value(kind, value);
                Told { words: format!("{title}: {value}"), label: label.max(at_least) }
            }
            None => Told { words: format!("{title}: not known"), label: at_least },
        }
    }
    fn event(&self, kind: &str, at: When, fields: &[(String, String)], counts: Truth) -> Told {
        let entry = self.scope.catalog().event(kind);
        let title = entry.map_or_else(|| kind.replace('_', " "), |entry| entry.title.clone());
        let mut label = entry.map_or(Label::L2, |entry| entry.label);
        let mut words = format!("{title} on {}", self.date(at));
        for (name, value) in fields {
            let field = entry.and_then(|entry| entry.field(name));
            let (value, its) = self.value(field.map_or(Kind::Text, |field| field.kind), value);
            label = label.max(its);
            words.push_str(&format!(", {} {value}", name.replace('_', " ")));
        }
        words.push_str(counted(counts));
        Told { words, label }
    }
    /// A value as people say it. What should be a code and cannot be read as one is taken for sensitive.
    fn value(&self, kind: Kind, text: &str) -> (String, Label) {
        match kind {
            Kind::Date => {
                let when: Option<When> = text.parse().ok();
                (when.map_or_else(|| text.to_owned(), |when| self.date(when)), Label::L0)
            }
            Kind::Code => match pattern(text) {
                Ok(pattern) => {
                    let code: Code = pattern.code;
                    let label = label_of_all([&code], Label::L0, false);
                    (named(std::slice::from_ref(&code), self.scope.names()), label)
                }
                Err(_) => (text.to_owned(), Label::L3),
            },
            Kind::Text | Kind::Set => (text.replace('_', " "), Label::L0),
            Kind::Number | Kind::Bool | Kind::Zip => (text.to_owned(), Label::L0),
        }
    }
}

const fn counted(counts: Truth) -> &'static str {
    match counts {
        Some(true) => "",
        Some(false) => " (does not count)",
        None => " (may count)",
    }
}
