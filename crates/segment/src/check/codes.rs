//! Code patterns: value sets expanded, labels raised.

use super::Checker;
use crate::checked::{CodeSet, Pin};
use crate::error::CheckErrorKind;
use crate::limits;
use crate::parse::cut;
use crate::pattern::{CodePattern, Pattern};
use crate::scope::Scope;
use crate::span::Spanned;
use crate::suggest::closest;

impl<S: Scope + ?Sized> Checker<'_, S> {
    /// All patterns as one set of codes.
    pub(super) fn code_set(&mut self, patterns: &[Spanned<Pattern>]) -> Option<CodeSet> {
        let mut codes: Vec<CodePattern> = Vec::new();
        let mut whole = true;
        for pattern in patterns {
            match &pattern.node {
                Pattern::Code(code) => {
                    self.raise(code.label());
                    codes.push(code.clone());
                }
                Pattern::Set(name) => {
                    whole &= self.value_set(name, pattern, &mut codes).is_some();
                }
            }
            if codes.len() > limits::CODES {
                let message = format!("a condition looks for at most {} codes", limits::CODES);
                return self.error(CheckErrorKind::TooLarge, pattern.span, message).none();
            }
        }
        whole.then(|| CodeSet::new(codes))
    }

    fn value_set(&mut self, name: &str, at: &Spanned<Pattern>, into: &mut Vec<CodePattern>) -> Option<()> {
        let Some(set) = self.scope.value_set(name) else {
            let names = self.scope.value_set_names();
            let meant =
                closest(name, names.iter().map(String::as_str)).map(|name| Pattern::Set(name).to_string());
            let message = format!("there is no value set `{}`", cut(name));
            return self.error(CheckErrorKind::UnknownValueSet, at.span, message).suggesting(meant).none();
        };
        if set.codes.is_empty() {
            self.hint(at.span, format!("the value set `{}` is empty", cut(name)), None);
        }
        let within = set.codes.iter().map(CodePattern::label).max().unwrap_or_default();
        self.raise(set.label.max(within));
        self.pin(Pin::ValueSet { name: name.to_owned(), hash: set.hash });
        into.extend(set.codes);
        Some(())
    }
}
