//! Conditions on events and their fields.

use super::Checker;
use super::value::Subject;
use crate::ast::{Count, Edge, EdgeTest, Events, Filter, Word};
use crate::checked::{
    EdgeLeaf, EdgeQuestion, EventCount, EventFilter, EventLeaf, FieldTest, Leaf, Pin, SequenceLeaf,
    SomeEvents,
};
use crate::error::CheckErrorKind;
use crate::parse::cut;
use crate::scope::Scope;
use crate::span::Spanned;
use crate::suggest::closest;
use crate::window::{Length, Window};
use discreet_domain::catalog::{EventKind, Field};

/// Kinds of events that may have happened without being recorded: mail programs load images or do not, so an email that
/// was not seen to be opened may have been. Their presence can be asked for, their absence proves nothing.
pub const OPEN_WORLD_EVENTS: [&str; 1] = ["email_open"];

impl<S: Scope + ?Sized> Checker<'_, S> {
    pub(super) fn events(
        &mut self,
        count: Count,
        of: &Events,
        window: Option<&Spanned<Window>>,
    ) -> Option<EventLeaf> {
        let kind = self.event_kind(&of.kind)?;
        let open_world = OPEN_WORLD_EVENTS.contains(&kind.name.as_str());
        if open_world && matches!(count, Count::No | Count::AtMost(_) | Count::Exactly(_)) {
            let asked = format!("{count} {}", kind.name);
            self.no_proof(&of.kind, &asked)?;
        }
        let filter = self.optional_filter(&kind, of.filter.as_ref());
        let window = self.optional_window(window);
        let count = match count {
            Count::Any => EventCount::AtLeast(1),
            Count::No => EventCount::AtMost(0),
            Count::AtLeast(n) => EventCount::AtLeast(n),
            Count::AtMost(n) => EventCount::AtMost(n),
            Count::Exactly(n) => EventCount::Exactly(n),
        };
        Some(EventLeaf { count, kind: kind.name, filter: filter?, window: window?, open_world })
    }

    pub(super) fn edge(&mut self, which: Edge, of: &Events, test: &EdgeTest) -> Option<Leaf> {
        let kind = self.event_kind(&of.kind)?;
        if OPEN_WORLD_EVENTS.contains(&kind.name.as_str()) {
            let word = if which == Edge::Latest { "latest" } else { "first" };
            self.no_proof(&of.kind, &format!("{word} {}", kind.name))?;
        }
        let filter = self.optional_filter(&kind, of.filter.as_ref());
        let question = match test {
            EdgeTest::Fields(filter) => self.filter(&kind, filter).map(EdgeQuestion::Fields),
            EdgeTest::Time(window) => self.window(window).map(EdgeQuestion::Time),
        };
        Some(Leaf::Edge(EdgeLeaf { which, filter: filter?, question: question?, kind: kind.name }))
    }

    pub(super) fn sequence(
        &mut self,
        (first, window): (&Events, Option<&Spanned<Window>>),
        (then, within): (&Events, Length),
    ) -> Option<Leaf> {
        let first = self.some_events(first);
        let window = self.optional_window(window);
        let then = self.some_events(then);
        let (first, then) = (first?, then?);
        let open_world =
            [&first, &then].iter().any(|events| OPEN_WORLD_EVENTS.contains(&events.kind.as_str()));
        Some(Leaf::Sequence(SequenceLeaf { first, window: window?, then, within, open_world }))
    }

    fn some_events(&mut self, of: &Events) -> Option<SomeEvents> {
        let kind = self.event_kind(&of.kind)?;
        let filter = self.optional_filter(&kind, of.filter.as_ref())?;
        Some(SomeEvents { kind: kind.name, filter })
    }

    fn no_proof(&mut self, name: &Word, asked: &str) -> Option<()> {
        let kind = &name.node;
        let message = format!(
            "`{asked}` cannot be asked: that no `{kind}` was recorded is no proof that there was none"
        );
        self.error(CheckErrorKind::NoProof, name.span, message)
            .helping(format!("`any {kind}` and `at least n {kind}` can be asked"))
            .none()
    }

    fn event_kind(&mut self, name: &Word) -> Option<EventKind> {
        let catalog = self.scope.catalog();
        if let Some(kind) = catalog.event(&name.node) {
            let kind = kind.clone();
            self.rests_on(kind.label, kind.basis);
            self.pin(Pin::Event { name: kind.name.clone(), label: kind.label });
            return Some(kind);
        }
        let is_attribute = catalog.attribute(&name.node).is_some();
        let meant = closest(&name.node, catalog.events.iter().map(|e| e.name.as_str()));
        let shown = cut(&name.node);
        let message = format!("unknown kind of event `{shown}`");
        let fault = self.error(CheckErrorKind::UnknownEvent, name.span, message).suggesting(meant);
        if is_attribute {
            return fault
                .helping(format!("`{shown}` is an attribute: test it by itself, as in `{shown} = …`"))
                .none();
        }
        fault.none()
    }

    fn optional_filter(&mut self, kind: &EventKind, filter: Option<&Filter>) -> Option<Option<EventFilter>> {
        match filter {
            Some(filter) => self.filter(kind, filter).map(Some),
            None => Some(None),
        }
    }

    fn filter(&mut self, kind: &EventKind, filter: &Filter) -> Option<EventFilter> {
        self.nodes += 1;
        match filter {
            Filter::All(parts) => self.filters(kind, parts).map(EventFilter::All),
            Filter::Any(parts) => self.filters(kind, parts).map(EventFilter::Any),
            Filter::Not(part) => self.filter(kind, part).map(|part| EventFilter::Not(Box::new(part))),
            Filter::Missing { name } => {
                let Field { name, kind, .. } = self.field(kind, name)?;
                Some(EventFilter::Missing { name, kind })
            }
            Filter::Field { name, test } => {
                let field = self.field(kind, name)?;
                let subject =
                    Subject { name: &field.name, kind: field.kind, values: &field.values, span: name.span };
                let test = self.value_test(&subject, test)?;
                Some(EventFilter::Field(FieldTest { name: field.name, test }))
            }
        }
    }

    fn filters(&mut self, kind: &EventKind, parts: &[Filter]) -> Option<Vec<EventFilter>> {
        let filters: Vec<Option<EventFilter>> = parts.iter().map(|part| self.filter(kind, part)).collect();
        filters.into_iter().collect()
    }

    fn field(&mut self, kind: &EventKind, name: &Word) -> Option<Field> {
        if let Some(field) = kind.field(&name.node) {
            return Some(field.clone());
        }
        let is_attribute = self.scope.catalog().attribute(&name.node).is_some();
        let names: Vec<&str> = kind.fields.iter().map(|f| f.name.as_str()).collect();
        let (shown, event) = (cut(&name.node), &kind.name);
        let message = format!("`{event}` has no field `{shown}`");
        let meant = closest(&name.node, names.iter().copied());
        let expected: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let fault = self
            .error(CheckErrorKind::UnknownField, name.span, message)
            .expecting(&expected)
            .suggesting(meant);
        if is_attribute {
            let help = format!(
                "`{shown}` is an attribute: put the events in parentheses before it, `(… {event} where …) and {shown} …`"
            );
            return fault.helping(help).none();
        }
        fault.none()
    }
}
