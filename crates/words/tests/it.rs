//! Every language has the same messages, with the same arguments.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use discreet_words::Language;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

type Messages = BTreeMap<String, BTreeSet<String>>;

fn messages(language: Language) -> Messages {
    let resource = fluent_syntax::parser::parse(language.source()).unwrap();
    let mut found = Messages::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let mut arguments = BTreeSet::new();
                read(message.value.as_ref().unwrap(), &mut arguments);
                let before = found.insert(message.id.name.to_owned(), arguments);
                assert!(before.is_none(), "{language:?}: {} twice", message.id.name);
                assert!(message.attributes.is_empty(), "{language:?}: {} has attributes", message.id.name);
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            other => panic!("{language:?}: {other:?}"),
        }
    }
    found
}

fn read(pattern: &Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => argument(inline, into),
            Expression::Select { selector, variants } => {
                argument(selector, into);
                for variant in variants {
                    read(&variant.value, into);
                }
            }
        }
    }
}

fn argument(inline: &InlineExpression<&str>, into: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(into.insert(id.name.to_owned())),
        InlineExpression::StringLiteral { .. } => {}
        other => panic!("{other:?}: only arguments and strings, so that a translator need know no more"),
    }
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let (english, spanish) = (messages(Language::English), messages(Language::Spanish));
    assert!(english.len() > 100);
    for name in english.keys().chain(spanish.keys()) {
        assert_eq!(english.get(name), spanish.get(name), "{name}");
    }
}

#[test]
fn no_text_is_left_empty_or_untranslated() {
    for (name, _) in messages(Language::English) {
        let [en, es] = Language::ALL.map(|language| language.words().say(&name));
        assert!(!en.trim().is_empty() && !es.trim().is_empty(), "{name}");
        // Names of languages, and what is made of values alone, are the same everywhere.
        let same = ["language-english", "language-spanish", "topic-line"];
        assert!(en != es || same.contains(&name.as_str()), "{name}: {en}");
    }
}
