//! Conditions on attributes, codes and consents.

use super::Checker;
use super::value::{Subject, five_digits, number};
use crate::ast::{Leaf as Written, Stance, Tense, Test, Word};
use crate::checked::{
    AgeTest, BirthdayWindow, BucketLeaf, CodeLeaf, ConsentLeaf, Leaf, Node, Pin, ValueTest,
};
use crate::error::CheckErrorKind;
use crate::limits;
use crate::parse::cut;
use crate::pattern::Pattern;
use crate::scope::{Scope, ZipLookup};
use crate::span::Spanned;
use crate::suggest::closest;
use crate::window::{Unit, Window};
use discreet_domain::catalog::{AGE, Attribute, BIRTH_DATE, Kind};
use discreet_domain::{Basis, Catalog, Channel, CodeKind, Topic};
use std::sync::Arc;

impl<S: Scope + ?Sized> Checker<'_, S> {
    pub(super) fn leaf(&mut self, leaf: &Written) -> Option<Node> {
        let leaf = match leaf {
            Written::Attribute { name, test } => self.attribute_test(name, test)?,
            Written::Missing { name } => self.missing(name)?,
            Written::Near { name, miles, zip } => self.near(name, miles, zip)?,
            Written::Birthday { window } => self.birthday(window)?,
            Written::Code { tense, kind, codes, onset } => self.code(*tense, *kind, codes, onset.as_ref())?,
            Written::Events { count, of, window } => {
                Leaf::Events(self.events(*count, of, window.as_ref())?)
            }
            Written::Sequence { first, window, then, within } => {
                self.sequence((first, window.as_ref()), (then, *within))?
            }
            Written::Edge { which, of, test } => self.edge(*which, of, test)?,
            Written::Consent { state, topic, channel } => self.consent(*state, topic, *channel)?,
            Written::Segment { name } => return self.nested(name),
            Written::Bucket { from, to, of, salt } => {
                Leaf::Bucket(BucketLeaf { from: *from, to: *to, of: *of, salt: salt.node.clone() })
            }
        };
        Some(Node::Leaf(leaf))
    }

    /// An attribute of the catalog.
    fn attribute(&mut self, name: &Word) -> Option<Attribute> {
        let catalog = self.scope.catalog();
        if let Some(attribute) = catalog.attribute(&name.node) {
            let attribute = attribute.clone();
            self.mention(&attribute);
            return Some(attribute);
        }
        let is_event = catalog.event(&name.node).is_some();
        let meant = closest(&name.node, catalog.attributes.iter().map(|a| a.name.as_str()));
        let shown = cut(&name.node);
        let fault = self
            .error(CheckErrorKind::UnknownAttribute, name.span, format!("unknown attribute `{shown}`"))
            .suggesting(meant);
        if is_event {
            let help = format!("`{shown}` is a kind of event: write `any {shown} …` or `no {shown} …`");
            return fault.helping(help).none();
        }
        fault.none()
    }

    fn mention(&mut self, attribute: &Attribute) {
        self.rests_on(attribute.label, attribute.basis);
        self.pin(Pin::Attribute { name: attribute.name.clone(), label: attribute.label });
    }

    /// What age and birthdays derive from, if the catalog has it.
    fn mention_birth_date(&mut self) {
        if let Some(attribute) = self.scope.catalog().attribute(BIRTH_DATE) {
            self.mention(&attribute.clone());
        }
    }

    fn attribute_test(&mut self, name: &Word, test: &Test) -> Option<Leaf> {
        let attribute = self.attribute(name)?;
        let subject = Subject {
            name: &attribute.name,
            kind: attribute.kind,
            values: &attribute.values,
            span: name.span,
        };
        let resolved = self.value_test(&subject, test)?;
        if attribute.name != AGE {
            return Some(Leaf::Attribute { name: attribute.name, test: resolved });
        }
        self.mention_birth_date();
        match resolved {
            ValueTest::Number(test) => Some(Leaf::Age(AgeTest(test))),
            _ => self
                .error(CheckErrorKind::WrongTest, name.span, "`age` must be a number in the catalog")
                .none(),
        }
    }

    fn missing(&mut self, name: &Word) -> Option<Leaf> {
        let attribute = self.attribute(name)?;
        if attribute.name == AGE {
            self.mention_birth_date();
            return Some(Leaf::Missing { name: BIRTH_DATE.to_owned(), kind: Kind::Date });
        }
        Some(Leaf::Missing { name: attribute.name, kind: attribute.kind })
    }

    fn near(&mut self, name: &Word, miles: &Word, zip: &Word) -> Option<Leaf> {
        let attribute = self.attribute(name)?;
        if attribute.kind != Kind::Zip {
            let message = format!("`{}` is no ZIP code: only a ZIP code can be near another", attribute.name);
            return self
                .error(CheckErrorKind::WrongTest, name.span, message)
                .expecting(&["an attribute that is a ZIP code, such as `zip`"])
                .none();
        }
        let distance = number(&miles.node).map(|n| n.get()).filter(|n| *n > 0.0 && *n <= limits::MILES);
        let Some(distance) = distance else {
            let message = format!("`{}` is not a distance", cut(&miles.node));
            let expected = format!("a number of miles above 0, up to {}", limits::MILES);
            return self
                .error(CheckErrorKind::WrongValue, miles.span, message)
                .expecting(&[&expected])
                .none();
        };
        if !five_digits(&zip.node) {
            let message = format!("`{}` is not a ZIP code", cut(&zip.node));
            return self
                .error(CheckErrorKind::WrongValue, zip.span, message)
                .expecting(&["five digits"])
                .none();
        }
        match self.scope.zip_area(&zip.node, distance) {
            ZipLookup::Area { area, hash } => {
                self.pin(Pin::ZipTable { hash });
                Some(Leaf::Attribute { name: attribute.name, test: ValueTest::Near(Arc::clone(&area)) })
            }
            ZipLookup::Unknown { meant } => {
                let message = format!("the place of ZIP code `{}` is not known", zip.node);
                self.error(CheckErrorKind::UnknownZip, zip.span, message)
                    .suggesting(meant)
                    .helping("another ZIP code nearby, or `zip starts with 941`, can be asked")
                    .none()
            }
            ZipLookup::NoTable => {
                let message =
                    "distance between ZIP codes is not supported here: there is no table of their places";
                self.error(CheckErrorKind::NotSupported, self.here, message)
                    .helping("a list of ZIP codes, or `zip starts with 941`, can be asked")
                    .none()
            }
        }
    }

    fn birthday(&mut self, window: &Spanned<Window>) -> Option<Leaf> {
        self.attribute(&Spanned::new(BIRTH_DATE.to_owned(), self.here))?;
        match window.node {
            Window::InLast(length) | Window::InNext(length) if length.unit == Unit::Hours => {
                let message = "birthdays are counted in days or longer, not hours";
                self.error(CheckErrorKind::WrongTest, window.span, message)
                    .expecting(&["`days`", "`weeks`", "`months`", "`years`"])
                    .none()
            }
            Window::InLast(length) => Some(Leaf::Birthday(BirthdayWindow::Last(length))),
            Window::InNext(length) => Some(Leaf::Birthday(BirthdayWindow::Next(length))),
            _ => self
                .error(CheckErrorKind::WrongTest, window.span, "a birthday comes every year")
                .expecting(&["`in next …`", "`in last …`"])
                .helping("to ask for the date of birth itself, use `birth_date`")
                .none(),
        }
    }

    fn code(
        &mut self,
        tense: Tense,
        kind: CodeKind,
        patterns: &[Spanned<Pattern>],
        onset: Option<&Spanned<Window>>,
    ) -> Option<Leaf> {
        self.found.bases.insert(Catalog::basis_of(kind));
        let codes = self.code_set(patterns);
        let onset = self.optional_window(onset);
        Some(Leaf::Code(CodeLeaf { active: tense == Tense::Has, kind, codes: codes?, onset: onset? }))
    }

    fn consent(&mut self, state: Stance, topic: &Topic, channel: Channel) -> Option<Leaf> {
        let Some(label) = self.scope.topic(topic) else {
            let names = self.scope.topic_names();
            let meant = closest(topic.as_str(), names.iter().map(String::as_str));
            let message = format!("there is no topic `{topic}`");
            return self.error(CheckErrorKind::UnknownTopic, self.here, message).suggesting(meant).none();
        };
        self.rests_on(label, Basis::Consent);
        self.pin(Pin::Topic { name: topic.as_str().to_owned(), label });
        Some(Leaf::Consent(ConsentLeaf { state, topic: topic.clone(), channel }))
    }
}
